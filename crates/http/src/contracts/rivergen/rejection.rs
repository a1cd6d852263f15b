//! Why a request got nothing, and the body that says so. Which error becomes which, is in `use_cases`.

mod use_cases;

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use selfsame_domain::OpaqueToken;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    credentials::step_up_challenge,
    errors::{self, Refusal},
};

/// A refused request.
#[derive(Debug)]
pub(super) enum Rejection {
    /// In this contract's own words.
    Own(Box<OwnWords>),
    /// A failure around the use case, in the words that the whole server has for it.
    Framework(Refusal),
}

/// Status, code and text of a refusal.
#[derive(Debug)]
pub(super) struct OwnWords {
    status: StatusCode,
    code: &'static str,
    message: String,
    details: Value,
    retry_after: Option<Duration>,
    /// What `WWW-Authenticate` says of a 401.
    challenge: String,
}

/// One member of a request that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = rivergen::FieldError)]
pub(super) struct FieldError {
    /// The member; within `profile`, followed by a JSON pointer.
    #[schema(example = "display_name")]
    field: String,
    /// What is wrong with it.
    #[schema(example = "must have at most 100 characters")]
    reason: String,
}

impl FieldError {
    pub(super) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }

    /// Whether one of the others is about the same member.
    pub(super) fn is_about_any(&self, others: &[Self]) -> bool {
        others.iter().any(|other| other.field == self.field)
    }
}

impl Rejection {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::Own(Box::new(OwnWords {
            status,
            code,
            message: message.into(),
            details: json!({}),
            retry_after: None,
            challenge: "Bearer".to_owned(),
        }))
    }

    fn with(mut self, details: Value) -> Self {
        if let Self::Own(own) = &mut self {
            own.details = details;
        }
        self
    }

    fn after(mut self, wait: Duration) -> Self {
        if let Self::Own(own) = &mut self {
            own.retry_after = Some(wait);
        }
        self
    }

    /// The request as such is wrong.
    pub(super) fn validation(wrong: &[FieldError]) -> Self {
        unprocessable("VALIDATION_ERROR", "Request validation failed", wrong)
    }

    /// No Bearer token came, or none that says who is calling. A cookie does not count here.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Invalid or missing token")
    }

    /// The caller has to prove who they are once more (RFC 9470).
    fn stale(max_age: chrono::Duration) -> Self {
        let mut rejection = Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Sign in again to do this");
        if let Self::Own(own) = &mut rejection {
            own.challenge = step_up_challenge(max_age);
        }
        rejection
    }

    /// The password was right, but the address has to be proven first: with this token, through `/resend-signup-otp` and
    /// `/verify-otp`.
    pub(super) fn email_not_verified(temporary_token: &OpaqueToken) -> Self {
        Self::new(StatusCode::FORBIDDEN, "EMAIL_NOT_VERIFIED", "Please verify your email address first")
            .with(json!({ "temporary_token": temporary_token.expose(), "email_verification_required": true }))
    }

    /// The temporary token stands for no sign-up or sign-in that is still under way.
    pub(super) fn invalid_temporary_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "INVALID_TOKEN", "Invalid or expired temporary token")
    }
}

fn unprocessable(code: &'static str, message: &str, wrong: &[FieldError]) -> Rejection {
    Rejection::new(StatusCode::UNPROCESSABLE_ENTITY, code, message).with(json!({ "errors": wrong }))
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        Self::Framework(refusal)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(own) => f.write_str(own.code),
            Self::Framework(refusal) => refusal.fmt(f),
        }
    }
}

impl ResponseError for Rejection {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Own(own) => own.status,
            Self::Framework(refusal) => refusal.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Own(own) => own.response(),
            Self::Framework(refusal) => refusal.error_response(),
        }
    }
}

impl OwnWords {
    fn response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(wait) = self.retry_after {
            response.insert_header((RETRY_AFTER, errors::seconds(wait)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 15.5.2 wants it on every 401; browsers show no dialogue for this scheme.
            response.insert_header((WWW_AUTHENTICATE, self.challenge.as_str()));
        }
        response.json(ErrorBody::new(self.code, &self.message, self.details.clone()))
    }
}

/// What every failure answers.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Error)]
pub(super) struct ErrorBody {
    /// Always `false`.
    #[schema(example = false)]
    success: bool,
    /// What failed.
    error: ErrorObject,
    /// The sentence in `error` once more.
    #[schema(example = "Request validation failed")]
    message: String,
}

/// What failed.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::ErrorObject)]
struct ErrorObject {
    /// For programs.
    #[schema(example = "VALIDATION_ERROR")]
    code: &'static str,
    /// For people.
    #[schema(example = "Request validation failed")]
    message: String,
    /// What more there is to say; of a request that is wrong, `{"errors": [{"field", "reason"}]}`.
    #[schema(value_type = Object)]
    details: Value,
}

impl ErrorBody {
    pub(super) fn new(code: &'static str, message: &str, details: Value) -> Self {
        let error = ErrorObject { code, message: message.to_owned(), details };
        Self { success: false, error, message: message.to_owned() }
    }
}
