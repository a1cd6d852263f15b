//! The credentials in a request: a Bearer token, the session cookie, or none. They are not verified here.

use actix_web::{
    HttpRequest,
    http::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue},
};
use selfsame_domain::OpaqueToken;

use crate::{CookieOptions, cookies};

/// The header in which a client without cookies sends the token of its remembered device.
const DEVICE_TOKEN: HeaderName = HeaderName::from_static("x-device-token");

/// The credentials in a request.
#[derive(Clone, Debug)]
pub(crate) enum Credentials {
    /// There are none.
    None,
    /// An access token, not verified.
    Bearer(String),
    /// A Bearer token that is not well-formed, or more than one. It is refused, and the cookie is ignored (R44).
    MalformedBearer,
    /// A well-formed session token.
    Cookie(OpaqueToken),
    /// A session cookie that is not well-formed: this server cannot have set it (R41).
    UnknownCookie,
}

impl Credentials {
    /// Reads the credentials from the request. With a Bearer token the cookie is ignored (R44, RFC 6750 section 2). Other
    /// schemes are for other servers, such as a proxy that asks for a password.
    pub(crate) fn of(request: &HttpRequest, options: CookieOptions) -> Self {
        let mut tokens = request.headers().get_all(AUTHORIZATION).filter_map(|header| bearer(header.as_bytes()));
        match (tokens.next(), tokens.next()) {
            (None, _) => cookie(request, options),
            (Some(token), None) if is_b64token(token) => Self::Bearer(token.to_owned()),
            (Some(_), _) => Self::MalformedBearer,
        }
    }
}

/// The token of a Bearer header; empty if it is no text. `None` for another scheme.
fn bearer(header: &[u8]) -> Option<&str> {
    let mut parts = header.splitn(2, |byte| *byte == b' ');
    parts.next().filter(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))?;
    Some(str::from_utf8(parts.next().unwrap_or_default()).unwrap_or_default().trim_matches(' '))
}

/// Whether a text is a `b64token` (RFC 6750 section 2.1).
fn is_b64token(token: &str) -> bool {
    let is_b64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    !token.is_empty() && token.bytes().all(is_b64)
}

/// The first session cookie that this server can have set, by the precedence of its names. An empty one counts as none:
/// the published curl example of `POST /me` sends it. Other cookies may have any bytes (RFC 6265, section 5.4).
fn cookie(request: &HttpRequest, options: CookieOptions) -> Credentials {
    let headers = request.headers();
    let sent: Vec<_> = sent_cookies(request).collect();
    let names = cookies::accepted_names(options, headers.contains_key("sec-fetch-site"));
    let of_name = |name: &'static str| sent.iter().filter(move |(key, _)| *key == name.as_bytes());
    let mut values = names.iter().flat_map(|name| of_name(name)).map(|(_, value)| *value).peekable();
    if values.peek().is_none() {
        return Credentials::None;
    }
    let token = values.find_map(|value| OpaqueToken::parse(str::from_utf8(value).ok()?));
    token.map_or(Credentials::UnknownCookie, Credentials::Cookie)
}

/// The token of a remembered device: in its cookie, or in `X-Device-Token` of a client without cookies. Not verified.
pub(crate) fn device(request: &HttpRequest, options: CookieOptions) -> Option<OpaqueToken> {
    let header = request.headers().get(DEVICE_TOKEN).map(HeaderValue::as_bytes);
    let name = cookies::device_name(options).as_bytes();
    let cookies = sent_cookies(request).filter(|(key, _)| *key == name).map(|(_, value)| value);
    header.into_iter().chain(cookies).find_map(|value| OpaqueToken::parse(str::from_utf8(value).ok()?))
}

fn sent_cookies(request: &HttpRequest) -> impl Iterator<Item = (&[u8], &[u8])> {
    let headers = request.headers().get_all(COOKIE);
    headers.flat_map(|header| header.as_bytes().split(|byte| *byte == b';')).filter_map(name_and_value)
}

