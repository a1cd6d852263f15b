#![doc = include_str!("README.md")]

mod attempts;
mod authenticator;
mod availability;
mod backup_codes;
mod captcha;
mod deletion;
mod deployment;
mod email_addresses;
mod envelope;
mod identifiers;
mod me;
mod memberships;
mod options;
mod passkey_sign_in;
mod passkeys;
mod password;
mod phone_numbers;
mod picture;
mod reasons;
mod recovery;
mod session;
mod session_object;
mod session_response;
mod sign_in;
mod sign_ins;
mod sign_up;
mod staging;
mod user;
mod verification;
mod version;

use actix_web::{
    HttpRequest,
    web::{self, ServiceConfig},
};
use selfsame_texts::Language;
use utoipa::{OpenApi, openapi};

pub use self::options::{WachtMode, WachtOptions};
use self::reasons::{BAD_REQUEST_BODY, ErrorEnvelope, ErrorObject, NOT_AUTHENTICATED};
use crate::{
    HttpOptions, Services,
    body::{InvalidBody, Style},
    contract::{Contract, ContractSummary},
    credentials::Credentials,
    failure::Failure,
    reason::{Message, Reason},
    rejection::Rejection,
    request_id::RequestId,
};

/// The contract.
pub(crate) struct Wacht;

type Call = crate::call::Call<Wacht>;
type Sender = crate::call::Sender<Wacht>;
type Body = crate::call::Body<Wacht>;
type Fails<T> = crate::document::Fails<Wacht, T>;

impl Contract for Wacht {
    const SUMMARY: ContractSummary = ContractSummary {
        name: "wacht",
        mounts: &["/me", "/session", "/auth", "/deployment", "/.well-known", "/captcha"],
        description: "Wacht frontend API: forms or JSON, a session cookie, an envelope around every response.",
    };
    const ACCEPTS_COOKIE: bool = true;
    const BODY_TYPES: &'static [&'static str] =
        &["application/x-www-form-urlencoded", "multipart/form-data", "application/json"];
    const BODY_STYLE: Style = Style::Form;
    const UNAUTHENTICATED: Reason = NOT_AUTHENTICATED;
    const INVALID_BODY: &'static [Reason] = &[BAD_REQUEST_BODY];
    type Details = Vec<ErrorObject>;
    type Error = ErrorEnvelope;

    fn credentials(request: &HttpRequest, options: &HttpOptions, services: &Services) -> Credentials {
        staging::credentials(request, Credentials::of(request, options.cookie), services.wacht.mode)
    }
    fn reason(failure: Failure) -> Reason {
        match failure {
            Failure::BadRequest => BAD_REQUEST_BODY,
            Failure::Internal => failure.reason().with_code("INTERNAL"),
            other => other.reason(),
        }
    }
    fn error_body(
        reason: Reason,
        message: Message,
        errors: Vec<ErrorObject>,
        _: &RequestId,
        _: Language,
    ) -> ErrorEnvelope {
        ErrorEnvelope::new(reason, message, errors)
    }
    fn invalid_body(invalid: InvalidBody) -> Rejection<Self> {
        reasons::invalid_body(invalid)
    }
    fn routes(config: &mut ServiceConfig) {
        config
            .service(web::resource("/deployment").get(deployment::deployment).head(deployment::deployment))
            .service(web::resource("/.well-known/jwks.json").get(deployment::jwks).head(deployment::jwks))
            .service(web::resource("/session").get(session::session).head(session::session))
            .service(web::resource("/session/token").get(session::token).head(session::token))
            .service(web::resource("/session/sign-out").post(session::sign_out))
            .service(web::resource("/session/switch-sign-in").post(session::switch_sign_in))
            .service(web::resource("/auth/signup").post(sign_up::sign_up))
            .service(web::resource("/auth/identify").post(sign_in::identify))
            .service(web::resource("/auth/signin").post(sign_in::sign_in))
            .service(web::resource("/auth/prepare-verification").post(verification::prepare))
            .service(web::resource("/auth/attempt-verification").post(verification::attempt))
            .service(web::resource("/auth/forgot-password").post(recovery::forgot))
            .service(web::resource("/auth/reset-password").post(recovery::reset))
            .service(web::resource("/me").get(me::get).head(me::get).post(me::update).patch(me::patch))
            .service(web::resource("/me/account/delete").post(deletion::delete))
            .service(web::resource("/me/profile-picture").post(picture::set))
            .service(web::resource("/me/authenticator").post(authenticator::begin))
            .service(web::resource("/me/authenticator/attempt-verification").post(authenticator::confirm))
            .service(web::resource("/me/authenticator/{id}/delete").post(authenticator::remove))
            .service(web::resource("/me/backup-codes").post(backup_codes::generate))
            .service(web::resource("/me/backup-codes/regenerate").post(backup_codes::regenerate))
            .service(web::resource("/me/update-password").post(password::update))
            .service(web::resource("/me/remove-password").post(password::remove))
            .service(web::resource("/me/signins").get(sign_ins::list).head(sign_ins::list))
            .service(web::resource("/me/signins/{id}/signout").post(sign_ins::end))
            .service(web::resource("/me/passkeys").get(passkeys::list).head(passkeys::list))
            .service(web::resource("/me/passkeys/register/begin").post(passkeys::begin))
            .service(web::resource("/me/passkeys/register/finish").post(passkeys::register))
            .service(web::resource("/me/passkeys/{id}").patch(passkeys::rename))
            .service(web::resource("/me/passkeys/{id}/delete").post(passkeys::remove))
            .service(web::resource("/auth/passkey/login/begin").post(passkey_sign_in::begin))
            .service(web::resource("/auth/passkey/login/finish").post(passkey_sign_in::finish))
            .configure(not_enabled)
            .service(web::resource("/.well-known/jwk").get(deployment::jwk).head(deployment::jwk))
            .service(web::resource("/.well-known/meta").get(deployment::meta).head(deployment::meta))
            .service(
                web::resource("/auth/identifier-availability")
                    .get(availability::availability)
                    .head(availability::availability),
            )
            .service(web::resource("/auth/complete-profile").post(availability::complete_profile))
            .service(web::resource("/captcha/challenge").post(captcha::challenge))
            .service(web::resource("/captcha/redeem").post(captcha::redeem));
        email_addresses::routes(config);
        phone_numbers::routes(config);
    }
    fn document() -> openapi::OpenApi {
        Document::openapi()
    }
}

