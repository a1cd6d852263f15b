//! Failures outside of use cases, which are the same in all contracts: an unknown path, a body that is too large, a
//! full queue, a panic. A contract may write them in its own way
//! ([`Contract::reason`](crate::contract::Contract::reason)).

use std::time::Duration;

use actix_web::http::StatusCode;
use selfsame_application::Fault;

use crate::{blocking::LaneError, body::BodyError, reason::Reason};

/// A failure outside of a use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The body, or a part of the URL, cannot be read.
    BadRequest,
    /// A page of another origin, or of an unknown one, sent an unsafe request (R52).
    CrossOrigin,
    /// The path does not exist.
    NotFound,
    /// The path does not have this method.
    MethodNotAllowed,
    /// The body did not arrive in time (R85).
    RequestTimeout,
    /// The body is too large, or has too many parts (R84).
    BodyTooLarge,
    /// Path and query are too long (R84).
    UriTooLong,
    /// The content type of the body is not accepted (R53).
    UnsupportedMediaType,
    /// All headers together are too large (R84).
    HeadersTooLarge,
    /// A rate limit is exceeded. A retry may succeed after this time (R86).
    TooManyRequests(Duration),
    /// The account is frozen, and the caller has proven that it is theirs.
    AccountFrozen,
    /// An identifier or factor of the account is too new for the operation. A retry may succeed after this time.
    CredentialTooNew(Duration),
    /// A fault of this server (R98).
    Internal,
    /// The server is overloaded, or the database does not respond. A retry may succeed after a second.
    Unavailable,
}

impl Failure {
    /// Status, code and message, unless the contract has its own.
    pub(crate) const fn reason(self) -> Reason {
        match self {
            Self::BadRequest => Reason::new(400, "BAD_REQUEST", "The request cannot be read."),
            Self::CrossOrigin => {
                Reason::new(403, "CROSS_ORIGIN_REFUSED", "This request came from a page that may not make it.")
            }
            Self::NotFound => Reason::new(404, "NOT_FOUND", "There is nothing at this address."),
            Self::MethodNotAllowed => Reason::new(405, "METHOD_NOT_ALLOWED", "This method is not allowed here."),
            Self::RequestTimeout => Reason::new(408, "REQUEST_TIMEOUT", "The request took too long to arrive."),
            Self::BodyTooLarge => Reason::new(413, "PAYLOAD_TOO_LARGE", "The request is too large."),
            Self::UriTooLong => Reason::new(414, "URI_TOO_LONG", "The address is too long."),
            Self::UnsupportedMediaType => {
                Reason::new(415, "UNSUPPORTED_MEDIA_TYPE", "This content type is not accepted here.")
            }
            Self::HeadersTooLarge => Reason::new(431, "HEADERS_TOO_LARGE", "The request headers are too large."),
            Self::TooManyRequests(_) => Reason::new(429, "RATE_LIMITED", "Too many requests. Try again later."),
            Self::AccountFrozen => Reason::new(
                403,
                "ACCOUNT_FROZEN",
                "This account is frozen, because a change was undone. Choose a new password by \"forgot password\".",
            ),
            Self::CredentialTooNew(_) => Reason::new(
                403,
                "CREDENTIAL_TOO_NEW",
                "An address, number or factor was added a short time ago. Try again later.",
            ),
            Self::Internal => Reason::new(500, "INTERNAL_ERROR", "Something went wrong on our side."),
            Self::Unavailable => Reason::new(503, "SERVICE_UNAVAILABLE", "The service is busy. Try again in a moment."),
        }
    }

    /// The failure for a status of the framework.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::FORBIDDEN => Self::CrossOrigin,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Self::RequestTimeout,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::URI_TOO_LONG => Self::UriTooLong,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Self::HeadersTooLarge,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            status if status.is_client_error() => Self::BadRequest,
            _ => Self::Internal,
        }
    }

    /// The time before a retry, if a retry may succeed.
    pub(crate) fn retry_after(self) -> Option<Duration> {
        match self {
            Self::TooManyRequests(wait) | Self::CredentialTooNew(wait) => Some(wait.max(Duration::from_secs(1))),
            Self::Unavailable => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    /// Whether bytes of the request may still arrive, so that the connection cannot be reused.
    pub(crate) fn leaves_bytes_unread(self) -> bool {
        matches!(self, Self::RequestTimeout | Self::BodyTooLarge | Self::UriTooLong | Self::HeadersTooLarge)
    }
}

impl From<LaneError> for Failure {
    fn from(error: LaneError) -> Self {
        match error {
            LaneError::Overloaded | LaneError::TimedOut => Self::Unavailable,
            LaneError::Panicked => Self::Internal,
        }
    }
}

impl From<&Fault> for Failure {
    fn from(fault: &Fault) -> Self {
        match fault {
            Fault::Limited(wait) => Self::TooManyRequests(*wait),
            Fault::Frozen => Self::AccountFrozen,
            Fault::TooNew(wait) => Self::CredentialTooNew(*wait),
            Fault::Unavailable(_) | Fault::Contended => Self::Unavailable,
            Fault::Internal(_) => Self::Internal,
        }
    }
}

impl From<&BodyError> for Failure {
    fn from(error: &BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::BodyTooLarge,
            BodyError::NoRoom => Self::Unavailable,
            BodyError::TimedOut => Self::RequestTimeout,
            BodyError::MediaType => Self::UnsupportedMediaType,
            BodyError::Incomplete | BodyError::Malformed(_) => Self::BadRequest,
        }
    }
}
