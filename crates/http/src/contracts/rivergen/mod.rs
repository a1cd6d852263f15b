#![doc = include_str!("README.md")]

mod devices;
mod email;
mod envelope;
mod me;
mod mfa;
mod options;
mod password;
mod profile;
mod proof;
mod reasons;
mod sessions;
mod sign_in;
mod sign_up;
#[cfg(test)]
mod tests;
mod webauthn;

use actix_web::web::{self, ServiceConfig};
use selfsame_application::attempts::Holder;
use selfsame_texts::Language;
use serde_json::{Map, Value, json};
use utoipa::{OpenApi, openapi};

pub use self::options::RiverGenOptions;
use self::reasons::{ErrorBody, FieldError};
use crate::{
    body::{InvalidBody, Malformed},
    contract::{Contract, ContractSummary},
    failure::Failure,
    reason::{Message, Reason},
    rejection::Rejection,
    request_id::RequestId,
};

/// The contract.
pub(crate) struct RiverGen;

type Call = crate::call::Call<RiverGen>;
type Fails<T> = crate::document::Fails<RiverGen, T>;

impl Contract for RiverGen {
    const SUMMARY: ContractSummary = ContractSummary {
        name: "rivergen",
        mounts: &["/api/v1/auth", "/api/v1/sessions", "/api/v1/mfa", "/api/v1/devices", "/api/v1/webauthn"],
        description: "RiverGen authentication API: JSON with a Bearer token, an envelope of success, data and message.",
    };
    const PREFIXES: &'static [&'static str] =
        &["/api/v1/auth", "/api/v1/sessions", "/api/v1/mfa", "/api/v1/webauthn", "/api/v1/devices"];
    const UNAUTHENTICATED: Reason = reasons::UNAUTHORIZED;
    const EXPIRED: Reason = reasons::UNAUTHORIZED.with_message("The access token has expired");
    const INVALID_BODY: &'static [Reason] = &[reasons::VALIDATION_ERROR];
    type Details = Map<String, Value>;
    type Error = ErrorBody;

    fn reason(failure: Failure) -> Reason {
        match failure {
            Failure::CrossOrigin => failure.reason().with_code("PERMISSION_DENIED"),
            Failure::NotFound => failure.reason().with_code("RESOURCE_NOT_FOUND"),
            _ => failure.reason(),
        }
    }
    fn error_body(reason: Reason, message: Message, details: Self::Details, _: &RequestId, _: Language) -> ErrorBody {
        ErrorBody::new(reason, message, details)
    }
    fn example_details(reason: Reason) -> Self::Details {
        match reason.code {
            "VALIDATION_ERROR" => {
                reasons::error_details(&[FieldError::new("display_name", "must have at most 100 characters")])
            }
            "INVALID_PASSWORD" => {
                reasons::error_details(&[FieldError::new("password", "must have at least 15 characters")])
            }
            "EMAIL_NOT_VERIFIED" => reasons::unverified_details(json!("m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")),
            _ => Map::new(),
        }
    }
    fn malformed_body(malformed: Malformed) -> Rejection<Self> {
        reasons::malformed_body(malformed)
    }
    fn invalid_body(invalid: InvalidBody) -> Rejection<Self> {
        reasons::invalid_body(invalid)
    }
    fn routes(config: &mut ServiceConfig) {
        config
            .service(web::resource("/api/v1/auth/me").get(me::current_user).head(me::current_user))
            .service(web::resource("/api/v1/auth/me/profile").put(profile::update))
            .service(web::resource("/api/v1/auth/me/email/request").post(email::request))
            .service(web::resource("/api/v1/auth/me/email/verify").post(email::verify))
            .service(web::resource("/api/v1/auth/signup").post(sign_up::sign_up))
            .service(web::resource("/api/v1/auth/verify-otp").post(proof::verify_otp))
            .service(web::resource("/api/v1/auth/resend-signup-otp").post(proof::resend_otp))
            .service(web::resource("/api/v1/auth/verify-email").post(proof::verify_email))
            .service(web::resource("/api/v1/auth/login").post(sign_in::login))
            .service(web::resource("/api/v1/auth/refresh").post(sign_in::refresh))
            .service(web::resource("/api/v1/auth/logout").post(sign_in::logout))
            .service(web::resource("/api/v1/auth/forgot-password").post(password::forgot))
            .service(web::resource("/api/v1/auth/reset-password").post(password::reset))
            .service(web::resource("/api/v1/auth/change-password").post(password::change))
            .service(web::resource("/api/v1/auth/mfa/otp/generate").post(mfa::generate_otp))
            .service(web::resource("/api/v1/auth/mfa/verify").post(mfa::verify))
            .service(web::resource("/api/v1/mfa/totp/setup").post(mfa::setup_totp))
            .service(web::resource("/api/v1/mfa/totp/verify").post(mfa::verify_totp))
            .service(web::resource("/api/v1/auth/logout-all").post(sign_in::logout_all))
            .service(web::resource("/api/v1/devices").get(devices::list).head(devices::list))
            .service(web::resource("/api/v1/devices/activate").post(devices::activate))
            .service(web::resource("/api/v1/devices/{device_id}").delete(devices::revoke))
            .service(
                web::resource("/api/v1/sessions").get(sessions::list).head(sessions::list).delete(sessions::end_others),
            )
            .service(web::resource("/api/v1/sessions/{session_id}").delete(sessions::end))
            .service(web::resource("/api/v1/webauthn/register/start").post(webauthn::register_start))
            .service(web::resource("/api/v1/webauthn/register/complete").post(webauthn::register_complete))
            .service(web::resource("/api/v1/webauthn/authenticate/start").post(webauthn::authenticate_start))
            .service(web::resource("/api/v1/webauthn/authenticate/complete").post(webauthn::authenticate_complete))
            .service(web::resource("/api/v1/webauthn/credentials").get(webauthn::list).head(webauthn::list))
            .service(web::resource("/api/v1/webauthn/credentials/{credential_id}").delete(webauthn::remove));
    }
    fn document() -> openapi::OpenApi {
        Document::openapi()
    }
}

#[derive(OpenApi)]
#[openapi(
    paths(
        sign_up::sign_up,
        proof::verify_otp,
        proof::resend_otp,
        proof::verify_email,
        sign_in::login,
        sign_in::refresh,
        sign_in::logout,
        password::forgot,
        password::reset,
        password::change,
        me::current_user,
        profile::update,
        email::request,
        email::verify,
        mfa::generate_otp,
        mfa::verify,
        mfa::setup_totp,
        mfa::verify_totp,
        sessions::list,
        sessions::end,
        sessions::end_others,
        sign_in::logout_all,
        devices::list,
        devices::activate,
        devices::revoke,
        webauthn::register_start,
        webauthn::register_complete,
        webauthn::authenticate_start,
        webauthn::authenticate_complete,
        webauthn::list,
        webauthn::remove,
    ),
    components(schemas(FieldError)),
    tags((name = RiverGen::SUMMARY.name, description = RiverGen::SUMMARY.description))
)]
struct Document;

impl Call {
    /// The client, as the holder of tokens.
    fn holder(&self) -> Holder {
        Holder::Tokens { access_ttl: self.services().rivergen.access_ttl }
    }
}
