//! The Wacht frontend API: what the published SDK (`@wacht/jsx`) and the two seed operations on `/me` speak.
//!
//! - **In**: form, multipart or JSON, by content type; no body is no fields. Unknown fields are ignored.
//! - **Out**: `{status, message, data, session, errors}` with JSON on every 2xx, because the SDK parses each. The two writes of
//!   `/me` answer the user's fields and the envelope in one body. The key set alone is bare.
//! - **Session**: one opaque cookie under two names, `session_id` and `__session`. `GET /deployment`, `GET /session` and all of
//!   `/auth` work for a stranger and hand out a session; a stale or forged cookie is replaced, never answered with 401. A
//!   Bearer access token does for `/me` and `/session` too.
//! - **Attempts**: a sign-up or sign-in under way belongs to the browser session that began it. After each step it is the
//!   last of its list, `completed: true` included: the SDK looks nowhere else.
//! - **Errors**: `errors[0].message` is shown to the user word for word; `errors[0].code` is a string. Conflicts are 400.
//! - **The challenge**: `challenge_token` is ignored; a page that brings its own `window.Cap` runs the SDK.
//! - **Staging**: only if the operator chose it, the session also travels in the query parameter `__dev_session__` and is handed
//!   out in the header `X-Development-Session`. In production that parameter means nothing (R41).
//!
//! May know: the foundation of this crate, the application, the domain. Must not know: another contract.

mod call;
mod handlers;
mod input;
mod options;
mod rejection;
mod visitor;
mod wire;
mod words;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

pub use self::options::{WachtMode, WachtOptions};
use self::{
    handlers::{account, deployment, recovery, session, sign_in, verification},
    rejection::Rejection,
};
use super::{Contract, ContractSummary};

/// The contract, for the server.
pub(crate) const CONTRACT: Contract = Contract { summary: SUMMARY, routes, document: Document::openapi };

const SUMMARY: ContractSummary = ContractSummary {
    name: "wacht",
    mounts: &["/me", "/session", "/auth", "/deployment", "/.well-known"],
    description: "Wacht frontend API: forms or JSON, a session cookie, everything in one envelope.",
};

fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/deployment").get(deployment::deployment))
        .service(web::resource("/.well-known/jwks.json").get(deployment::jwks))
        .service(web::resource("/session").get(session::session))
        .service(web::resource("/session/token").get(session::token))
        .service(web::resource("/session/sign-out").post(session::sign_out))
        .service(web::resource("/session/switch-sign-in").post(session::switch_sign_in))
        .service(web::resource("/auth/signup").post(sign_in::sign_up))
        .service(web::resource("/auth/identify").post(sign_in::identify))
        .service(web::resource("/auth/signin").post(sign_in::sign_in))
        .service(web::resource("/auth/prepare-verification").post(verification::prepare))
        .service(web::resource("/auth/attempt-verification").post(verification::attempt))
        .service(web::resource("/auth/forgot-password").post(recovery::forgot))
        .service(web::resource("/auth/reset-password").post(recovery::reset))
        .service(web::resource("/me").get(account::me).post(account::update).patch(account::patch))
        .service(web::resource("/me/profile-picture").post(account::set_picture));
}

#[derive(OpenApi)]
#[openapi(
    tags((name = SUMMARY.name, description = SUMMARY.description)),
    paths(
        deployment::deployment,
        deployment::jwks,
        session::session,
        session::token,
        session::sign_out,
        session::switch_sign_in,
        sign_in::sign_up,
        sign_in::identify,
        sign_in::sign_in,
        verification::prepare,
        verification::attempt,
        recovery::forgot,
        recovery::reset,
        account::me,
        account::update,
        account::patch,
        account::set_picture,
    )
)]
struct Document;

#[cfg(test)]
mod tests;
