//! The four bodies of a [`Failure`], and its words.

use serde_json::{Value, json};

use super::{ErrorStyle, Failure};

pub(super) fn content_type(style: ErrorStyle) -> &'static str {
    match style {
        ErrorStyle::Problem => "application/problem+json",
        ErrorStyle::Wacht | ErrorStyle::FastApi | ErrorStyle::RiverGen => "application/json",
    }
}

pub(super) fn json(style: ErrorStyle, failure: Failure, request_id: &str) -> Value {
    let (status, message) = (failure.status().as_u16(), sentence(failure));
    match style {
        ErrorStyle::Wacht => {
            let error = json!({ "code": wacht_code(failure), "message": message });
            json!({ "status": status, "message": message, "data": null, "session": {}, "errors": [error] })
        }
        ErrorStyle::FastApi => json!({ "detail": fastapi_detail(failure) }),
        ErrorStyle::RiverGen => {
            let error = json!({ "code": rivergen_code(failure), "message": message, "details": {} });
            json!({ "success": false, "error": error, "message": message })
        }
        ErrorStyle::Problem => json!({
            "type": format!("urn:selfsame:problem:{}", code(failure).to_ascii_lowercase().replace('_', "-")),
            "title": failure.status().canonical_reason(),
            "status": status,
            "detail": message,
            "request_id": request_id,
        }),
    }
}

/// For people.
fn sentence(failure: Failure) -> &'static str {
    match failure {
        Failure::BadRequest => "The request cannot be read.",
        Failure::CrossOrigin => "This request came from a page that may not make it.",
        Failure::NotFound => "There is nothing at this address.",
        Failure::MethodNotAllowed => "This method is not allowed here.",
        Failure::RequestTimeout => "The request took too long to arrive.",
        Failure::BodyTooLarge => "The request is too large.",
        Failure::UriTooLong => "The address is too long.",
        Failure::UnsupportedMediaType => "This content type is not accepted here.",
        Failure::HeadersTooLarge => "The request headers are too large.",
        Failure::TooManyRequests(_) => "Too many requests. Try again later.",
        Failure::Internal => "Something went wrong on our side.",
        Failure::Unavailable => "The service is busy. Try again in a moment.",
    }
}

/// For programs, where a contract has no word of its own.
fn code(failure: Failure) -> &'static str {
    match failure {
        Failure::BadRequest => "BAD_REQUEST",
        Failure::CrossOrigin => "CROSS_ORIGIN_REFUSED",
        Failure::NotFound => "NOT_FOUND",
        Failure::MethodNotAllowed => "METHOD_NOT_ALLOWED",
        Failure::RequestTimeout => "REQUEST_TIMEOUT",
        Failure::BodyTooLarge => "PAYLOAD_TOO_LARGE",
        Failure::UriTooLong => "URI_TOO_LONG",
        Failure::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
        Failure::HeadersTooLarge => "HEADERS_TOO_LARGE",
        Failure::TooManyRequests(_) => "RATE_LIMITED",
        Failure::Internal => "INTERNAL_ERROR",
        Failure::Unavailable => "SERVICE_UNAVAILABLE",
    }
}

fn wacht_code(failure: Failure) -> &'static str {
    match failure {
        Failure::BadRequest => "BAD_REQUEST_BODY",
        Failure::Internal => "INTERNAL",
        other => code(other),
    }
}

fn rivergen_code(failure: Failure) -> &'static str {
    match failure {
        Failure::CrossOrigin => "PERMISSION_DENIED",
        Failure::NotFound => "RESOURCE_NOT_FOUND",
        other => code(other),
    }
}

/// The reason phrases of Python's `http.HTTPStatus`, which that framework answers with; its own text for a broken body.
fn fastapi_detail(failure: Failure) -> &'static str {
    match failure {
        Failure::BadRequest => "There was an error parsing the body",
        Failure::CrossOrigin => "Forbidden",
        Failure::NotFound => "Not Found",
        Failure::MethodNotAllowed => "Method Not Allowed",
        Failure::RequestTimeout => "Request Timeout",
        Failure::BodyTooLarge => "Request Entity Too Large",
        Failure::UriTooLong => "Request-URI Too Long",
        Failure::UnsupportedMediaType => "Unsupported Media Type",
        Failure::HeadersTooLarge => "Request Header Fields Too Large",
        Failure::TooManyRequests(_) => "Too Many Requests",
        Failure::Internal => "Internal Server Error",
        Failure::Unavailable => "Service Unavailable",
    }
}