/// Routes of features that are not enabled.
fn not_enabled(config: &mut ServiceConfig) {
    let organizations = web::resource("/me/organization-memberships");
    let workspaces = web::resource("/me/workspace-memberships");
    let invitation = web::resource("/deployment/invitations/validate");
    config
        .service(organizations.get(memberships::organizations).head(memberships::organizations))
        .service(workspaces.get(memberships::workspaces).head(memberships::workspaces))
        .service(invitation.get(memberships::invitation).head(memberships::invitation))
        .service(web::resource("/me/init-sso-connection").post(memberships::connect))
        .service(web::resource("/me/sso-connection-callback").post(memberships::finish))
        .service(web::resource("/me/social-connections/{id}/disconnect").post(memberships::disconnect))
        .service(web::resource("/session/switch-organization").post(memberships::switch_organization))
        .service(web::resource("/session/switch-workspace").post(memberships::switch_workspace));
}

#[derive(OpenApi)]
#[openapi(
    paths(
        deployment::deployment, deployment::jwks,
        session::session, session::token, session::sign_out, session::switch_sign_in,
        sign_up::sign_up, sign_in::identify, sign_in::sign_in, verification::prepare, verification::attempt,
        recovery::forgot, recovery::reset,
        authenticator::begin, authenticator::confirm, authenticator::remove, availability::availability, availability::complete_profile, backup_codes::generate, backup_codes::regenerate, captcha::challenge, captcha::redeem, deletion::delete, deployment::jwk, deployment::meta, email_addresses::add, email_addresses::attempt, email_addresses::delete, email_addresses::list, email_addresses::make_primary, email_addresses::prepare, email_addresses::read, me::get, me::patch, me::update, memberships::connect, memberships::disconnect, memberships::finish, memberships::invitation, memberships::organizations, memberships::switch_organization, memberships::switch_workspace, memberships::workspaces, passkey_sign_in::begin, passkey_sign_in::finish, passkeys::begin, passkeys::list, passkeys::register, passkeys::remove, passkeys::rename, password::remove, password::update, phone_numbers::add, phone_numbers::attempt, phone_numbers::delete, phone_numbers::list, phone_numbers::make_primary, phone_numbers::prepare, phone_numbers::read, picture::set, sign_ins::end, sign_ins::list,
    ),
    tags((name = Wacht::SUMMARY.name, description = Wacht::SUMMARY.description))
)]
struct Document;

#[cfg(test)]
mod tests;
