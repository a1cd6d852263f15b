//! Secrets, and URLs that may contain one, and their masked form. The only place that masks.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize, Serializer};
use url::form_urlencoded;

/// The text that replaces a secret.
const MASK: &str = "***";

/// The URL of a database, mail server or blob store. Printed or serialised, its secrets are `***` (R51);
/// [`expose`](Self::expose) returns the whole URL.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct SecretUrl(String);

impl SecretUrl {
    /// Wraps a URL.
    pub(super) fn new(url: String) -> Self {
        Self(url)
    }

    /// The URL as it was set, secrets included: for the adapter that connects, not for logs.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// A URL of the same scheme with another path.
    pub(crate) fn with_path(&self, path: &std::path::Path) -> Self {
        Self(format!("{}://{}", self.scheme(), path.display()))
    }

    /// `postgres` of `postgres://…`; empty when there is no scheme.
    pub(crate) fn scheme(&self) -> &str {
        self.0.split_once("://").map_or("", |(scheme, _)| scheme)
    }

    /// The part after `://`, unchanged: the path of a `sqlite://` or `file://` URL.
    pub(crate) fn after_scheme(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// The password between `user:` and `@`, percent-encoded as in the URL.
    pub(super) fn password(&self) -> Option<&str> {
        Parts::of(&self.0)?.password
    }

    /// The user before the password or `@`.
    pub(super) fn user(&self) -> Option<&str> {
        Parts::of(&self.0)?.user
    }

    /// Every host between the credentials and the path, without its port: several for a cluster, an empty one for none.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &str> {
        let authority = Parts::of(&self.0).and_then(|parts| parts.address.split('/').next()).unwrap_or_default();
        authority.split(',').map(|host| match host.split_once(']') {
            Some((ip, _)) => ip.trim_start_matches('['),
            None => host.split(':').next().unwrap_or_default(),
        })
    }

    /// The decoded values of every query parameter of this name.
    pub(super) fn parameters(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let query = Parts::of(&self.0).and_then(|parts| parts.query).unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).filter(move |(key, _)| key == name).map(|(_, value)| value)
    }
}

impl fmt::Display for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parts) = Parts::of(&self.0) else {
            // Not a URL, so it is not known which part is the secret.
            return f.write_str(if self.0.is_empty() { "" } else { MASK });
        };
        write!(f, "{}://", parts.scheme)?;
        if let Some(user) = parts.user {
            let password = if parts.password.is_some() { ":***" } else { "" };
            write!(f, "{user}{password}@")?;
        }
        f.write_str(parts.address)?;
        let Some(query) = parts.query else { return Ok(()) };
        for (index, parameter) in query.split('&').enumerate() {
            f.write_str(if index == 0 { "?" } else { "&" })?;
            match parameter.split_once('=') {
                Some((name, _)) if is_secret(name) => write!(f, "{name}={MASK}")?,
                _ => f.write_str(parameter)?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl Serialize for SecretUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A secret that is no URL, such as an access key. Printed or serialised it is `***` (R51).
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// The secret as it was set: for the adapter that uses it, not for logs.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "" } else { MASK })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A leniently parsed URL: the last `@` before the query ends the credentials, so that a password with an unescaped
/// `/`, `#` or `@` is masked too. A masked URL may show too little, never too much.
struct Parts<'a> {
    scheme: &'a str,
    user: Option<&'a str>,
    password: Option<&'a str>,
    address: &'a str,
    query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (credentials, rest) = match rest.rsplit_once('@') {
            // Without a colon there is no password, and an `@` after the host does not end credentials.
            Some((before, after)) if before.contains(':') || !before.contains(['/', '?']) => (Some(before), after),
            _ => (None, rest),
        };
        let (user, password) = match credentials.map(|text| text.split_once(':').ok_or(text)) {
            Some(Ok((user, password))) => (Some(user), Some(password)),
            Some(Err(user)) => (Some(user), None),
            None => (None, None),
        };
        let (address, query) = match rest.split_once('?') {
            Some((address, query)) => (address, Some(query)),
            None => (rest, None),
        };
        Some(Self { scheme, user, password, address, query })
    }
}

