//! Limits on the head of a request (R84). Refuses a path that has another spelling (R60).

use actix_web::{
    dev::ServiceRequest,
    http::header::{HeaderName, HeaderValue},
};

use crate::{SizeLimits, failure::Failure};

/// Why the request is refused, if it is. The size of the headers is that of names and values. A head of more than 128
/// KiB or 96 headers does not get here: the framework responds with an empty 431, without the headers of the edge.
pub(super) fn refused(request: &ServiceRequest, limits: &SizeLimits) -> Option<Failure> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let size = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    if target > limits.url {
        Some(Failure::UriTooLong)
    } else if request.headers().iter().map(size).sum::<usize>() > limits.headers {
        Some(Failure::HeadersTooLarge)
    } else if has_alias(request.uri().path()) {
        Some(Failure::NotFound)
    } else {
        None
    }
}

/// Whether a path escapes an unreserved character (RFC 3986, section 2.3), a slash, a backslash or NUL, or has an
/// invalid escape. The router decodes `/m%65`, but a proxy rule for `/me` would not match it.
fn has_alias(path: &str) -> bool {
    path.split('%').skip(1).any(|escaped| {
        let byte = escaped.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        byte.is_none_or(|byte| byte.is_ascii_alphanumeric() || b"-._~/\\\0".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn r84_url_and_headers_have_limits() {
        let limits = SizeLimits::default();
        let url = |length: usize| TestRequest::with_uri(&format!("/{}", "a".repeat(length - 1))).to_srv_request();
        assert_eq!(refused(&url(8192), &limits), None);
        assert_eq!(refused(&url(8193), &limits), Some(Failure::UriTooLong));

        let header = |length: usize| TestRequest::get().insert_header(("x", "a".repeat(length - 1))).to_srv_request();
        assert_eq!(refused(&header(16384), &limits), None);
        assert_eq!(refused(&header(16385), &limits), Some(Failure::HeadersTooLarge));
    }

    #[test]
    fn r60_no_escape_makes_an_alias_of_a_path() {
        for alias in ["/m%65", "/%6de", "/me%2Femails", "/a%2e%2e/me", "/x%00", "/bad%zz", "/cut%4"] {
            assert!(has_alias(alias), "{alias}");
        }
        for proper in ["/me", "/a%20b", "/%C3%BC", "/me/emails/1"] {
            assert!(!has_alias(proper), "{proper}");
        }
    }
}
