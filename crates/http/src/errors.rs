//! What goes wrong before or around a use case, in the words of the contract that the path falls under.
//!
//! A contract's own refusals live in its `rejection.rs`. Here are the failures that no contract has to think of: an
//! unknown path, a wrong method, a body that is too large, a panic.

pub(crate) mod document;
mod shapes;

use std::{fmt, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{StatusCode, header::RETRY_AFTER},
};
use selfsame_application::Fault;

use crate::{blocking::LaneError, edge::RequestId};

/// A failure of the framework's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The body, or part of the address, cannot be read.
    BadRequest,
    /// A page of another origin, or one that cannot be told, sent an unsafe request (R52).
    CrossOrigin,
    /// No such path.
    NotFound,
    /// Not with this method.
    MethodNotAllowed,
    /// The body did not arrive in time (R85).
    RequestTimeout,
    /// The body is too large, or has too many parts (R84).
    BodyTooLarge,
    /// Path and query are too long (R84).
    UriTooLong,
    /// A body of a kind that is not read here (R53).
    UnsupportedMediaType,
    /// All headers together are too large (R84).
    HeadersTooLarge,
    /// A budget is spent until this long from now (R86).
    TooManyRequests(Duration),
    /// A fault of ours (R98).
    Internal,
    /// Overloaded, or the database is away. Worth another try in a second.
    Unavailable,
}

impl Failure {
    /// Its status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::CrossOrigin => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What a bare status of the framework means.
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

    /// What to wait before another try, if that is worth it.
    fn retry_after(self) -> Option<Duration> {
        match self {
            Self::TooManyRequests(wait) => Some(wait),
            Self::Unavailable => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    /// Whether bytes of this request may still be on their way, so that the connection is of no more use.
    fn leaves_bytes_unread(self) -> bool {
        matches!(self, Self::RequestTimeout | Self::BodyTooLarge | Self::UriTooLong | Self::HeadersTooLarge)
    }

    /// The answer, in the words of the contract that the request's path falls under.
    pub fn respond(self, request: &HttpRequest) -> HttpResponse {
        self.respond_in(ErrorStyle::of(request.path()), &RequestId::of(request))
    }

    /// The answer in the words of a given contract.
    pub fn respond_in(self, style: ErrorStyle, request_id: &RequestId) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        if let Some(wait) = self.retry_after() {
            response.insert_header((RETRY_AFTER, seconds(wait)));
        }
        if self.leaves_bytes_unread() {
            response.force_close();
        }
        response.content_type(shapes::content_type(style)).json(shapes::json(style, self, request_id.as_str()))
    }
}

/// `Retry-After` in whole seconds, rounded up: who comes back then is not early.
pub fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl From<LaneError> for Failure {
    fn from(error: LaneError) -> Self {
        match error {
            LaneError::Overloaded | LaneError::TimedOut => Self::Unavailable,
            LaneError::Panicked => Self::Internal,
        }
    }
}

impl From<Fault> for Failure {
    /// What to say about a fault; what it was goes to the log alone.
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Limited(wait) => Self::TooManyRequests(wait.max(Duration::from_secs(1))),
            Fault::Unavailable(_) | Fault::Contended => {
                tracing::warn!(%fault, "no answer just now");
                Self::Unavailable
            }
            Fault::Internal(_) => {
                tracing::error!(%fault, "a fault of ours");
                Self::Internal
            }
        }
    }
}

/// Which contract's error shape a path speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorStyle {
    /// RFC 9457, for everything that is this project's own.
    Problem,
    /// The full envelope, with `errors`.
    Wacht,
    /// `{"detail": …}`.
    FastApi,
    /// `{"success": false, "error": {…}}`.
    RiverGen,
}

/// Path prefixes, by whole segments; the first that matches wins.
const STYLES: &[(&str, ErrorStyle)] = &[
    ("/api/v1/account", ErrorStyle::Problem),
    ("/api/v1/auth", ErrorStyle::RiverGen),
    ("/api/v1/sessions", ErrorStyle::RiverGen),
    ("/api/v1/mfa", ErrorStyle::RiverGen),
    ("/api/v1/webauthn", ErrorStyle::RiverGen),
    ("/api/v1/devices", ErrorStyle::RiverGen),
    ("/api/v1", ErrorStyle::FastApi),
    ("/me", ErrorStyle::Wacht),
    ("/session", ErrorStyle::Wacht),
    ("/auth", ErrorStyle::Wacht),
    ("/deployment", ErrorStyle::Wacht),
    ("/.well-known", ErrorStyle::Wacht),
];

