//! The content type of a body (RFC 9110, section 8.3.1), read as leniently as clients write it: with blanks around its
//! parts, in any case.

use actix_web::http::header::{CONTENT_TYPE, HeaderMap};

/// A content type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MediaType {
    /// Type and subtype in lower case, such as `application/json`.
    pub(crate) essence: String,
    /// Names in lower case, and values without their quotes.
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// The content type in the headers; `None` if there is none, or if it is not text.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut parts = headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').map(str::trim);
        let essence = parts.next()?.to_ascii_lowercase();
        let parameters = parts.filter_map(|part| part.split_once('=')).map(|(name, value)| {
            let value = value.trim();
            let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
            (name.trim().to_ascii_lowercase(), unquoted.to_owned())
        });
        Some(Self { essence, parameters: parameters.collect() })
    }

    /// The first parameter of a name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether it has no charset, or one of the spellings of UTF-8.
    pub(crate) fn is_utf8(&self) -> bool {
        self.parameter("charset")
            .is_none_or(|charset| ["utf-8", "utf8"].iter().any(|utf8| charset.eq_ignore_ascii_case(utf8)))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn of(content_type: &str) -> MediaType {
        let request = TestRequest::post().insert_header((CONTENT_TYPE, content_type)).to_http_request();
        MediaType::of(request.headers()).unwrap()
    }

    #[test]
    fn blanks_capitals_and_quotes_make_no_difference() {
        for text in [
            "application/json",
            "Application/JSON",
            "application/json ;charset=utf-8",
            "application/json;charset=utf8",
            "application/json; charset=\"UTF-8\"",
            " application/json\t;  Charset = UTF8 ;",
            "application/json; charset",
        ] {
            let media_type = of(text);
            assert_eq!(media_type.essence, "application/json", "{text}");
            assert!(media_type.is_utf8(), "{text}");
        }
        assert!(!of("application/json; charset=iso-8859-1").is_utf8());
        assert_eq!(of("multipart/form-data ;boundary=\"a b\"").parameter("boundary"), Some("a b"));
    }
}
