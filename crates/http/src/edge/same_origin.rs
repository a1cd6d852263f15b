//! Protection against cross-site request forgery (R52, R54), by the headers that name the page of a request.
//!
//! Every unsafe request without a Bearer token is checked, with or without a cookie: sign-in, sign-up and sign-out need
//! protection too. A page cannot send a token to another origin without CORS, and with a token the cookie is ignored
//! (R44). Other schemes are no proof: browsers send `Basic` by themselves, for any page.
//!
//! A request for an authorization or a sign-out comes from the page of an application and changes nothing: it is only
//! redirected. The other endpoints for applications take no cookie, so their pages may call them.

use actix_web::{
    dev::ServiceRequest,
    http::header::{AUTHORIZATION, HeaderMap, HeaderValue, ORIGIN},
};

use crate::{
    HttpOptions,
    contracts::oauth::{AUTHORIZATION_ENDPOINT, LOGOUT_ENDPOINT},
};

/// Whether the request must be refused. It passes with `Sec-Fetch-Site: same-origin`, with an `Origin` of this server
/// or on the allow-list, and with neither header, because browsers send at least one of them.
pub(super) fn is_forged(request: &ServiceRequest, options: &HttpOptions) -> bool {
    let headers = request.headers();
    let is_redirected = [AUTHORIZATION_ENDPOINT, LOGOUT_ENDPOINT].contains(&request.path());
    if request.method().is_safe() || is_redirected || has_token(headers) {
        return false;
    }
    let sites: Vec<_> = headers.get_all("sec-fetch-site").collect();
    let origins: Vec<_> = headers.get_all(ORIGIN).collect();
    let is_ours = |origin: &HeaderValue| {
        is_ours(origin, options)
            || origin.to_str().is_ok_and(|origin| options.serves_application(origin, request.path()))
    };
    let is_allowed = match (sites.as_slice(), origins.as_slice()) {
        ([], []) => true,
        ([site], []) => *site == "same-origin",
        ([], [origin]) => is_ours(origin),
        ([site], [origin]) => *site == "same-origin" || is_ours(origin),
        _ => false,
    };
    !is_allowed
}

fn has_token(headers: &HeaderMap) -> bool {
    let is_bearer = |header: &HeaderValue| {
        let scheme = header.to_str().ok().and_then(|header| header.split(' ').next());
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
    };
    headers.contains_key(AUTHORIZATION) && headers.get_all(AUTHORIZATION).all(is_bearer)
}

fn is_ours(origin: &HeaderValue, options: &HttpOptions) -> bool {
    let public = || options.public_url.origin().ascii_serialization();
    origin.to_str().is_ok_and(|origin| origin != "null" && (options.allows_origin(origin) || origin == public()))
}

#[cfg(test)]
mod tests {
    use actix_web::{http::Method, test::TestRequest};

    use super::*;

    fn options() -> HttpOptions {
        HttpOptions {
            allowed_origins: vec!["https://app.example".to_owned()],
            ..HttpOptions::new("https://id.example".parse().unwrap())
        }
    }

    fn is_forged_with(method: Method, headers: &[(&str, &str)]) -> bool {
        let mut request = TestRequest::with_uri("/me").method(method).append_header(("Cookie", "session_id=x"));
        for header in headers {
            request = request.append_header(*header);
        }
        is_forged(&request.to_srv_request(), &options())
    }

    #[test]
    fn r52_a_request_of_this_origin_of_an_allowed_one_or_of_no_browser_passes() {
        for headers in [
            &[][..],
            &[("Sec-Fetch-Site", "same-origin")],
            &[("Sec-Fetch-Site", "same-origin"), ("Origin", "null")],
            &[("Origin", "https://id.example")],
            &[("Origin", "https://app.example")],
            &[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://app.example")],
        ] {
            assert!(!is_forged_with(Method::POST, headers), "{headers:?}");
        }
    }

    #[test]
    fn r52_anything_else_is_forged() {
        for headers in [
            &[("Sec-Fetch-Site", "cross-site")][..],
            &[("Sec-Fetch-Site", "same-site")],
            &[("Sec-Fetch-Site", "none")],
            &[("Sec-Fetch-Site", "")],
            &[("Origin", "null")],
            &[("Origin", "")],
            &[("Origin", "https://evil.example")],
            &[("Origin", "https://id.example.evil.example")],
            &[("Origin", "https://id.example:8443")],
            &[("Origin", "http://id.example")],
            &[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")],
            &[("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
            &[("Origin", "https://id.example"), ("Origin", "https://evil.example")],
        ] {
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                assert!(is_forged_with(method.clone(), headers), "{method} {headers:?}");
            }
        }
    }

    #[test]
    fn safe_methods_and_requests_that_bring_their_own_authority_are_not_looked_at() {
        let evil = ("Origin", "https://evil.example");
        assert!(!is_forged_with(Method::GET, &[evil]));
        assert!(!is_forged_with(Method::POST, &[evil, ("Authorization", "Bearer abc")]));
    }

    #[test]
    fn r52_r54_no_scheme_that_a_browser_sends_by_itself_vouches_for_a_page() {
        let evil = ("Origin", "https://evil.example");
        for authorization in ["Basic dXNlcjpwdw==", "Negotiate abc", "Digest username=x", "Bearerx abc", ""] {
            assert!(is_forged_with(Method::POST, &[evil, ("Authorization", authorization)]), "{authorization:?}");
        }
        let both = [evil, ("Authorization", "Bearer abc"), ("Authorization", "Basic dXNlcjpwdw==")];
        assert!(is_forged_with(Method::POST, &both));
    }
}
