//! The session cookie: its names, how it is set and how it is removed (R39; contracts/wacht/README.md, Cookie).

use std::time::Duration;

use actix_web::cookie::{Cookie, time};
use selfsame_domain::OpaqueToken;

use crate::CookieOptions;

/// The name of the published contract.
const SESSION_ID: &str = "session_id";
/// The name that server-side consumers of the same contract send.
const SESSION: &str = "__session";
/// A name that browsers accept only from this host.
const HOST_SESSION_ID: &str = "__Host-session_id";

/// The cookie of a remembered device.
const DEVICE_ID: &str = "device_id";
/// The same under a name that browsers accept only from this host.
const HOST_DEVICE_ID: &str = "__Host-device_id";

/// The name of the cookie of a remembered device.
pub(crate) fn device_name(options: CookieOptions) -> &'static str {
    if options.host_prefix { HOST_DEVICE_ID } else { DEVICE_ID }
}

/// The cookie of a remembered device. It has the attributes of the session cookie.
pub(crate) fn device_cookie(options: CookieOptions, token: &OpaqueToken, max_age: Duration) -> Cookie<'static> {
    let max_age = time::Duration::try_from(max_age).unwrap_or(time::Duration::MAX);
    cookie(options, device_name(options), token.expose().to_owned(), max_age)
}

/// The names under which a session cookie is accepted, in order of precedence.
pub(crate) fn accepted_names(options: CookieOptions, is_browser: bool) -> &'static [&'static str] {
    match (options.host_prefix, is_browser) {
        (false, _) => &[SESSION_ID, SESSION],
        (true, true) => &[HOST_SESSION_ID],
        (true, false) => &[HOST_SESSION_ID, SESSION_ID, SESSION],
    }
}

/// The cookies that set a session: the token under each name.
pub(crate) fn session_cookies(options: CookieOptions, token: &OpaqueToken, max_age: Duration) -> Vec<Cookie<'static>> {
    let max_age = time::Duration::try_from(max_age).unwrap_or(time::Duration::MAX);
    set_names(options).iter().map(|name| cookie(options, name, token.expose().to_owned(), max_age)).collect()
}

/// The cookies that remove a session.
pub(crate) fn removal_cookies(options: CookieOptions) -> Vec<Cookie<'static>> {
    set_names(options)
        .iter()
        .map(|name| {
            let mut removal = cookie(options, name, String::new(), time::Duration::ZERO);
            removal.set_expires(time::OffsetDateTime::UNIX_EPOCH);
            removal
        })
        .collect()
}

fn set_names(options: CookieOptions) -> &'static [&'static str] {
    if options.host_prefix { &[SESSION_ID, SESSION, HOST_SESSION_ID] } else { &[SESSION_ID, SESSION] }
}

fn cookie(options: CookieOptions, name: &'static str, value: String, max_age: time::Duration) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(options.secure)
        .http_only(true)
        .same_site(options.same_site)
        .max_age(max_age)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r39_the_session_cookie_is_secure_http_only_and_bound_to_this_host() {
        let token = OpaqueToken::from_bytes(&[7; 32]);
        let written = |options| -> Vec<_> {
            session_cookies(options, &token, Duration::from_mins(1)).iter().map(ToString::to_string).collect()
        };
        let expected = |attributes: &str| {
            ["session_id", "__session"].map(|name| {
                format!("{name}={}; HttpOnly; SameSite=Lax;{attributes} Path=/; Max-Age=60", token.expose())
            })
        };
        assert_eq!(written(CookieOptions::default()), expected(" Secure;"));
        let over_http = CookieOptions { secure: false, ..CookieOptions::default() };
        assert_eq!(written(over_http), expected(""), "browsers drop a Secure cookie of http://192.168.1.2");
    }

    #[test]
    fn r39_the_cookie_of_a_device_has_the_attributes_of_the_session_cookie() {
        let token = OpaqueToken::from_bytes(&[7; 32]);
        let written = |options| device_cookie(options, &token, Duration::from_mins(1)).to_string();
        let expected = |name| format!("{name}={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60", token.expose());
        assert_eq!(written(CookieOptions::default()), expected("device_id"));
        let prefixed = CookieOptions { host_prefix: true, ..CookieOptions::default() };
        assert_eq!(written(prefixed), expected("__Host-device_id"));
    }

    #[test]
    fn every_cookie_that_was_set_is_taken_away_again() {
        let options = CookieOptions { host_prefix: true, ..CookieOptions::default() };
        let names = |cookies: Vec<Cookie<'static>>| -> Vec<String> {
            cookies.iter().map(|cookie| cookie.name().to_owned()).collect()
        };
        let set = names(session_cookies(options, &OpaqueToken::from_bytes(&[7; 32]), Duration::from_mins(1)));
        assert_eq!(set, names(removal_cookies(options)));
        assert!(set.contains(&"__Host-session_id".to_owned()));
        for removal in removal_cookies(options) {
            let written = removal.to_string();
            assert!(written.contains("Max-Age=0") && written.contains("Expires=Thu, 01 Jan 1970"), "{written}");
        }
    }
}
