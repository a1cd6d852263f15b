//! The picture of an account, a stored file or a link, and the forms in which it may be sent (R71, R74, R75).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use url::Url;

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
    /// Reads an `https://` URL with a host and without credentials.
    pub fn link(typed: &str) -> Result<Self, Rule> {
        let typed = typed.trim();
        if typed.chars().count() > PICTURE_URL_MAX {
            return Err(Rule::TooLong { max: PICTURE_URL_MAX });
        }
        let url = Url::parse(typed).map_err(|_| Rule::Malformed)?;
        let is_plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        if is_plain && url.has_host() { Ok(Self::Link(url.into())) } else { Err(Rule::Malformed) }
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

/// A `data:` URI that holds a picture in strict base64 (RFC 2397, R74).
pub struct DataUri;

impl DataUri {
    /// Accepted media types. Decoding decides what the bytes are.
    const MEDIA_TYPES: [&'static str; 4] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

    /// Whether a text begins like a data URI.
    pub fn is(text: &str) -> bool {
        text.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
    }

    /// The bytes inside, at most `max_bytes`, which is checked before decoding.
    pub fn decode(text: &str, max_bytes: usize) -> Result<Vec<u8>, Rule> {
        let body = text.trim().get(5..).ok_or(Rule::Malformed)?;
        let (media_type, payload) = body.split_once(',').ok_or(Rule::Malformed)?;
        let media_type = media_type.strip_suffix(";base64").ok_or(Rule::Malformed)?;
        if !Self::MEDIA_TYPES.iter().any(|known| known.eq_ignore_ascii_case(media_type)) {
            return Err(Rule::UnsupportedMedia);
        }
        if payload.len() / 4 * 3 > max_bytes + 3 {
            return Err(Rule::TooLarge { max: max_bytes });
        }
        let bytes = STANDARD.decode(payload).map_err(|_| Rule::Malformed)?;
        if bytes.len() > max_bytes { Err(Rule::TooLarge { max: max_bytes }) } else { Ok(bytes) }
    }
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
    fn a_stored_picture_and_a_link_are_told_apart() {
        for picture in [Picture::Stored("ab12.webp".into()), Picture::Link("https://example.com/a".into())] {
            assert_eq!(Picture::from_stored(picture.as_str().to_owned()), picture);
        }
    }

    #[test]
    fn r74_a_data_uri_is_strict_base64_of_an_allowed_type() {
        assert_eq!(DataUri::decode("data:image/png;base64,AAEC", 10), Ok(vec![0, 1, 2]));
        assert_eq!(DataUri::decode("data:image/svg+xml;base64,AAEC", 10), Err(Rule::UnsupportedMedia));
        assert_eq!(DataUri::decode("data:image/png,AAEC", 10), Err(Rule::Malformed));
        assert_eq!(DataUri::decode("data:image/png;base64,AA EC", 10), Err(Rule::Malformed));
        assert_eq!(DataUri::decode("data:image/png;base64,AAECA", 10), Err(Rule::Malformed));
    }

    #[test]
    fn r74_the_size_is_checked_before_decoding() {
        let big = format!("data:image/png;base64,{}", "!".repeat(1000));
        assert_eq!(DataUri::decode(&big, 10), Err(Rule::TooLarge { max: 10 }), "the payload is not even base64");
        assert_eq!(DataUri::decode("data:image/png;base64,AAECAwQFBgcICQoL", 11), Err(Rule::TooLarge { max: 11 }));
    }
}
