//! Cross-origin reads for the pages on the allow-list, with credentials (R55; contracts/wacht/README.md, Cross-origin).
//!
//! Not actix-cors, because every response must have the headers, also an error before any route (otherwise browsers
//! only report "Failed to fetch"), and a refusal must have the form of the contract.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

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
/// Clients of the RiverGen contract send `x-device-fingerprint`, clients without cookies `x-device-token`.
const REQUEST_HEADERS: &str = "content-type, authorization, if-match, if-none-match, idempotency-key, prefer, x-request-id, \
    x-device-fingerprint, x-device-token";
const EXPOSED_HEADERS: &str = "X-Development-Session, X-Request-Id, Retry-After, ETag, Link, Preference-Applied, \
    Idempotent-Replayed, RateLimit, RateLimit-Policy";

/// A page that may read a response.
pub(super) struct AllowedOrigin {
    origin: String,
    /// Whether it may read what the cookies of its visitor give.
    with_credentials: bool,
}

/// The origin of the page, if it is on the list. No page of another origin reads the development mailbox: it has every
/// code and link, and needs no sign-in.
pub(super) fn allowed_origin(request: &ServiceRequest, options: &HttpOptions) -> Option<AllowedOrigin> {
    if request.path().starts_with("/dev/") {
        return None;
    }
    let origin = request.headers().get(ORIGIN)?.to_str().ok()?;
    let with_credentials = options.allows_origin(origin);
    let is_allowed = with_credentials || options.serves_application(origin, request.path());
    if !is_allowed && origin != options.public_url.origin().ascii_serialization() && NOTED.is_new(origin) {
        tracing::warn!(
            origin,
            hint = "pages of an origin may call if server.allowed_origins lists it",
            "a page of another origin may not read this server"
        );
    }
    is_allowed.then(|| AllowedOrigin { origin: origin.to_owned(), with_credentials })
}

/// The origins whose pages were refused and are in the log.
static NOTED: Noted = Noted(Mutex::new(BTreeSet::new()));

/// Origins, each noted once, and so many at most that strangers fill neither the log nor the memory.
struct Noted(Mutex<BTreeSet<String>>);

impl Noted {
    const MOST: usize = 100;
    const LONGEST: usize = 256;

    fn is_new(&self, origin: &str) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.len() < Self::MOST && origin.len() <= Self::LONGEST && noted.insert(origin.to_owned())
    }
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

/// Lets an allowed page read the response. Every response has `Vary`, because caches must keep origins apart.
pub(super) fn add_headers(headers: &mut HeaderMap, allowed: Option<&AllowedOrigin>) {
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let Some(AllowedOrigin { origin, with_credentials }) = allowed else { return };
    if let Ok(origin) = HeaderValue::from_str(origin) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if *with_credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_origin_is_noted_once_and_strangers_cannot_fill_the_log() {
        let noted = Noted(Mutex::default());
        assert!(noted.is_new("https://app.example") && !noted.is_new("https://app.example"));
        assert!(!noted.is_new(&"x".repeat(Noted::LONGEST + 1)));
        let new = (0..1000).filter(|number| noted.is_new(&format!("https://{number}.example"))).count();
        assert_eq!(new, Noted::MOST - 1);
    }
}
