//! What every answer is wrapped in, and the one body that is wrapped and flat at once.

use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{IntoResponses, ToSchema, openapi::RefOr};

use super::{Session, User};
use crate::errors::{
    ErrorStyle,
    document::{self, ErrorSchema, Responses},
};

/// A success. The SDK reads `data` and nothing else.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Envelope)]
pub(crate) struct Envelope<T> {
    #[schema(example = 200)]
    status: u16,
    /// Always empty.
    #[schema(example = "")]
    message: &'static str,
    data: T,
    session: Session,
    /// Always empty.
    #[schema(value_type = Vec<ErrorObject>, example = json!([]))]
    errors: [ErrorObject; 0],
}

impl<T> Envelope<T> {
    /// Wraps `data`.
    pub(crate) fn new(data: T, session: Session) -> Self {
        Self { status: StatusCode::OK.as_u16(), message: "", data, session, errors: [] }
    }
}

/// The answer of the two writes of `/me`: the user's fields at the top, for who looks for them there, and the envelope's
/// five keys beside them, with the same user as `data`. The two sets of keys do not meet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Profile)]
pub(crate) struct Profile {
    #[serde(flatten)]
    user: User,
    #[serde(flatten)]
    envelope: Envelope<User>,
}

impl Profile {
    /// Says `user` twice.
    pub(crate) fn new(user: User, session: Session) -> Self {
        Self { envelope: Envelope::new(user.clone(), session), user }
    }
}

/// A failure: the same keys, nothing in them but `errors`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Failed)]
pub(crate) struct Failed {
    #[schema(example = 400)]
    status: u16,
    /// The first error's.
    #[schema(example = "This username is taken.")]
    message: String,
    #[schema(value_type = Option<Object>)]
    data: Option<()>,
    session: Empty,
    errors: Vec<ErrorObject>,
}

impl Failed {
    /// Wraps errors.
    pub(crate) fn new(status: StatusCode, errors: Vec<ErrorObject>) -> Self {
        let message = errors.first().map(|error| error.message.clone()).unwrap_or_default();
        Self { status: status.as_u16(), message, data: None, session: Empty {}, errors }
    }
}

/// An object without members.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Empty)]
pub(crate) struct Empty {}

/// What is wrong. The SDK shows the first `message` to the user word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = wacht::Error)]
pub(crate) struct ErrorObject {
    /// For programs.
    #[schema(example = "USERNAME_EXISTS")]
    pub(crate) code: &'static str,
    /// For people.
    #[schema(example = "This username is taken.")]
    pub(crate) message: String,
}

impl ErrorObject {
    /// An error.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl ErrorSchema for Failed {
    const STYLE: ErrorStyle = ErrorStyle::Wacht;
}

/// What any operation may answer.
pub(crate) struct Failures;
/// What an operation with a body may answer besides.
pub(crate) type WithBody = document::WithBody<Failed>;
/// What an operation that changes something may answer besides.
pub(crate) type Forged = document::Forged<Failed>;
/// What an operation that takes a secret or sends a mail may answer besides.
pub(crate) type Limited = document::Limited<Failed>;
/// What an operation of the signed-in user may answer besides.
pub(crate) struct Unauthorized;

impl IntoResponses for Failures {
    fn responses() -> Responses {
        let example = failed(400, "REQUIRED_FIELD", "The field email is required.");
        let response = document::response::<Failed>("The input is not valid; `errors` says why.", example);
        let mut responses = document::Always::<Failed>::responses();
        responses.insert("400".to_owned(), RefOr::T(response.build()));
        responses
    }
}

impl IntoResponses for Unauthorized {
    fn responses() -> Responses {
        let example = failed(401, "UNAUTHORIZED", "You are not signed in.");
        document::unauthorized::<Failed>("Nobody is signed in.", example)
    }
}

/// A failure, for an example.
pub(crate) fn failed(status: u16, code: &'static str, message: &str) -> Value {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    json!(Failed::new(status, vec![ErrorObject::new(code, message)]))
}
