//! The body of a request: a template of the operator, with placeholders.

use selfsame_ports::TextMessage;
use url::form_urlencoded;

use crate::{BodyFormat, SetupError};

/// A checked template.
pub(crate) struct Template {
    format: BodyFormat,
    parts: Vec<Part>,
}

enum Part {
    /// As the operator wrote it.
    Literal(String),
    Value(Value),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    To,
    ToDigits,
    From,
    Text,
    Id,
}

impl Value {
    const ALL: [(&'static str, Self); 5] = [
        ("{to}", Self::To),
        ("{to_digits}", Self::ToDigits),
        ("{from}", Self::From),
        ("{text}", Self::Text),
        ("{id}", Self::Id),
    ];
}

impl Template {
    /// Reads a template. Braces that are no placeholder stay as they are, so JSON needs no escapes.
    pub(crate) fn parse(format: BodyFormat, body: &str) -> Result<Self, SetupError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = body;
        while let Some(first) = rest.chars().next() {
            match Value::ALL.into_iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, value)) => {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                    parts.push(Part::Value(value));
                    rest = &rest[name.len()..];
                }
                None => {
                    literal.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        parts.push(Part::Literal(literal));
        let template = Self { format, parts };
        let has = |value| template.parts.iter().any(|part| matches!(part, Part::Value(own) if *own == value));
        if !has(Value::Text) || !(has(Value::To) || has(Value::ToDigits)) {
            return Err(SetupError::Placeholders);
        }
        // With a value that only a string may contain.
        let sample = template.fill(|_| "a\"\\\n".to_owned());
        if format == BodyFormat::Json && serde_json::from_str::<serde_json::Value>(&sample).is_err() {
            return Err(SetupError::Json);
        }
        Ok(template)
    }

    /// The content type of the body.
    pub(crate) fn content_type(&self) -> &'static str {
        match self.format {
            BodyFormat::Form => "application/x-www-form-urlencoded",
            BodyFormat::Json => "application/json",
        }
    }

    /// The body for a message.
    pub(crate) fn render(&self, message: &TextMessage, text: &str, from: &str) -> String {
        self.fill(|value| match value {
            Value::To => message.to.clone(),
            Value::ToDigits => message.to.trim_start_matches('+').to_owned(),
            Value::From => from.to_owned(),
            Value::Text => text.to_owned(),
            Value::Id => message.id.clone(),
        })
    }

    fn fill(&self, value_of: impl Fn(Value) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Literal(literal) => literal.clone(),
            Part::Value(value) => self.encode(&value_of(*value)),
        };
        self.parts.iter().map(part).collect()
    }

    fn encode(&self, value: &str) -> String {
        match self.format {
            BodyFormat::Form => form_urlencoded::byte_serialize(value.as_bytes()).collect(),
            BodyFormat::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use selfsame_ports::Sms;

    use super::*;

    fn message() -> TextMessage {
        let sms = Sms::VerifyPhone { code: "123456".to_owned(), minutes: 10 };
        TextMessage { id: "42".to_owned(), to: "+31612345678".to_owned(), locale: None, sms }
    }

    fn rendered(format: BodyFormat, body: &str) -> String {
        let template = Template::parse(format, body).map_err(|error| error.to_string()).unwrap();
        template.render(&message(), "123456 for \"Sélf\".", "A&B")
    }

    #[test]
    fn values_of_a_form_are_percent_encoded() {
        let body = rendered(BodyFormat::Form, "To={to}&From={from}&Body={text}&ref={id}");
        let values: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let text = "123456 for \"Sélf\".";
        let expected = [("To", "+31612345678"), ("From", "A&B"), ("Body", text), ("ref", "42")];
        assert_eq!(values, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn values_of_json_are_escaped_and_its_own_braces_stay() {
        let body =
            rendered(BodyFormat::Json, r#"{"to": ["{to_digits}"], "options": {}, "content": {"text": "{text}"}}"#);
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(json["to"][0], "31612345678");
        assert!(json["content"]["text"].as_str().unwrap().contains("\"Sélf\""));
    }

    #[test]
    fn a_template_that_would_send_nothing_of_use_is_refused() {
        let refused = |format, body| Template::parse(format, body).err();
        assert_eq!(refused(BodyFormat::Form, "Body={text}"), Some(SetupError::Placeholders));
        assert_eq!(refused(BodyFormat::Form, "To={to}"), Some(SetupError::Placeholders));
        assert_eq!(refused(BodyFormat::Json, r#"{"to": {to}, "text": "{text}"}"#), Some(SetupError::Json));
        assert_eq!(refused(BodyFormat::Json, r#"{"to": "{to}", "text": "{text}""#), Some(SetupError::Json));
        assert_eq!(refused(BodyFormat::Form, "To={to_digits}&Body={text}"), None);
    }
}
