//! The picture of an account, a stored file or a link, and the forms in which it may be sent (R71, R74, R75).

use std::borrow::Cow;

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use url::{Host, Url};

use crate::Rule;

/// Greatest length of a picture link, in characters.
pub const PICTURE_URL_MAX: usize = 2048;

/// Where the picture is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A file of the blob store, by its content-addressed name.
    Stored(String),
    /// An https URL. It is stored and returned, and never fetched.
    Link(String),
}

impl Picture {
    /// Reads an `https://` URL with a public host name and without credentials. It is handed to the browser of everybody who
    /// sees the picture, so it must not name a host of their own network (R75).
    pub fn link(typed: &str) -> Result<Self, Rule> {
        let typed = typed.trim();
        if typed.chars().count() > PICTURE_URL_MAX {
            return Err(Rule::TooLong { max: PICTURE_URL_MAX });
        }
        let url = Url::parse(typed).map_err(|_| Rule::Malformed)?;
        let is_plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        if !is_plain {
            return Err(Rule::Malformed);
        }
        let is_public = matches!(url.host(), Some(Host::Domain(name)) if is_public(name));
        if is_public { Ok(Self::Link(url.into())) } else { Err(Rule::PrivateHost) }
    }

    /// The stored string: the file's name, or the URL. A name never contains a colon.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stored(text) | Self::Link(text) => text,
        }
    }

    /// The reverse of [`Picture::as_str`].
    pub fn from_stored(text: String) -> Self {
        if text.contains(':') { Self::Link(text) } else { Self::Stored(text) }
    }
}

/// Names that belong to no host, or to one of the viewer's own network (RFC 6761, 6762, 8375, 9476, and by use).
const PRIVATE_NAMES: [&str; 15] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "home.arpa",
    "in-addr.arpa",
    "ip6.arpa",
    "onion",
    "alt",
    "invalid",
];

/// Public names that lead to the viewer's own router or private network.
const NAMES_OF_DEVICES: [&str; 31] = [
    "fritz.box",
    "fritz.nas",
    "myfritz.box",
    "speedport.ip",
    "easy.box",
    "o2.box",
    "kabel.box",
    "congstar.box",
    "ts.net",
    "beta.tailscale.net",
    "tplinkwifi.net",
    "tplinkmodem.net",
    "tplinkrepeater.net",
    "tplinklogin.net",
    "tplinkap.net",
    "tplinkextender.net",
    "routerlogin.net",
    "routerlogin.com",
    "mywifiext.net",
    "orbilogin.net",
    "orbilogin.com",
    "router.asus.com",
    "repeater.asus.com",
    "asusrouter.com",
    "miwifi.com",
    "tendawifi.com",
    "mwlogin.net",
    "linksyssmartwifi.com",
    "mafreebox.freebox.fr",
    "homerouter.cpe",
    "hi.link",
];

/// Services that answer any name with the address inside it, or with the loopback address.
const NAMES_OF_ADDRESSES: [&str; 12] = [
    "nip.io",
    "sslip.io",
    "xip.io",
    "localtest.me",
    "lvh.me",
    "lacolhost.com",
    "vcap.me",
    "traefik.me",
    "local.gd",
    "localho.st",
    "plex.direct",
    "local-ip.co",
];

