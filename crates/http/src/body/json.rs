//! Strict JSON (RFC 8259): one content type, bounded depth, no key twice (R53, R66).

use std::fmt;

use actix_web::{HttpMessage as _, HttpRequest, web::Payload};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{BodyError, read};

/// Deepest nesting of a body. The JSON of `{}` is 1 deep.
const DEPTH: usize = 32;

/// Which content types are JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// `application/json` and nothing else.
    Plain,
    /// `application/json` or `application/…+json`.
    PlainOrSuffix,
}

/// Reads a JSON body. 415 for any other or no content type (R53).
pub async fn json(request: &HttpRequest, payload: Payload, limit: usize, kind: JsonKind) -> Result<Value, BodyError> {
    if !is_json(request, kind) {
        return Err(BodyError::MediaType);
    }
    parse_json(&read(request, payload, limit).await?)
}

/// Whether the content type says JSON, in UTF-8.
pub fn is_json(request: &HttpRequest, kind: JsonKind) -> bool {
    let Ok(Some(mime)) = request.mime_type() else { return false };
    let has_suffix = kind == JsonKind::PlainOrSuffix && mime.suffix() == Some(mime::JSON);
    let is_utf8 = mime.get_param(mime::CHARSET).is_none_or(|charset| charset == mime::UTF_8);
    mime.type_() == mime::APPLICATION && (mime.subtype() == mime::JSON || has_suffix) && is_utf8
}

/// Parses JSON text. Refuses what [`serde_json`] does, nesting beyond 32, and a key that comes twice in one object: which of
/// the two counts is what attacks are made of.
pub fn parse_json(text: &[u8]) -> Result<Value, BodyError> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    Strict { depth_left: DEPTH }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| BodyError::Malformed(error.to_string()))
}

/// Builds a [`Value`] and checks on the way.
#[derive(Clone, Copy)]
struct Strict {
    depth_left: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth_left = self.depth_left.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth_left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(inner)?;
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom("the same key twice in one object"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json as value;

    use super::*;
    use crate::body::testing;

    #[test]
    fn every_kind_of_value_is_read() {
        let text = br#"{"a":[1,-2,1.5,18446744073709551615,"x",true,null,{}],"b":"\u00fc"}"#;
        let expected = value!({"a": [1, -2, 1.5, u64::MAX, "x", true, null, {}], "b": "ü"});
        assert_eq!(parse_json(text), Ok(expected));
    }

    #[test]
    fn r66_a_key_that_comes_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":2}"#, r#"{"x":[{"a":1,"\u0061":2}]}"#] {
            assert!(
                matches!(parse_json(text.as_bytes()), Err(BodyError::Malformed(why)) if why.contains("twice")),
                "{text}"
            );
        }
    }

    #[test]
    fn r66_depth_is_bounded() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        parse_json(&nested(32)).unwrap();
        assert!(matches!(parse_json(&nested(33)), Err(BodyError::Malformed(why)) if why.contains("deep")));
        parse_json(&nested(100_000)).unwrap_err();
    }

    #[test]
    fn what_is_no_json_is_refused_and_the_reason_names_no_value() {
        for text in ["", "{", "nope", "{} {}", r#"{"password":"hunter2" "#, "[1e999]", "\u{feff}{}"] {
            let Err(BodyError::Malformed(why)) = parse_json(text.as_bytes()) else { panic!("{text}") };
            assert!(!why.contains("hunter2"), "{why}");
        }
        parse_json(b"\"\xff\"").unwrap_err();
    }

    #[actix_web::test]
    async fn r53_json_routes_accept_json_only() {
        let answered = async |content_type: Option<&str>, kind| {
            let (request, payload) = testing::request(content_type, "{}");
            json(&request, payload, 100, kind).await
        };
        for content_type in ["application/json", "Application/JSON; charset=UTF-8"] {
            assert_eq!(answered(Some(content_type), JsonKind::Plain).await, Ok(value!({})), "{content_type}");
        }
        let suffixed = Some("application/merge-patch+json");
        assert_eq!(answered(suffixed, JsonKind::Plain).await, Err(BodyError::MediaType));
        assert_eq!(answered(suffixed, JsonKind::PlainOrSuffix).await, Ok(value!({})));
        for other in [
            None,
            Some(""),
            Some("text/plain"),
            Some("text/json"),
            Some("application/x-www-form-urlencoded"),
            Some("multipart/form-data; boundary=x"),
            Some("application/json; charset=utf-16"),
            Some("application/jsonp"),
            Some("not a type"),
        ] {
            assert_eq!(answered(other, JsonKind::PlainOrSuffix).await, Err(BodyError::MediaType), "{other:?}");
        }
    }
}
