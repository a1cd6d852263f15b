//! The credentials in a request: a Bearer token, the session cookie, or none. They are not verified here.

use actix_web::{HttpRequest, cookie::Cookie, http::header::AUTHORIZATION};
use selfsame_domain::OpaqueToken;

use crate::{CookieOptions, cookies};

/// The credentials in a request.
#[derive(Clone, Debug)]
pub(crate) enum Credentials {
    /// There are none.
    None,
    /// An access token, not verified.
    Bearer(String),
    /// An `Authorization` header without a well-formed Bearer token. It is refused, and the cookie is ignored (R44).
    MalformedBearer,
    /// A well-formed session token.
    Cookie(OpaqueToken),
    /// A session cookie that is not well-formed: this server cannot have set it (R41).
    UnknownCookie,
}

impl Credentials {
    /// Reads the credentials from the request. With an `Authorization` header the cookie is ignored (R44, RFC 6750
    /// section 2).
    pub(crate) fn of(request: &HttpRequest, options: CookieOptions) -> Self {
        let mut headers = request.headers().get_all(AUTHORIZATION);
        match (headers.next(), headers.next()) {
            (None, _) => cookie(request, options),
            (Some(header), None) => match header.to_str().ok().and_then(bearer) {
                Some(token) => Self::Bearer(token.to_owned()),
                None => Self::MalformedBearer,
            },
            (Some(_), Some(_)) => Self::MalformedBearer,
        }
    }
}

/// The `b64token` of RFC 6750 section 2.1.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim_matches(' ');
    let is_b64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.bytes().all(is_b64)).then_some(token)
}

/// The first session cookie with a value. The published curl example of `POST /me` sends an empty one, which counts as
/// none.
fn cookie(request: &HttpRequest, options: CookieOptions) -> Credentials {
    let Ok(sent) = request.cookies_raw() else { return Credentials::UnknownCookie };
    let is_browser = request.headers().contains_key("sec-fetch-site");
    let value = cookies::accepted_names(options, is_browser)
        .iter()
        .find_map(|name| sent.iter().find(|cookie| cookie.name() == *name && !cookie.value().is_empty()))
        .map(Cookie::value);
    match value.map(OpaqueToken::parse) {
        None => Credentials::None,
        Some(Some(token)) => Credentials::Cookie(token),
        Some(None) => Credentials::UnknownCookie,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn token(byte: u8) -> OpaqueToken {
        OpaqueToken::from_bytes(&[byte; 32])
    }

    /// The credentials in these headers, as a short text.
    fn read(headers: &[(&str, &str)], options: CookieOptions) -> String {
        let mut request = TestRequest::get();
        for header in headers {
            request = request.append_header(*header);
        }
        match Credentials::of(&request.to_http_request(), options) {
            Credentials::None => "none".to_owned(),
            Credentials::Bearer(token) => format!("bearer {token}"),
            Credentials::MalformedBearer => "malformed".to_owned(),
            Credentials::Cookie(token) => format!("cookie {}", token.expose()),
            Credentials::UnknownCookie => "unknown".to_owned(),
        }
    }

    fn plain(headers: &[(&str, &str)]) -> String {
        read(headers, CookieOptions::default())
    }

    #[test]
    fn r44_with_an_authorization_header_the_cookie_is_not_looked_at() {
        let cookie = format!("session_id={}", token(1).expose());
        for (authorization, expected) in [
            ("Bearer abc.def-_", "bearer abc.def-_"),
            ("bearer abc", "bearer abc"),
            ("Bearer", "malformed"),
            ("Bearer ", "malformed"),
            ("Bearer a b", "malformed"),
            ("Basic dXNlcjpwdw==", "malformed"),
            ("", "malformed"),
        ] {
            assert_eq!(plain(&[("Cookie", &cookie), ("Authorization", authorization)]), expected, "{authorization:?}");
        }
        assert_eq!(plain(&[("Authorization", "Bearer a"), ("Authorization", "Bearer b")]), "malformed");
    }

    #[test]
    fn session_id_wins_over_the_other_name() {
        let (one, two) = (token(1), token(2));
        let both = format!("__session={}; session_id={}", one.expose(), two.expose());
        assert_eq!(plain(&[("Cookie", &both)]), format!("cookie {}", two.expose()));
        let other = format!("__session={}", one.expose());
        assert_eq!(plain(&[("Cookie", &other)]), format!("cookie {}", one.expose()));
    }

    #[test]
    fn r41_what_was_never_handed_out_is_an_unknown_cookie() {
        assert_eq!(plain(&[("Cookie", "session_id=made-up")]), "unknown");
        assert_eq!(plain(&[("Cookie", "session_id=")]), "none");
        assert_eq!(plain(&[("Cookie", "theme=dark")]), "none");
        assert_eq!(plain(&[]), "none");
    }

    #[test]
    fn with_the_prefix_a_browser_is_believed_no_cookie_that_a_sibling_host_could_plant() {
        let options = CookieOptions { host_prefix: true, ..CookieOptions::default() };
        let planted = format!("session_id={}", token(1).expose());
        let own = format!("{planted}; __Host-session_id={}", token(2).expose());
        assert_eq!(read(&[("Cookie", &planted), ("Sec-Fetch-Site", "same-origin")], options), "none");
        assert_eq!(read(&[("Cookie", &own)], options), format!("cookie {}", token(2).expose()));
        assert_eq!(read(&[("Cookie", &planted)], options), format!("cookie {}", token(1).expose()));
    }
}
