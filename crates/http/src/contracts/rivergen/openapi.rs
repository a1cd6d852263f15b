//! This contract's part of the OpenAPI document, and the failures that many routes have in common.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::{
    IntoResponses, OpenApi,
    openapi::{ContentBuilder, HeaderBuilder, Object, Ref, RefOr, Response, ResponseBuilder, Type},
};

use super::{
    handlers::{email, me, passwords, sign_in, sign_up},
    rejection::{ErrorBody, FieldError},
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
    tags((name = "rivergen", description = "RiverGen authentication API: JSON with a Bearer token, `success`, `data` and `message` around every answer."))
)]
pub(super) struct Document;

/// 401 where a Bearer token is needed.
pub(super) struct Unauthorized;
/// What may be wrong with any body.
pub(super) struct WithBody;
/// A spent budget.
pub(super) struct Limited;
/// What may happen to any request.
pub(super) struct Common;

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

type Responses = BTreeMap<String, RefOr<Response>>;

impl IntoResponses for Unauthorized {
    fn responses() -> Responses {
        let example = error("UNAUTHORIZED", "Invalid or missing token");
        let challenge = header(Type::String, "`Bearer`");
        one(
            "401",
            response("`UNAUTHORIZED`: missing, invalid or expired token", example)
                .header("WWW-Authenticate", challenge),
        )
    }
}

impl IntoResponses for WithBody {
    fn responses() -> Responses {
        let errors = vec![FieldError::new("display_name", "must have at most 100 characters")];
        let invalid = ErrorBody::new("VALIDATION_ERROR", "Request validation failed", json!({ "errors": errors }));
        let too_large = error("PAYLOAD_TOO_LARGE", "The request is too large.");
        let media_type = error("UNSUPPORTED_MEDIA_TYPE", "This content type is not accepted here.");
        let mut responses = one("422", response("`VALIDATION_ERROR`: all that is wrong with the request", invalid));
        responses.append(&mut one("413", response("`PAYLOAD_TOO_LARGE`", too_large)));
        responses
            .append(&mut one("415", response("`UNSUPPORTED_MEDIA_TYPE`: only `application/json` is read", media_type)));
        responses
    }
}

impl IntoResponses for Limited {
    fn responses() -> Responses {
        let example = error("RATE_LIMITED", "Too many requests. Try again later.");
        let description = "`RATE_LIMITED`; where a code is taken, `TOO_MANY_ATTEMPTS` when it was tried too often";
        one(
            "429",
            response(description, example)
                .header("Retry-After", header(Type::Integer, "Seconds; not with `TOO_MANY_ATTEMPTS`")),
        )
    }
}

impl IntoResponses for Common {
    fn responses() -> Responses {
        let fault = error("INTERNAL_ERROR", "Something went wrong on our side.");
        let busy = error("SERVICE_UNAVAILABLE", "The service is busy. Try again in a moment.");
        let mut responses = one("500", response("`INTERNAL_ERROR`", fault));
        let retry_after = header(Type::Integer, "Seconds");
        responses.append(&mut one("503", response("`SERVICE_UNAVAILABLE`", busy).header("Retry-After", retry_after)));
        responses
    }
}

fn one(status: &str, response: ResponseBuilder) -> Responses {
    BTreeMap::from([(status.to_owned(), RefOr::T(response.build()))])
}

fn response(description: &str, example: ErrorBody) -> ResponseBuilder {
    let example: Option<Value> = serde_json::to_value(example).ok();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("rivergen.Error"))).example(example);
    ResponseBuilder::new().description(description).content("application/json", content.build())
}

fn header(kind: Type, description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new().schema(Some(Object::with_type(kind))).description(Some(description)).build()
}
