//! JSON as a strict reader reads it: an object that names a member twice is refused.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// Parses one object. The error says which key comes twice.
pub fn strict(text: &str) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::from_str::<Strict>(text)? {
        Strict(Value::Object(members)) => Ok(members),
        Strict(other) => Err(serde_json::Error::custom(format!("{other} is no object"))),
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Strict(element)) = elements.next_element()? {
            all.push(element);
        }
        Ok(all.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some((key, Strict(value))) = members.next_entry::<String, Strict>()? {
            if all.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format!("the key {key:?} comes twice")));
            }
        }
        Ok(all.into())
    }
}

#[cfg(test)]
mod tests {
    use super::strict;

    #[test]
    fn a_key_that_comes_twice_is_refused_at_any_depth() {
        assert_eq!(strict(r#"{"a":[1,{"b":null}],"c":-1.5}"#).unwrap()["a"][1]["b"], serde_json::Value::Null);
        for twice in [r#"{"a":1,"a":1}"#, r#"{"a":[{"b":1,"b":2}]}"#] {
            assert!(strict(twice).unwrap_err().to_string().contains("comes twice"), "{twice}");
        }
        assert!(strict("[]").is_err());
    }
}
