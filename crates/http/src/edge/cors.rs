//! Cross-origin reads for the pages on the allow-list, with credentials (R55; contracts/wacht/README.md, Cross-origin).
//!
//! Not actix-cors, because every response must have the headers, also an error before any route (otherwise browsers
//! only report "Failed to fetch"), and a refusal must have the form of the contract.

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
/// Clients of the RiverGen contract send `x-device-fingerprint`.
const REQUEST_HEADERS: &str =
    "content-type, authorization, if-match, if-none-match, x-request-id, x-device-fingerprint";
const EXPOSED_HEADERS: &str = "X-Development-Session, X-Request-Id, Retry-After, ETag";

/// The origin of the page, if it is on the list.
pub(super) fn allowed_origin(request: &ServiceRequest, options: &HttpOptions) -> Option<String> {
    let origin = request.headers().get(ORIGIN)?.to_str().ok()?;
    options.allows_origin(origin).then(|| origin.to_owned())
}

/// Whether the request is a CORS preflight.
pub(super) fn is_preflight(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    request.method() == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The response to a preflight from a page on the list. It is the same for every path.
pub(super) fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, METHODS))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS))
        .insert_header((ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}

/// Lets the page at `origin` read the response. Every response has `Vary`, because caches must keep origins apart.
pub(super) fn add_headers(headers: &mut HeaderMap, origin: Option<&str>) {
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
    }
}