impl ErrorStyle {
    /// The style of a path, known or unknown.
    pub fn of(path: &str) -> Self {
        let is_under =
            |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        STYLES.iter().find(|(prefix, _)| is_under(prefix)).map_or(Self::Problem, |(_, style)| *style)
    }
}

/// A [`Failure`] that knows how to say itself: what extractors answer instead of a value.
#[derive(Debug)]
pub struct Refusal {
    failure: Failure,
    style: ErrorStyle,
    request_id: RequestId,
}

impl Refusal {
    /// Refuses this request.
    pub fn new(request: &HttpRequest, failure: Failure) -> Self {
        Self { failure, style: ErrorStyle::of(request.path()), request_id: RequestId::of(request) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.failure)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.failure.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.failure.respond_in(self.style, &self.request_id)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{body::to_bytes, http::header::CONTENT_TYPE, test::TestRequest};
    use serde_json::{Value, json};

    use super::*;

    async fn answered(path: &str, failure: Failure) -> (String, Value) {
        let request = TestRequest::with_uri(path).to_http_request();
        let response = failure.respond(&request);
        assert_eq!(response.status(), failure.status());
        let content_type = response.headers().get(CONTENT_TYPE).unwrap().to_str().unwrap().to_owned();
        let body = to_bytes(response.into_body()).await.unwrap();
        (content_type, serde_json::from_slice(&body).unwrap())
    }

    #[actix_web::test]
    async fn a_failure_speaks_the_contract_that_its_path_falls_under() {
        let (_, wacht) = answered("/me/nothing", Failure::NotFound).await;
        let error = json!({"code": "NOT_FOUND", "message": "There is nothing at this address."});
        let message = "There is nothing at this address.";
        assert_eq!(wacht, json!({"status": 404, "message": message, "data": null, "session": {}, "errors": [error]}));

        let (content_type, fastapi) = answered("/api/v1/me", Failure::MethodNotAllowed).await;
        assert_eq!((content_type.as_str(), fastapi), ("application/json", json!({"detail": "Method Not Allowed"})));

        let (_, rivergen) = answered("/api/v1/auth/login", Failure::Unavailable).await;
        let message = "The service is busy. Try again in a moment.";
        let error = json!({"code": "SERVICE_UNAVAILABLE", "message": message, "details": {}});
        assert_eq!(rivergen, json!({"success": false, "error": error, "message": message}));

        let (content_type, problem) = answered("/nowhere", Failure::NotFound).await;
        assert_eq!(content_type, "application/problem+json");
        assert_eq!(problem["status"], 404);
        assert_eq!(problem["type"], "urn:selfsame:problem:not-found");
        assert!(problem["request_id"].is_string());
    }

    #[test]
    fn prefixes_match_whole_segments() {
        for (path, style) in [
            ("/", ErrorStyle::Problem),
            ("/me", ErrorStyle::Wacht),
            ("/me/", ErrorStyle::Wacht),
            ("/menu", ErrorStyle::Problem),
            ("/session/token", ErrorStyle::Wacht),
            ("/sessions", ErrorStyle::Problem),
            ("/api/v1/me", ErrorStyle::FastApi),
            ("/api/v1/author", ErrorStyle::FastApi),
            ("/api/v1/auth", ErrorStyle::RiverGen),
            ("/api/v1/sessions/12", ErrorStyle::RiverGen),
            ("/api/v1/account/emails", ErrorStyle::Problem),
            ("/api/v2", ErrorStyle::Problem),
        ] {
            assert_eq!(ErrorStyle::of(path), style, "{path}");
        }
    }

    #[test]
    fn whoever_waits_as_told_is_not_early() {
        let response = |failure: Failure| failure.respond(&TestRequest::default().to_http_request());
        let retry_after =
            |failure| response(failure).headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(retry_after(Failure::TooManyRequests(Duration::from_millis(1500))), Some("2".to_owned()));
        assert_eq!(retry_after(Failure::TooManyRequests(Duration::from_secs(2))), Some("2".to_owned()));
        assert_eq!(retry_after(Failure::Unavailable), Some("1".to_owned()));
        assert_eq!(retry_after(Failure::NotFound), None);
    }
}
