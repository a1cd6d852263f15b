//! The RiverGen contract: JSON under `/api/v1/auth`, a Bearer JWT, `success`/`data`/`message` around every answer.
//!
//! | method, path | what | body (* = required) | success |
//! |---|---|---|---|
//! | `GET /me` | the account | | 200 user, emails, security figures |
//! | `PUT /me/profile` | change the profile | `display_name`, `profile_image_url`, `profile` | 200 the profile |
//! | `POST /me/email/request` | mail a code to another address | `new_email`* | 200 `message`, `new_email` |
//! | `POST /me/email/verify` | make it the primary one | `new_email`*, `otp_code`* | 200 `message`, `old_email`, `new_email` |
//! | `POST /signup` | a new account | `email`*, `password`*, `display_name`, `agree_to_terms` | 201 with a `temporary_token` |
//! | `POST /verify-otp` | prove its address by the code | `temporary_token`*, `otp_code`* | 200 token set |
//! | `POST /resend-signup-otp` | mail another code and link | `email`*, `temporary_token`* | 200 a new `temporary_token` |
//! | `POST /verify-email` | prove the address by the link | `token`* | 200 token set |
//! | `POST /login` | sign in | `email`*, `password`* | 200 token set |
//! | `POST /refresh` | new tokens | `refresh_token`* | 200 token set, without an envelope |
//! | `POST /logout` | end the own sign-in | | 204 |
//! | `POST /forgot-password` | mail a reset link | `email`* | 200 `message` |
//! | `POST /reset-password` | set a new password by it | `token`*, `new_password`* | 204 |
//! | `POST /change-password` | set a new password by the old one | `current_password`*, `new_password`* | 200 `message` |
//!
//! A failure is `{"success": false, "error": {"code", "message", "details"}, "message"}`. Who is calling is settled first (401
//! `UNAUTHORIZED`), then the content type and size of the body (415, 413), then its members: all that is wrong with them
//! is told at once, 422 `VALIDATION_ERROR` with `details.errors`, a list of `field` and `reason`. JSON that cannot be read is
//! told the same way, of the field `body`. Only a Bearer token says who is calling; a cookie is not looked at.
//!
//! Where the published pages leave a choice, or cannot be followed:
//!
//! - Members that are not in the table are ignored, those of the published pages among them that have no meaning here:
//!   `terms_version`, `idempotency_key`, `workspace_id`, `remember_me` (R63).
//! - In `PUT /me/profile` absent keeps; `null` clears `display_name` and removes the picture; `""` is no name and no
//!   picture. `profile` is merged by RFC 7396 and cannot be `null`. `{}` succeeds and changes nothing.
//! - An address that has an account is never told: `EMAIL_TAKEN` and `EMAIL_ALREADY_TAKEN` do not occur (R1). Nor does
//!   `USER_NOT_FOUND`.
//! - `login` with an unproven address is 403 `EMAIL_NOT_VERIFIED`; the `temporary_token` to go on with is in `details`.
//! - Refresh tokens rotate (R47), so `/refresh` answers with the next one too.
//! - Links and codes work once (R12): a repeated `/verify-email` is 400.
//! - Access tokens die with their sign-in, at once: after `/logout`, `/change-password` and `/reset-password` they are 401.
//! - `/logout` sends no `Clear-Site-Data`: it ends what a token holds, and a browser's cookie session is none of its business.
//!
//! Must not know: other contracts, or any rule of the account.

mod call;
mod handlers;
mod members;
mod openapi;
mod options;
mod rejection;
#[cfg(test)]
mod tests;
mod wire;
mod words;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi as _;

use self::handlers::{email, me, passwords, sign_in, sign_up};
use super::{Contract, ContractSummary};

pub use self::options::RiverGenOptions;

/// What the server mounts.
pub(crate) const CONTRACT: Contract = Contract { summary: SUMMARY, routes, document: openapi::Document::openapi };

const SUMMARY: ContractSummary = ContractSummary {
    name: "rivergen",
    mounts: &["/api/v1/auth"],
    description: "RiverGen authentication API: JSON with a Bearer token, `success`, `data` and `message` around every answer.",
};

fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/api/v1/auth/me").get(me::current_user))
        .service(web::resource("/api/v1/auth/me/profile").put(me::update_profile))
        .service(web::resource("/api/v1/auth/me/email/request").post(email::request))
        .service(web::resource("/api/v1/auth/me/email/verify").post(email::verify))
        .service(web::resource("/api/v1/auth/signup").post(sign_up::sign_up))
        .service(web::resource("/api/v1/auth/verify-otp").post(sign_up::verify_otp))
        .service(web::resource("/api/v1/auth/resend-signup-otp").post(sign_up::resend_otp))
        .service(web::resource("/api/v1/auth/verify-email").post(sign_up::verify_email))
        .service(web::resource("/api/v1/auth/login").post(sign_in::login))
        .service(web::resource("/api/v1/auth/refresh").post(sign_in::refresh))
        .service(web::resource("/api/v1/auth/logout").post(sign_in::logout))
        .service(web::resource("/api/v1/auth/forgot-password").post(passwords::forgot))
        .service(web::resource("/api/v1/auth/reset-password").post(passwords::reset))
        .service(web::resource("/api/v1/auth/change-password").post(passwords::change));
}
