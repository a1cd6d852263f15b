//! This contract's part of the OpenAPI document, and the failures that many routes have in common.

use serde_json::json;
use utoipa::{IntoResponses, OpenApi, openapi::RefOr};

use super::{
    SUMMARY,
    handlers::{email, me, passwords, sign_in, sign_up},
    rejection::{ErrorBody, FieldError},
};
use crate::errors::{
    ErrorStyle,
    document::{self, ErrorSchema, Responses},
};

/// All routes.
#[derive(OpenApi)]
#[openapi(
    paths(
        me::current_user,
        me::update_profile,
        email::request,
        email::verify,
        sign_up::sign_up,
        sign_up::verify_otp,
        sign_up::resend_otp,
        sign_up::verify_email,
        sign_in::login,
        sign_in::refresh,
        sign_in::logout,
        passwords::forgot,
        passwords::reset,
        passwords::change,
    ),
    components(schemas(ErrorBody, FieldError)),
    tags((name = SUMMARY.name, description = SUMMARY.description))
)]
pub(super) struct Document;

impl ErrorSchema for ErrorBody {
    const STYLE: ErrorStyle = ErrorStyle::RiverGen;
}

/// 401 where a Bearer token is needed.
pub(super) struct Unauthorized;
/// What may be wrong with any body.
pub(super) struct WithBody;
/// A spent budget, or tries.
pub(super) struct Limited;
/// What may happen to any request.
pub(super) type Common = document::Always<ErrorBody>;

/// An error without details, for an example.
pub(super) fn error(code: &'static str, message: &str) -> ErrorBody {
    ErrorBody::new(code, message, json!({}))
}

/// The one error with details of its own, for an example.
pub(super) fn unverified() -> ErrorBody {
    let details = json!({
        "temporary_token": "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4",
        "email_verification_required": true,
    });
    ErrorBody::new("EMAIL_NOT_VERIFIED", "Please verify your email address first", details)
}

impl IntoResponses for Unauthorized {
    fn responses() -> Responses {
        let example = json!(error("UNAUTHORIZED", "Invalid or missing token"));
        document::unauthorized::<ErrorBody>("`UNAUTHORIZED`: missing, invalid or expired token", example)
    }
}

impl IntoResponses for Limited {
    fn responses() -> Responses {
        let mut responses = document::Limited::<ErrorBody>::responses();
        if let Some(RefOr::T(limited)) = responses.get_mut("429") {
            "`RATE_LIMITED`; where a code is taken, `TOO_MANY_ATTEMPTS` without `Retry-After` when it was tried too often"
                .clone_into(&mut limited.description);
        }
        responses
    }
}

impl IntoResponses for WithBody {
    fn responses() -> Responses {
        let errors = vec![FieldError::new("display_name", "must have at most 100 characters")];
        let invalid = ErrorBody::new("VALIDATION_ERROR", "Request validation failed", json!({ "errors": errors }));
        let description = "`VALIDATION_ERROR`: all that is wrong with the request";
        let response = document::response::<ErrorBody>(description, json!(invalid));
        let mut responses = document::WithBody::<ErrorBody>::responses();
        responses.insert("422".to_owned(), RefOr::T(response.build()));
        responses
    }
}
