//! Cross-origin reads for the pages on the allow-list, with credentials (R55, wacht.md section 3.2).
//!
//! Written here and not taken from actix-cors, because every answer must carry the headers, failures before any route
//! included (else a browser reports each of them as "Failed to fetch"), and a refusal must speak the contract.

use actix_web::{
    HttpResponse,
    dev::ServiceRequest,
    http::{
        Method,
        header::{
            ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
            ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
            ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
        },
    },
};

use crate::HttpOptions;

const METHODS: &str = "GET, POST, PATCH, PUT, DELETE";
/// `x-device-fingerprint` is sent by the RiverGen contract's clients.
const REQUEST_HEADERS: &str = "content-type, authorization, if-match, x-request-id, x-device-fingerprint";
const EXPOSED_HEADERS: &str = "X-Development-Session, X-Request-Id, Retry-After, ETag";

/// The origin of the calling page, if it is on the list.
pub(super) fn allowed_origin(request: &ServiceRequest, options: &HttpOptions) -> Option<String> {
    let origin = request.headers().get(ORIGIN)?.to_str().ok()?;
    options.allows_origin(origin).then(|| origin.to_owned())
}

/// Whether a browser asks beforehand.
pub(super) fn is_preflight(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    request.method() == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to that, for a page on the list. The same for every path, so it tells nothing.
pub(super) fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, METHODS))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS))
        .insert_header((ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}

/// Adds what lets the page at `origin` read the answer. `Vary` is on every answer: caches must not mix them up.
pub(super) fn add_headers(headers: &mut HeaderMap, origin: Option<&str>) {
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
    }
}
