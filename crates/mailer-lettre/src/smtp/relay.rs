//! Parses the mail URL: the server, and how to connect to it.

use lettre::transport::smtp::{
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{SmtpConnection, TlsParameters},
    extension::ClientId,
};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use selfsame_ports::MailError;

use super::{conversation::Deadline, failure};
use crate::SetupError;

/// An SMTP server.
pub(super) struct Relay {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
}

/// How the conversation is encrypted.
enum Tls {
    Never,
    IfOffered(TlsParameters),
    OrNothing(TlsParameters),
    FromTheFirstByte(TlsParameters),
}

impl Relay {
    /// Parses the URLs of [`MailerOptions::url`](crate::MailerOptions::url).
    pub(super) fn parse(url: &str) -> Result<Self, SetupError> {
        let url = Url::parse(url).map_err(|_| SetupError::Url("not a URL"))?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SetupError::Url("nothing may follow the port but ?tls="));
        }
        let host = host(&url).ok_or(SetupError::Url("no host"))?;
        let credentials = credentials(&url)?;
        let tls = tls(&url, &host, credentials.is_some())?;
        let port = url.port().unwrap_or(match (&tls, &credentials) {
            (Tls::FromTheFirstByte(_), _) => 465,
            (_, Some(_)) => 587,
            (_, None) => 25,
        });
        Ok(Self { host, port, tls, credentials, hello: ClientId::default() })
    }

    /// A new connection, encrypted and authenticated according to the URL. No failure here is about a mail.
    pub(super) fn connect(&self, deadline: Deadline) -> Result<SmtpConnection, MailError> {
        let failed = |error| failure::before_the_mail(&error);
        let wrapper = match &self.tls {
            Tls::FromTheFirstByte(tls) => Some(tls),
            _ => None,
        };
        let server = (self.host.as_str(), self.port);
        let left = Some(deadline.left()?);
        let mut connection = SmtpConnection::connect(server, left, &self.hello, wrapper, None).map_err(failed)?;
        deadline.limit(&mut connection)?;
        match &self.tls {
            Tls::OrNothing(tls) => connection.starttls(tls, &self.hello).map_err(failed)?,
            Tls::IfOffered(tls) if connection.can_starttls() => {
                connection.starttls(tls, &self.hello).map_err(failed)?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            deadline.limit(&mut connection)?;
            connection.auth(DEFAULT_MECHANISMS, credentials).map_err(failed)?;
        }
        Ok(connection)
    }
}

fn host(url: &Url) -> Option<String> {
    // The URL standard does not parse the host of an unknown scheme.
    match Host::parse(url.host_str()?).ok()? {
        Host::Domain(name) => Some(name),
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(address.to_string()),
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, SetupError> {
    let decode = |text| {
        let decoded = percent_decode_str(text).decode_utf8();
        decoded.map(String::from).map_err(|_| SetupError::Url("user and password must be UTF-8"))
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err(SetupError::Url("user and password go together")),
        (user, Some(password)) => Ok(Some(Credentials::new(decode(user)?, decode(password)?))),
    }
}

fn tls(url: &Url, host: &str, has_credentials: bool) -> Result<Tls, SetupError> {
    let mut queries = url.query_pairs();
    let wanted = match (queries.next(), queries.next()) {
        (None, _) => None,
        (Some((key, value)), None) if key == "tls" => Some(value),
        _ => return Err(SetupError::Url("the only query is ?tls=")),
    };
    match (url.scheme(), wanted.as_deref()) {
        ("smtps", None | Some("required")) => Ok(Tls::FromTheFirstByte(verified(host)?)),
        ("smtp", Some("none")) => Ok(Tls::Never),
        ("smtp", Some("required")) => Ok(Tls::OrNothing(verified(host)?)),
        ("smtp", None) if has_credentials => Ok(Tls::OrNothing(verified(host)?)),
        ("smtp", None | Some("opportunistic")) => Ok(Tls::IfOffered(unverified(host)?)),
        ("smtp", Some(_)) => Err(SetupError::Url("tls is required, opportunistic or none")),
        ("smtps", Some(_)) => Err(SetupError::Url("smtps:// is always encrypted")),
        _ => Err(SetupError::Url("neither smtp:// nor smtps://")),
    }
}

fn verified(host: &str) -> Result<TlsParameters, SetupError> {
    TlsParameters::new(host.to_owned()).map_err(|_| SetupError::Url("TLS cannot be set up for this host"))
}

/// Opportunistic TLS (RFC 7435) protects against listeners only: an attacker who could forge the certificate could also
/// hide STARTTLS. To refuse a self-signed certificate would only mean that the mail is sent unencrypted.
fn unverified(host: &str) -> Result<TlsParameters, SetupError> {
    TlsParameters::builder(host.to_owned())
        .dangerous_accept_invalid_certs(true)
        .dangerous_accept_invalid_hostnames(true)
        .build()
        .map_err(|_| SetupError::Url("TLS cannot be set up for this host"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Relay, SetupError> {
        Relay::parse(url)
    }

    fn reached(url: &str) -> (String, u16, &'static str) {
        let relay = parse(url).unwrap();
        let tls = match relay.tls {
            Tls::Never => "never",
            Tls::IfOffered(_) => "if offered",
            Tls::OrNothing(_) => "or nothing",
            Tls::FromTheFirstByte(_) => "from the first byte",
        };
        (relay.host, relay.port, tls)
    }

    #[test]
    fn the_url_decides_host_port_and_encryption() {
        for (url, host, port, tls) in [
            ("smtp://mail.example", "mail.example", 25, "if offered"),
            ("smtp://mail.example/", "mail.example", 25, "if offered"),
            ("smtp://mail.example?tls=required", "mail.example", 25, "or nothing"),
            ("smtp://mail.example:2525?tls=none", "mail.example", 2525, "never"),
            ("smtp://a:b@mail.example", "mail.example", 587, "or nothing"),
            ("smtp://a:b@mail.example:25", "mail.example", 25, "or nothing"),
            ("smtp://a:b@mail.example?tls=none", "mail.example", 587, "never"),
            ("smtp://a:b@mail.example?tls=opportunistic", "mail.example", 587, "if offered"),
            ("smtps://mail.example", "mail.example", 465, "from the first byte"),
            ("smtps://a:b@127.0.0.1:4650", "127.0.0.1", 4650, "from the first byte"),
            ("smtp://[::1]:25", "::1", 25, "if offered"),
        ] {
            assert_eq!(reached(url), (host.to_owned(), port, tls), "{url}");
        }
    }

    #[test]
    fn user_and_password_are_percent_decoded() {
        let relay = parse("smtps://jane%40example.com:p%40ss%2Fw%C3%B6rd+%25@mail.example").unwrap();
        let expected = Credentials::new("jane@example.com".into(), "p@ss/wörd+%".into());
        assert!(relay.credentials == Some(expected));
    }

    #[test]
    fn a_url_that_is_not_understood_is_refused_and_not_repeated() {
        for url in [
            "mail.example",
            "http://mail.example",
            "file:///tmp/s3cret",
            "smtp://",
            "smtp://s3cret@mail.example",
            "smtp://:s3cret@mail.example",
            "smtp://a:s3cret@mail.example/path",
            "smtp://a:s3cret@mail.example?tls=perhaps",
            "smtp://a:s3cret@mail.example?ssl=required",
            "smtp://a:s3cret@mail.example?tls=required&tls=none",
            "smtps://a:s3cret@mail.example?tls=none",
            "smtp://a:%FFs3cret@mail.example",
        ] {
            let error = parse(url).err().unwrap_or_else(|| panic!("{url} was taken"));
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