/// A cookie with a value, without the quotes that may be around it.
fn name_and_value(cookie: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = cookie.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (cookie[..equals].trim_ascii(), cookie[equals + 1..].trim_ascii());
    let value = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
    Some((name, value)).filter(|_| !value.is_empty())
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
    fn a_device_is_known_by_its_cookie_or_its_header() {
        let (one, two) = (token(1), token(2));
        let read = |name: &'static str, value: String, options| {
            let request = TestRequest::get().insert_header((name, value)).to_http_request();
            device(&request, options).map(|token| token.expose().to_owned())
        };
        let plain = CookieOptions::default();
        let prefixed = CookieOptions { host_prefix: true, ..plain };
        let cookies = format!("device_id={}; __Host-device_id={}", one.expose(), two.expose());
        assert_eq!(read("cookie", cookies.clone(), plain).as_deref(), Some(one.expose()));
        assert_eq!(read("cookie", cookies, prefixed).as_deref(), Some(two.expose()));
        assert_eq!(read("x-device-token", one.expose().to_owned(), plain).as_deref(), Some(one.expose()));
        for junk in ["", "abc", "\u{e9}"] {
            assert_eq!(read("x-device-token", junk.to_owned(), plain), None, "{junk:?}");
        }
    }

    #[test]
    fn r44_with_a_bearer_token_the_cookie_is_not_looked_at() {
        let cookie = format!("session_id={}", token(1).expose());
        for (authorization, expected) in [
            ("Bearer abc.def-_", "bearer abc.def-_"),
            ("bearer abc", "bearer abc"),
            ("Bearer", "malformed"),
            ("Bearer ", "malformed"),
            ("Bearer a b", "malformed"),
        ] {
            assert_eq!(plain(&[("Cookie", &cookie), ("Authorization", authorization)]), expected, "{authorization:?}");
        }
        assert_eq!(plain(&[("Authorization", "Bearer a"), ("Authorization", "Bearer b")]), "malformed");
    }

    #[test]
    fn an_authorization_of_another_scheme_leaves_the_cookie() {
        let cookie = format!("session_id={}", token(1).expose());
        for authorization in ["Basic dXNlcjpwdw==", "Negotiate YII", "Digest username=\"a\"", ""] {
            let expected = format!("cookie {}", token(1).expose());
            assert_eq!(plain(&[("Cookie", &cookie), ("Authorization", authorization)]), expected, "{authorization:?}");
            assert_eq!(plain(&[("Authorization", authorization)]), "none", "{authorization:?}");
        }
        let both =
            [("Cookie", cookie.as_str()), ("Authorization", "Basic dXNlcjpwdw=="), ("Authorization", "Bearer a")];
        assert_eq!(plain(&both), "bearer a");
    }

    #[test]
    fn r41_a_cookie_that_cannot_be_ours_hides_none_that_can() {
        let good = token(1).expose().to_owned();
        for sent in [
            format!("session_id=deleted; session_id={good}"),
            format!("session_id={good}; session_id=deleted"),
            format!("session_id=; __session={good}"),
            format!("session_id=deleted; __session={good}"),
            format!("theme = dark ;session_id=\"{good}\""),
            format!("broken; =; session_id={good}; session_id"),
        ] {
            assert_eq!(plain(&[("Cookie", &sent)]), format!("cookie {good}"), "{sent}");
        }
        assert_eq!(
            plain(&[("Cookie", "session_id=deleted"), ("Cookie", &format!("__session={good}"))]),
            format!("cookie {good}")
        );
    }

    #[test]
    fn a_cookie_of_another_server_may_have_any_bytes() {
        let good = token(1).expose().to_owned();
        let sent = [b"lang=fran\xe7ais; session_id=".as_slice(), good.as_bytes(), b"; \xff"].concat();
        let request = TestRequest::get().insert_header(("Cookie", HeaderValue::from_bytes(&sent).unwrap()));
        let read = Credentials::of(&request.to_http_request(), CookieOptions::default());
        assert!(matches!(read, Credentials::Cookie(cookie) if cookie.expose() == good));
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
