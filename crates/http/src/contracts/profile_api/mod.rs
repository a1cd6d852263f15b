#![doc = include_str!("README.md")]

mod body;
mod email;
mod json;
mod mfa;
mod password;
mod profile;
mod reasons;
mod sessions;
#[cfg(test)]
mod tests;
mod validation;

use actix_web::{
    HttpRequest, HttpResponse, Route,
    http::header::{ALLOW, HeaderValue, LOCATION},
    web::{self, ServiceConfig},
};
use selfsame_texts::Language;
use utoipa::{OpenApi, openapi};

pub(crate) use self::reasons::ALREADY_VERIFIED;
use self::{
    reasons::{ErrorBody, NOT_AUTHENTICATED},
    validation::{HttpValidationError, ValidationError},
};
use crate::{
    contract::{Contract, ContractSummary},
    contracts::refuse,
    failure::Failure,
    reason::{Message, Reason},
    request_id::RequestId,
};

/// The contract.
pub(crate) struct ProfileApi;

type Call = crate::call::Call<ProfileApi>;
type Fails<T> = crate::document::Fails<ProfileApi, T>;

impl Contract for ProfileApi {
    const SUMMARY: ContractSummary = ContractSummary {
        name: "profile_api",
        mounts: &["/api/v1/me"],
        description: "Profile API: JSON with a Bearer token, errors as FastAPI writes them.",
    };
    const PREFIXES: &'static [&'static str] = &["/api/v1"];
    const UNAUTHENTICATED: Reason = NOT_AUTHENTICATED;
    const INVALID_BODY: &'static [Reason] = &[reasons::BAD_REQUEST];
    const SHOWS_CODES: bool = false;
    type Details = Vec<ValidationError>;
    type Error = ErrorBody;

    /// The reason phrases of Python's `http.HTTPStatus`, and the framework's text for a body that cannot be read.
    fn reason(failure: Failure) -> Reason {
        failure.reason().with_message(match failure {
            Failure::BadRequest => reasons::BAD_REQUEST.message,
            Failure::CrossOrigin => "Forbidden",
            Failure::NotFound => "Not Found",
            Failure::MethodNotAllowed => "Method Not Allowed",
            Failure::RequestTimeout => "Request Timeout",
            Failure::BodyTooLarge => "Request Entity Too Large",
            Failure::UriTooLong => "Request-URI Too Long",
            Failure::UnsupportedMediaType => "Unsupported Media Type",
            Failure::HeadersTooLarge => "Request Header Fields Too Large",
            Failure::TooManyRequests(_) => "Too Many Requests",
            Failure::AccountFrozen | Failure::CredentialTooNew(_) => failure.reason().message,
            Failure::Internal => "Internal Server Error",
            Failure::Unavailable => "Service Unavailable",
        })
    }
    fn error_body(
        reason: Reason,
        message: Message,
        errors: Vec<ValidationError>,
        _: &RequestId,
        _: Language,
    ) -> ErrorBody {
        ErrorBody::new(reason, message, errors)
    }
    fn routes(config: &mut ServiceConfig) {
        const ME: &str = "/api/v1/me";
        const PASSWORD: &str = "/api/v1/me/password";
        const VERIFY_EMAIL: &str = "/api/v1/me/verify-email";
        const CONFIRM: &str = "/api/v1/me/verify-email/confirm";
        const MFA: &str = "/api/v1/me/mfa";
        const BACKUP_CODES: &str = "/api/v1/me/mfa/backup-codes/regenerate";
        const SESSIONS: &str = "/api/v1/me/sessions";
        const SESSION: &str = "/api/v1/me/sessions/{session_id}";

        let me = web::resource(ME).get(profile::get_profile).patch(profile::update_profile);
        let password = web::resource(PASSWORD).post(password::change);
        let verify_email = web::resource(VERIFY_EMAIL).post(email::request_verification);
        let sessions = web::resource(SESSIONS).get(sessions::list);
        let session = web::resource(SESSION).delete(sessions::revoke);
        let confirm = web::resource(CONFIRM).post(email::confirm);
        config
            .service(me.default_service(method_not_allowed("GET")))
            .service(password.default_service(method_not_allowed("POST")))
            .service(verify_email.default_service(method_not_allowed("POST")))
            .service(confirm.default_service(method_not_allowed("POST")))
            .service(web::resource(MFA).get(mfa::status).default_service(method_not_allowed("GET")))
            .service(
                web::resource(BACKUP_CODES)
                    .post(mfa::regenerate_backup_codes)
                    .default_service(method_not_allowed("POST")),
            )
            .service(sessions.default_service(method_not_allowed("GET")))
            .service(session.default_service(method_not_allowed("DELETE")));

        let slashed: Vec<_> = [ME, PASSWORD, VERIFY_EMAIL, CONFIRM, MFA, BACKUP_CODES, SESSIONS, SESSION]
            .iter()
            .map(|path| format!("{path}/"))
            .collect();
        config
            .service(web::resource(slashed).to(|request: HttpRequest| async move { redirect_without_slash(&request) }));
    }
    fn document() -> openapi::OpenApi {
        Document::openapi()
    }
}

#[derive(OpenApi)]
#[openapi(
    paths(
        profile::get_profile,
        profile::update_profile,
        password::change,
        email::request_verification,
        email::confirm,
        mfa::status,
        mfa::regenerate_backup_codes,
        sessions::list,
        sessions::revoke,
    ),
    components(schemas(HttpValidationError)),
    tags((name = ProfileApi::SUMMARY.name, description = ProfileApi::SUMMARY.description))
)]
struct Document;

/// 405 for all other methods. `allowed` is only the first method of the path, as in the framework.
fn method_not_allowed(allowed: &'static str) -> Route {
    web::to(move |request: HttpRequest| async move {
        let mut response = refuse(&request, Failure::MethodNotAllowed);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
        response
    })
}

/// A redirect to the path without its trailing slash, for any method.
fn redirect_without_slash(request: &HttpRequest) -> HttpResponse {
    let path = request.path().trim_end_matches('/');
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, format!("{path}{query}"))).finish()
}
