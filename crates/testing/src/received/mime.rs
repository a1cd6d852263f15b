//! As much of MIME (RFC 2045 to 2047) as it takes to read what a server writes: nested multiparts,
//! quoted-printable, base64, encoded words; everything in UTF-8.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A mail or a part of one.
pub(super) struct Entity<'a> {
    headers: Vec<(String, String)>,
    body: &'a str,
}

impl<'a> Entity<'a> {
    pub(super) fn parse(source: &'a str) -> Self {
        let (head, body) = match (source.strip_prefix("\r\n"), source.split_once("\r\n\r\n")) {
            (Some(body), _) => ("", body), // a part without header fields
            (None, Some(both)) => both,
            (None, None) => (source, ""),
        };
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let fields = unfolded.lines().filter_map(|line| line.split_once(':'));
        let headers = fields.map(|(name, value)| (name.to_owned(), decode_words(value.trim()))).collect();
        Self { headers, body }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The first leaf of this media type, depth first, decoded.
    pub(super) fn text(&self, media_type: &str) -> Option<String> {
        let content_type = self.header("Content-Type").unwrap_or("text/plain");
        let own = content_type.split(';').next().unwrap_or_default().trim();
        if own.eq_ignore_ascii_case(media_type) {
            return Some(self.decoded());
        }
        let boundary = parameter(content_type, "boundary").filter(|_| own.starts_with("multipart/"))?;
        parts(self.body, &boundary).into_iter().find_map(|part| Entity::parse(part).text(media_type))
    }

    fn decoded(&self) -> String {
        let encoding = self.header("Content-Transfer-Encoding").unwrap_or("7bit").to_ascii_lowercase();
        let bytes = match encoding.as_str() {
            "base64" => base64(self.body),
            "quoted-printable" => quoted_printable(self.body),
            "7bit" | "8bit" | "binary" => self.body.as_bytes().to_vec(),
            other => panic!("unknown Content-Transfer-Encoding {other}"),
        };
        String::from_utf8(bytes).expect("mails are in UTF-8").replace("\r\n", "\n")
    }
}

/// The value of a parameter of a header field, without its quotes.
fn parameter(field: &str, name: &str) -> Option<String> {
    let parameters = field.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let mut found = parameters.filter(|(known, _)| known.trim().eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.trim().trim_matches('"').to_owned())
}

/// The parts between the delimiters; the line break before a delimiter belongs to it (RFC 2046 section 5.1.1).
fn parts<'a>(body: &'a str, boundary: &str) -> Vec<&'a str> {
    let delimiter = format!("--{boundary}");
    let (mut parts, mut start, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive('\n') {
        let after = at + line.len();
        if let Some(rest) = line.strip_prefix(&delimiter).map(str::trim_end)
            && matches!(rest, "" | "--")
        {
            if let Some(start) = start {
                parts.push(body[start..at].strip_suffix("\r\n").unwrap_or(&body[start..at]));
            }
            start = (rest.is_empty()).then_some(after);
        }
        at = after;
    }
    parts
}

fn base64(text: &str) -> Vec<u8> {
    let packed: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(packed).expect("valid base64")
}

fn quoted_printable(text: &str) -> Vec<u8> {
    unquote(&text.replace("=\r\n", ""))
}

/// `=E2=82=AC` to the bytes it stands for.
fn unquote(text: &str) -> Vec<u8> {
    let mut pieces = text.split('=');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (hex, rest) = piece.split_at_checked(2).expect("two digits after =");
        bytes.push(u8::from_str_radix(hex, 16).expect("hexadecimal digits after ="));
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

/// `=?utf-8?Q?caf=C3=A9?=` to `café`, and adjacent words joined as RFC 2047 section 6.2 has it.
fn decode_words(value: &str) -> String {
    let mut decoded = String::new();
    let mut after_word = false;
    for (index, token) in value.split(' ').enumerate() {
        let word = decode_word(token);
        if index > 0 && !(after_word && word.is_some()) {
            decoded.push(' ');
        }
        after_word = word.is_some();
        decoded.push_str(word.as_deref().unwrap_or(token));
    }
    decoded
}

fn decode_word(token: &str) -> Option<String> {
    let mut fields = token.strip_prefix("=?")?.strip_suffix("?=")?.splitn(3, '?');
    let (charset, encoding, text) = (fields.next()?, fields.next()?, fields.next()?);
    let bytes = match encoding {
        "B" | "b" => base64(text),
        "Q" | "q" => unquote(&text.replace('_', " ")),
        _ => return None,
    };
    assert!(charset.eq_ignore_ascii_case("utf-8"), "an encoded word in {charset}");
    Some(String::from_utf8(bytes).expect("UTF-8 in an encoded word"))
}
