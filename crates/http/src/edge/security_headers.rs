//! The security headers (SECURITY.md, Defaults) of every response (R56, R57).
//!
//! The values are those of an API: nothing may be embedded, loaded or cached. A page that needs more sets its own
//! values.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};

use crate::HttpOptions;

/// Which origins may embed a response.
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
const TWO_YEARS: &str = "max-age=63072000";
const TWO_YEARS_WITH_SUBDOMAINS: &str = "max-age=63072000; includeSubDomains";

/// Adds the headers that the response does not have.
pub(super) fn add(headers: &mut HeaderMap, options: &HttpOptions) {
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
    if options.is_https() {
        let policy = if options.hsts_include_subdomains { TWO_YEARS_WITH_SUBDOMAINS } else { TWO_YEARS };
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(policy));
    }
}
