//! Answers as text, with names in place of what differs from run to run and no filter of insta can name: `[id 1]` is the
//! same id wherever it stands.

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

/// Status, headers and body. An object that is there a second time is not shown again, but where it is shown already.
pub(crate) fn answer(response: Response) -> String {
    let mut lines = vec![format!("< {}", response.status().as_u16())];
    for name in HEADERS {
        let values = response.headers().get_all(name).iter();
        lines.extend(values.map(|value| format!("< {name}: {}", value.to_str().unwrap())));
    }
    let body = response.text().unwrap();
    if !body.is_empty() {
        let body =
            serde_json::from_str(&body).map_or(body, |value| format!("{:#}", Folding::default().fold("", value)));
        lines.extend(["<".to_owned(), body]);
    }
    lines.join("\n")
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
        let words = text.split_inclusive(|char: char| !char.is_ascii_alphanumeric());
        words.map(|piece| self.word(piece)).collect()
    }

    /// A word with what ends it. Ids are of 53 bits and made of the time: of fifteen digits, or sixteen in years to come.
    fn word(&mut self, piece: &str) -> String {
        let word = piece.trim_end_matches(|char: char| !char.is_ascii_alphanumeric());
        if (15..=16).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit()) {
            let known = self.ids.iter().position(|known| known == word);
            let place = known.unwrap_or_else(|| {
                self.ids.push(word.to_owned());
                self.ids.len() - 1
            });
            piece.replace(word, &format!("[id {}]", place + 1))
        } else if word.len() > 60 && word.bytes().all(|byte| word.as_bytes()[0] == byte) {
            piece.replace(word, &format!("{}[{} characters]", &word[..3], word.len()))
        } else {
            piece.to_owned()
        }
    }
}