/// Whether a host name can belong to a host of the public network: a name of several labels, and not an IP address, whose
/// certificates no browser trusts as a rule.
fn is_public(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let is_within = |zone: &&str| name.strip_suffix(*zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    name.contains('.') && !PRIVATE_NAMES.iter().chain(&NAMES_OF_DEVICES).chain(&NAMES_OF_ADDRESSES).any(is_within)
}

/// A `data:` URI that holds a picture in base64 (RFC 2397, R74).
pub struct DataUri;

impl DataUri {
    /// Accepted media types, with the common misspellings of `image/jpeg`. Decoding decides what the bytes are.
    const MEDIA_TYPES: [&'static str; 8] =
        ["image/png", "image/x-png", "image/apng", "image/jpeg", "image/jpg", "image/pjpeg", "image/webp", "image/gif"];

    /// Whether a text begins like a data URI.
    pub fn is(text: &str) -> bool {
        text.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
    }

    /// The bytes inside, at most `max_bytes`, which is checked before decoding. Parameters of the media type mean nothing
    /// here, nor do blanks in the payload, with which encoders for mail break lines; percent escapes are decoded first (RFC 3986), in the type and in the payload.
    pub fn decode(text: &str, max_bytes: usize) -> Result<Vec<u8>, Rule> {
        let body = text.trim().get(5..).ok_or(Rule::Malformed)?;
        let (head, payload) = body.split_once(',').ok_or(Rule::Malformed)?;
        let head = unescaped(head).ok_or(Rule::Malformed)?;
        let mut parts = head.split(';').map(|part| part.trim_matches(' '));
        let media_type = parts.next().unwrap_or_default();
        if !parts.next_back().is_some_and(|last| last.eq_ignore_ascii_case("base64")) {
            return Err(Rule::Malformed);
        }
        if !Self::MEDIA_TYPES.iter().any(|known| known.eq_ignore_ascii_case(media_type)) {
            return Err(Rule::UnsupportedMedia);
        }
        // An escape has three characters and encodes one.
        let escapes = payload.bytes().filter(|byte| *byte == b'%').count();
        let blanks = payload.bytes().filter(u8::is_ascii_whitespace).count();
        if payload.len().saturating_sub(2 * escapes + blanks) / 4 * 3 > max_bytes + 3 {
            return Err(Rule::TooLarge { max: max_bytes });
        }
        let payload = unescaped(payload).ok_or(Rule::Malformed)?;
        let payload = without_blanks(&payload);
        let bytes = BASE64.decode(payload.as_ref()).map_err(|_| Rule::Malformed)?;
        if bytes.len() > max_bytes { Err(Rule::TooLarge { max: max_bytes }) } else { Ok(bytes) }
    }
}

/// Base64 of pictures: padding may be left out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A text without blanks.
fn without_blanks(text: &str) -> Cow<'_, str> {
    if text.contains(|c: char| c.is_ascii_whitespace()) {
        text.split_ascii_whitespace().collect::<String>().into()
    } else {
        text.into()
    }
}

/// A text without its percent escapes; `None` if it is not ASCII, or an escape is not whole.
fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(text.into());
    }
    let mut parts = text.split('%');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let byte = u8::from_str_radix(digits, 16).ok().filter(|byte| is_hex && byte.is_ascii())?;
        plain.push(char::from(byte));
        plain.push_str(rest);
    }
    Some(plain.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_plain_https() {
        assert_eq!(Picture::link("https://example.com/a.jpg"), Ok(Picture::Link("https://example.com/a.jpg".into())));
        for typed in [
            "http://example.com/a.jpg",
            "javascript:alert(1)",
            "https://u:p@example.com/",
            "//example.com/a",
            "a.jpg",
            "ftp://x.example",
        ] {
            assert_eq!(Picture::link(typed), Err(Rule::Malformed), "{typed}");
        }
    }

    #[test]
    fn r75_a_link_names_no_host_of_the_viewers_own_network() {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0",
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "172.16.0.1",
            "100.64.0.1",
            "8.8.8.8",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:10.0.0.1]",
            "[2001:db8::1]",
            "router",
            "/router",
            "printer.local",
            "nas.lan",
            "db.internal",
            "metadata.google.internal",
            "fritz.box.home.arpa",
            "127.0.0.1.nip.io",
            "10-0-0-1.sslip.io",
            "①②⑦.0.0.1",
            "１２７.0.0.1",
            "x.onion",
            "fritz.box",
            "FRITZ.BOX.",
            "www.fritz.box",
            "laptop.tail1234.ts.net",
            "tplinkwifi.net",
            "www.routerlogin.net",
            "router.asus.com",
            "nas.internal",
            "nas.home",
            "nas.local.",
            "wiki.intranet",
            "nas.home.arpa",
            "nas.localdomain",
            "192-168-1-5.0123456789abcdef.plex.direct",
        ] {
            for port in ["", ":8443"] {
                assert_eq!(Picture::link(&format!("https://{host}{port}/a.png")), Err(Rule::PrivateHost), "{host}");
            }
        }
        for host in [
            "example.com",
            "bücher.example",
            "a.b.c.example.",
            "local.example.com",
            "cdn.example:8443",
            "notfritz.box",
            "tailscale.net",
        ] {
            assert!(Picture::link(&format!("https://{host}/a.png")).is_ok(), "{host}");
        }
    }

    #[test]
    fn r74_a_data_uri_is_read_with_parameters_escapes_and_capitals() {
        for text in [
            "data:image/png;base64,AAEC",
            "DATA:IMAGE/PNG;BASE64,AAEC",
            "data:image/jpg;base64,AAEC",
            "data:image/png;name=a.png;base64,AAEC",
            "data:image/png;charset=utf-8;name=a%2Cb.png;base64,AAEC",
            "data:image/png; base64,AAEC",
            "data:image%2Fpng;base64,AAEC",
            "data:image/png;base64,%41AEC",
            " data:image/png;base64,AAEC\n",
            "data:image/png;base64,AA\r\nEC\r\n",
            "data:image/png;base64,A A%0AE\tC",
            "data:image/jpeg;BASE64,AAEC",
            "data:image/pjpeg;base64,AAEC",
            "data:Image/Webp;charset=utf-8;base64,AAEC",
            "data:image/gif;a=b;c=d;Base64,AAEC",
            "data:image/png;name=\"a;b.png\";base64,AAEC",
        ] {
            assert_eq!(DataUri::decode(text, 10), Ok(vec![0, 1, 2]), "{text}");
        }
        for text in [
            "data:image/png;base64,AAE=",
            "data:image/png;base64,AAE%3D",
            "data:image/png;base64,AAE%3d",
            "data:image/png;base64,AAE",
        ] {
            assert_eq!(DataUri::decode(text, 10), Ok(vec![0, 1]), "{text}");
        }
        for text in [
            "data:image/png;base64,AAE%3",
            "data:image/png;base64,AAE%+D",
            "data:image/png;base64,AAE%ff",
            "data:image/png;base64;x=y,AAEC",
            "data:;base64",
        ] {
            assert_eq!(DataUri::decode(text, 10), Err(Rule::Malformed), "{text}");
        }
        assert_eq!(DataUri::decode("data:;base64,AAEC", 10), Err(Rule::UnsupportedMedia));
        assert_eq!(
            DataUri::decode(&format!("data:image/png;base64,{}", "%41".repeat(16)), 12).map(|bytes| bytes.len()),
            Ok(12)
        );
    }

    #[test]
    fn a_stored_picture_and_a_link_are_told_apart() {
        for picture in [Picture::Stored("ab12.webp".into()), Picture::Link("https://example.com/a".into())] {
            assert_eq!(Picture::from_stored(picture.as_str().to_owned()), picture);
        }
    }

    #[test]
    fn r74_a_data_uri_is_base64_of_an_allowed_type() {
        assert_eq!(DataUri::decode("data:image/png;base64,AAEC", 10), Ok(vec![0, 1, 2]));
        assert_eq!(DataUri::decode("data:image/svg+xml;base64,AAEC", 10), Err(Rule::UnsupportedMedia));
        assert_eq!(DataUri::decode("data:image/png,AAEC", 10), Err(Rule::Malformed));
        assert_eq!(DataUri::decode("data:image/png;base64,AAECA", 10), Err(Rule::Malformed));
    }

    #[test]
    fn r74_the_size_is_checked_before_decoding() {
        let big = format!("data:image/png;base64,{}", "!".repeat(1000));
        assert_eq!(DataUri::decode(&big, 10), Err(Rule::TooLarge { max: 10 }), "the payload is not even base64");
        assert_eq!(DataUri::decode("data:image/png;base64,AAECAwQFBgcICQoL", 11), Err(Rule::TooLarge { max: 11 }));
    }
}
