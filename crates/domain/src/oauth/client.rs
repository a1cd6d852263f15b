//! Applications and resource servers that the operator has registered.

use std::fmt;

use subtle::ConstantTimeEq as _;
use url::{Host, Url};

use super::{Scopes, SigningAlgorithm};
use crate::TokenHash;

/// A public client (RFC 6749 section 2.1): an application without a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// Its name, for its users.
    pub name: String,
    /// Where it may receive codes: each passes [`is_redirect_uri`].
    pub redirect_uris: Vec<String>,
    /// Where a browser may be sent after a sign-out.
    pub post_logout_redirect_uris: Vec<String>,
    /// The scopes that it may ask for.
    pub scopes: Scopes,
    /// Whether its users are not asked for consent at an https address, because it belongs to the operator.
    pub skips_consent: bool,
    /// How its ID tokens are signed (`id_token_signed_response_alg`).
    pub id_token_algorithm: SigningAlgorithm,
}

impl Client {
    /// Whether it may receive a code at this address: character by character one of its own (RFC 9700 section 2.1), on a
    /// loopback address with any port (RFC 8252 section 7.3).
    pub fn accepts(&self, redirect_uri: &str) -> bool {
        is_one_of(&self.redirect_uris, redirect_uri)
    }

    /// Whether a browser may be sent to this address after a sign-out.
    pub fn accepts_after_logout(&self, redirect_uri: &str) -> bool {
        is_one_of(&self.post_logout_redirect_uris, redirect_uri)
    }
}

fn is_one_of(registered: &[String], uri: &str) -> bool {
    let portless = without_loopback_port(uri);
    registered.iter().any(|own| own == uri || (portless.is_some() && without_loopback_port(own) == portless))
}

/// The parts of an http URI of a loopback IP address around its port, as they are written.
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    let host = ["http://127.0.0.1", "http://[::1]"].into_iter().find(|host| uri.starts_with(host))?;
    let rest = &uri[host.len()..];
    let rest = match rest.strip_prefix(':') {
        Some(port) => {
            let digits = port.bytes().take_while(u8::is_ascii_digit).count();
            port[..digits].parse::<u16>().ok()?;
            &port[digits..]
        }
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

/// Whether an address may be registered: https; http of this machine; or a private-use scheme with a dot in its name (RFC
/// 8252 section 7.1). Without user, fragment and wildcard.
pub fn is_redirect_uri(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let is_allowed = match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback,
        scheme => scheme.contains('.'),
    };
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'*' && byte != b'\\');
    is_allowed && !has_credentials && url.fragment().is_none() && is_plain
}

/// A resource server (RFC 6749 section 1.1), which may ask what a token is good for. `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct ResourceServer {
    /// Its name at the introspection endpoint.
    pub id: String,
    /// The hash of its secret.
    pub secret: TokenHash,
}

impl ResourceServer {
    /// Whether this is its secret. A plain hash is enough for a long random secret.
    pub fn has_secret(&self, secret: &str) -> bool {
        bool::from(TokenHash::of(secret.as_bytes()).0.ct_eq(&self.secret.0))
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceServer").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(uri: &str) -> Client {
        Client {
            id: "app".to_owned(),
            name: "App".to_owned(),
            redirect_uris: vec![uri.to_owned()],
            post_logout_redirect_uris: Vec::new(),
            scopes: Scopes::default(),
            skips_consent: false,
            id_token_algorithm: SigningAlgorithm::Es256,
        }
    }

    #[test]
    fn r58_a_redirect_uri_must_be_equal_character_by_character() {
        let app = client("https://app.example/callback");
        assert!(app.accepts("https://app.example/callback"));
        for foreign in [
            "",
            "https://app.example/callback/",
            "https://app.example/callback?x=1",
            "https://app.example/callback#x",
            "https://APP.example/callback",
            "https://app.example:443/callback",
            "https://app.example/../callback",
            "http://app.example/callback",
            "https://evil.example/callback",
            "https://app.example@evil.example/callback",
            "https://app.example.evil.example/callback",
        ] {
            assert!(!app.accepts(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_native_application_may_listen_on_any_port_of_its_loopback_address() {
        let app = client("http://127.0.0.1/callback");
        for own in ["http://127.0.0.1/callback", "http://127.0.0.1:49152/callback"] {
            assert!(app.accepts(own), "{own}");
        }
        for foreign in [
            "http://127.0.0.1:x/callback",
            "http://127.0.0.1:99999/callback",
            "http://127.0.0.1:80@evil.example/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://127.0.0.1:80/other",
            "http://localhost/callback",
            "http://[::1]/callback",
            "https://127.0.0.1/callback",
        ] {
            assert!(!app.accepts(foreign), "{foreign}");
        }
        assert!(client("http://[::1]:1/cb").accepts("http://[::1]:2/cb"));
        assert!(!client("http://localhost:1/cb").accepts("http://localhost:2/cb"), "a name may lead elsewhere");
    }

    #[test]
    fn what_may_be_registered_is_https_this_machine_or_a_private_scheme() {
        for uri in ["https://a.example/cb", "http://127.0.0.1/cb", "http://localhost:3000", "com.example.app:/cb"] {
            assert!(is_redirect_uri(uri), "{uri}");
        }
        for uri in [
            "",
            "/cb",
            "http://a.example/cb",
            "https://u@a.example/cb",
            "https://a.example/cb#x",
            "https://*.example/cb",
            "https://a.example/a b",
            "javascript:alert(1)",
            "data:text/html,x",
            "app:/cb",
        ] {
            assert!(!is_redirect_uri(uri), "{uri}");
        }
    }

    #[test]
    fn r51_a_resource_server_shows_no_part_of_its_secret() {
        let server = ResourceServer { id: "orders".to_owned(), secret: TokenHash::of(b"secret") };
        assert!(server.has_secret("secret") && !server.has_secret("Secret") && !server.has_secret(""));
        assert_eq!(format!("{server:?}"), "ResourceServer { id: \"orders\", .. }");
    }
}
