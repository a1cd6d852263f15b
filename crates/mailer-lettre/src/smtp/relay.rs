//! Parses the mail URL: the server, and how to connect to it.

use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use rustls::ClientConfig;
use selfsame_ports::MailError;
use url::{Host, Url};

use super::{connection::Connection, deadline::Deadline, failure::Failure, tls};
use crate::SetupError;

/// An SMTP server.
pub(super) struct Relay {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
}

#[derive(PartialEq, Eq)]
struct Credentials {
    user: String,
    password: String,
}

/// How the conversation is encrypted.
enum Tls {
    Never,
    IfOffered(Arc<ClientConfig>),
    OrNothing(Arc<ClientConfig>),
    FromTheFirstByte(Arc<ClientConfig>),
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
        let tls = tls(&url, credentials.is_some())?;
        let port = url.port().unwrap_or(match (&tls, &credentials) {
            (Tls::FromTheFirstByte(_), _) => 465,
            (_, Some(_)) => 587,
            (_, None) => 25,
        });
        Ok(Self { host, port, tls, credentials })
    }

    /// A new connection, encrypted and authenticated according to the URL. No failure here is about a mail.
    pub(super) fn connect(&self, deadline: Deadline) -> Result<Connection, MailError> {
        self.open(deadline).map_err(Failure::before_the_mail)
    }

    fn open(&self, deadline: Deadline) -> Result<Connection, Failure> {
        let from_the_first_byte = match &self.tls {
            Tls::FromTheFirstByte(tls) => Some(tls),
            _ => None,
        };
        let addresses = (self.host.as_str(), self.port).to_socket_addrs().map_err(|error| Failure::io(&error))?;
        let addresses: Vec<SocketAddr> = addresses.collect();
        let mut connection = Connection::open(&addresses, &self.host, from_the_first_byte, deadline)?;
        connection.hello()?;
        match &self.tls {
            Tls::IfOffered(tls) | Tls::OrNothing(tls) if connection.offers("STARTTLS") => {
                connection.start_tls(&self.host, tls)?;
            }
            Tls::OrNothing(_) => return Err(Failure::broken("STARTTLS is not supported by this server")),
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            credentials.authenticate(&mut connection)?;
        }
        Ok(connection)
    }
}

impl Credentials {
    /// AUTH PLAIN (RFC 4616) or LOGIN; the text of LOGIN's prompts is ignored.
    fn authenticate(&self, connection: &mut Connection) -> Result<(), Failure> {
        let Self { user, password } = self;
        if connection.offers_auth("PLAIN") {
            let response = STANDARD.encode(format!("\0{user}\0{password}"));
            connection.command(&format!("AUTH PLAIN {response}")).map(drop)
        } else if connection.offers_auth("LOGIN") {
            connection.begin("AUTH LOGIN", 334)?;
            connection.begin(&STANDARD.encode(user), 334)?;
            connection.command(&STANDARD.encode(password)).map(drop)
        } else {
            Err(Failure::broken("the server offers neither AUTH PLAIN nor AUTH LOGIN"))
        }
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
        (user, Some(password)) => Ok(Some(Credentials { user: decode(user)?, password: decode(password)? })),
    }
}

fn tls(url: &Url, has_credentials: bool) -> Result<Tls, SetupError> {
    let mut queries = url.query_pairs();
    let wanted = match (queries.next(), queries.next()) {
        (None, _) => None,
        (Some((key, value)), None) if key == "tls" => Some(value),
        _ => return Err(SetupError::Url("the only query is ?tls=")),
    };
    match (url.scheme(), wanted.as_deref()) {
        ("smtps", None | Some("required")) => Ok(Tls::FromTheFirstByte(verified()?)),
        ("smtp", Some("none")) => Ok(Tls::Never),
        ("smtp", Some("required")) => Ok(Tls::OrNothing(verified()?)),
        ("smtp", None) if has_credentials => Ok(Tls::OrNothing(verified()?)),
        ("smtp", None | Some("opportunistic")) => Ok(Tls::IfOffered(unverified()?)),
        ("smtp", Some(_)) => Err(SetupError::Url("tls is required, opportunistic or none")),
        ("smtps", Some(_)) => Err(SetupError::Url("smtps:// is always encrypted")),
        _ => Err(SetupError::Url("neither smtp:// nor smtps://")),
    }
}

fn verified() -> Result<Arc<ClientConfig>, SetupError> {
    tls::verified().map_err(|_| SetupError::Url("TLS cannot be set up"))
}

fn unverified() -> Result<Arc<ClientConfig>, SetupError> {
    tls::unverified().map_err(|_| SetupError::Url("TLS cannot be set up"))
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
        let expected = Credentials { user: "jane@example.com".into(), password: "p@ss/wörd+%".into() };
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