/// Query parameters that carry a secret: libpq's `password` and `sslpassword`, object storage's keys and tokens.
fn is_secret(parameter: &str) -> bool {
    let name = parameter.to_ascii_lowercase();
    ["password", "passwd", "secret", "token", "key", "credential"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str) -> String {
        SecretUrl::new(url.to_owned()).to_string()
    }

    #[test]
    fn r51_a_password_in_a_url_is_masked() {
        assert_eq!(
            shown("postgres://u:secret@h:5432/db?sslmode=require"),
            "postgres://u:***@h:5432/db?sslmode=require"
        );
        assert_eq!(
            shown("smtps://u%40example.com:secret@mail.example.com"),
            "smtps://u%40example.com:***@mail.example.com"
        );
    }

    #[test]
    fn r51_a_password_with_unescaped_delimiters_is_masked_whole() {
        for password in ["p@ss", "p/w", "p#w", "p?w", "a:b", "@", "p@/?#&=:"] {
            let shown = shown(&format!("postgres://u:{password}@h/db"));
            assert_eq!(shown, "postgres://u:***@h/db", "{password}");
        }
    }

    #[test]
    fn r51_secrets_among_the_query_parameters_are_masked() {
        assert_eq!(
            shown("postgres://h/db?user=u&password=secret&sslmode=require"),
            "postgres://h/db?user=u&password=***&sslmode=require"
        );
        assert_eq!(shown("postgres://h/db?password=a@b"), "postgres://h/db?password=***");
        assert_eq!(shown("s3://bucket?secret_access_key=x&region=r"), "s3://bucket?secret_access_key=***&region=r");
    }

    #[test]
    fn r51_a_secret_is_masked_whole() {
        let secret = Secret("live_key".to_owned());
        assert_eq!((secret.to_string().as_str(), format!("{secret:?}").as_str()), (MASK, "\"***\""));
        assert_eq!(serde_json::to_value(&secret).ok(), Some(MASK.into()));
        assert_eq!(Secret::default().to_string(), "");
    }

    #[test]
    fn a_url_without_a_secret_is_shown_as_it_is() {
        for url in ["sqlite://data/selfsame.db", "file:///var/mail", "postgres://u@h/db", "smtp://localhost:25", ""] {
            assert_eq!(shown(url), url);
        }
    }

    #[test]
    fn hosts_and_parameters_are_found_where_libpq_finds_them() {
        for (url, hosts) in [
            ("postgres://u:p@db.example.com:5432/x?host=other", &["db.example.com"][..]),
            ("postgres://u:p@ss/w@a:1,[::1]:2,c/x", &["a", "::1", "c"]),
            ("postgres://%2Frun%2Fpostgresql/x", &["%2Frun%2Fpostgresql"]),
            ("postgres:///x", &[""]),
            ("smtp://localhost:25", &["localhost"]),
        ] {
            assert_eq!(SecretUrl::new(url.to_owned()).hosts().collect::<Vec<_>>(), hosts, "{url}");
        }
        let url = SecretUrl::new("postgres://h/x?sslmode=require&ssl%6Dode=disable&host=%2Frun".to_owned());
        assert_eq!(url.parameters("sslmode").collect::<Vec<_>>(), ["require", "disable"]);
        assert_eq!(url.parameters("host").collect::<Vec<_>>(), ["/run"]);
    }

    #[test]
    fn r51_what_is_no_url_is_masked_whole() {
        assert_eq!(shown("host=h user=u password=secret"), MASK);
    }

    #[test]
    fn r51_debug_output_is_masked_too() {
        assert!(!format!("{:?}", SecretUrl::new("smtp://u:secret@h".to_owned())).contains("secret"));
    }
}
