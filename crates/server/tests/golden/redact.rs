//! Answers as text, with names in place of what differs from run to run: `[id 1]` is the same id wherever it stands.

use std::collections::BTreeMap;

use reqwest::blocking::Response;
use serde_json::{Map, Value};

/// The headers that a client relies on; `set-cookie` may come more than once.
const HEADERS: [&str; 10] = [
    "content-type",
    "location",
    "etag",
    "allow",
    "accept-patch",
    "retry-after",
    "www-authenticate",
    "cache-control",
    "clear-site-data",
    "set-cookie",
];

/// Characters of a one-time token: of a ticket or a cookie, of a link, of a refresh token.
const TOKENS: [usize; 3] = [43, 54, 75];

/// Status, headers and body. Members of objects are sorted, as their order means nothing; an object that is there a
/// second time is not shown again, but where it is shown already.
pub(crate) fn answer(response: Response) -> String {
    let mut lines = vec![format!("< {}", response.status().as_u16())];
    for name in HEADERS {
        let values = response.headers().get_all(name).iter();
        lines.extend(values.map(|value| format!("< {name}: {}", shown(name, value.to_str().unwrap()))));
    }
    let body = response.text().unwrap();
    if !body.is_empty() {
        let body = serde_json::from_str(&body)
            .map_or(body, |value| format!("{:#}", Folding::default().fold("", sorted(value))));
        lines.extend(["<".to_owned(), body]);
    }
    lines.join("\n")
}

/// A wait passes while it is told.
fn shown(name: &str, value: &str) -> String {
    if name != "retry-after" {
        return value.to_owned();
    }
    let seconds: u64 = value.parse().unwrap();
    assert!((1..=3600).contains(&seconds), "{seconds} s");
    "[seconds]".to_owned()
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.into_iter().collect()
        }
        Value::Array(elements) => elements.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// The objects shown so far, and where.
#[derive(Default)]
struct Folding(Vec<(Value, String)>);

impl Folding {
    /// A smaller object is as short as the word on where it is.
    const WORTH_IT: usize = 5;

    fn fold(&mut self, pointer: &str, value: Value) -> Value {
        match value {
            Value::Object(members) if members.len() >= Self::WORTH_IT => {
                let value = Value::Object(members.clone());
                if let Some((_, shown)) = self.0.iter().find(|(known, _)| *known == value) {
                    return Value::String(format!("[as {shown}]"));
                }
                self.0.push((value, pointer.to_owned()));
                self.fold_members(pointer, members)
            }
            Value::Object(members) => self.fold_members(pointer, members),
            Value::Array(elements) => {
                let elements = elements.into_iter().enumerate();
                elements.map(|(index, element)| self.fold(&format!("{pointer}/{index}"), element)).collect()
            }
            other => other,
        }
    }

    fn fold_members(&mut self, pointer: &str, members: Map<String, Value>) -> Value {
        let members = members.into_iter();
        let members = members.map(|(name, value)| {
            let value = self.fold(&format!("{pointer}/{name}"), value);
            (name, value)
        });
        Value::Object(members.collect())
    }
}

/// What was named so far.
pub(crate) struct Redaction {
    origin: String,
    credential: String,
    ids: Vec<String>,
}

impl Redaction {
    pub(crate) fn of(origin: &str, credential: &str) -> Self {
        Self { origin: origin.to_owned(), credential: credential.to_owned(), ids: Vec::new() }
    }

    /// The text, word by word.
    pub(crate) fn apply(&mut self, text: &str) -> String {
        let text = text.replace(&self.origin, "[server]").replace(&self.credential, "[credential]");
        let mut redacted = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (word, tail) = rest.split_at(rest.find(|char| !is_of_word(char)).unwrap_or(rest.len()));
            let (gap, tail) = tail.split_at(tail.find(is_of_word).unwrap_or(tail.len()));
            redacted.push_str(&self.word(word));
            redacted.push_str(gap);
            rest = tail;
        }
        redacted
    }

    fn word(&mut self, word: &str) -> String {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if chrono::DateTime::parse_from_rfc3339(word).is_ok() {
            "[time]".to_owned()
        } else if word.starts_with("eyJ") && word.split('.').count() == 3 {
            "[access token]".to_owned()
        } else if word.len() == 32 && word.bytes().all(is_hex) {
            "[request id]".to_owned()
        } else if TOKENS.contains(&word.len()) && word.bytes().all(is_base64url) {
            "[token]".to_owned()
        } else if word.len() > 60 {
            format!("{}[{} characters]", &word[..3], word.len())
        } else {
            self.ids_in(word)
        }
    }

    /// Ids are of 53 bits and made of the time: of fifteen digits, or sixteen in years to come.
    fn ids_in(&mut self, word: &str) -> String {
        let digits = word.find(|char: char| !char.is_ascii_digit()).unwrap_or(word.len());
        let (id, rest) = word.split_at(digits);
        if id.len() < 15 {
            return word.to_owned();
        }
        let known = self.ids.iter().position(|known| known == id);
        let place = known.unwrap_or_else(|| {
            self.ids.push(id.to_owned());
            self.ids.len() - 1
        });
        format!("[id {}]{rest}", place + 1)
    }
}

fn is_of_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || "-_.:+".contains(char)
}
