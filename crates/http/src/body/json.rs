//! A JSON object, split into its members. The value of a member is deserialized only when it is read, so unknown
//! members cost little, and a free-form object reaches the domain as it was written (R66).

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::{error::Category, value::RawValue};

use super::{BodyError, MAX_MEMBERS, MAX_NAME, Malformed, members::Value};

/// The members of an object, in their order.
pub(super) fn parse(body: &[u8]) -> Result<Vec<(Cow<'_, str>, Value<'_>)>, BodyError> {
    let mut broken = None;
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let parsed = Object { broken: &mut broken }.deserialize(&mut deserializer);
    let parsed = parsed.and_then(|members| deserializer.end().map(|()| members));
    parsed.map_err(|error| match (broken, error.classify()) {
        (Some(broken), _) => broken,
        (None, Category::Data) => Malformed::NotAnObject.into(),
        (None, Category::Syntax | Category::Eof | Category::Io) => Malformed::NotJson.into(),
    })
}

/// Reads an object. Stores the error of a limit or a repeated member, because serde keeps only its text.
struct Object<'e> {
    broken: &'e mut Option<BodyError>,
}

impl Object<'_> {
    fn fail<E: serde::de::Error>(&mut self, error: BodyError) -> E {
        *self.broken = Some(error);
        E::custom(error)
    }
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Vec<(Cow<'de, str>, Value<'de>)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Vec<(Cow<'de, str>, Value<'de>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut members: Self::Value = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some(name) = entries.next_key::<String>()? {
            if members.len() == MAX_MEMBERS || name.chars().nth(MAX_NAME).is_some() {
                return Err(self.fail(BodyError::TooLarge));
            }
            if !names.insert(name.clone()) {
                return Err(self.fail(Malformed::RepeatedMember.into()));
            }
            let value: &RawValue = entries.next_value()?;
            members.push((Cow::Owned(name), Value::Json(value)));
        }
        Ok(members)
    }
}
