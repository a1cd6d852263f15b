//! The headers of section 3 of the security promises, on every answer (R56, R57).
//!
//! These are the values of an API: nothing may be embedded, loaded or kept. A page that needs more sets its own before.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};

/// Which pages of other origins may embed an answer.
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
const TWO_YEARS: &str = "max-age=63072000; includeSubDomains";

/// Adds those that are not there yet.
pub(super) fn add(headers: &mut HeaderMap, is_https: bool) {
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(VARY, HeaderValue::from_static("Sec-Fetch-Site, Cookie, Authorization"));
    }
    let defaults = [
        (CONTENT_SECURITY_POLICY, API_POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    ];
    for (name, value) in defaults {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TWO_YEARS));
    }
}
