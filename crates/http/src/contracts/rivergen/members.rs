//! The JSON object of a request, member by member: everything that is wrong with it is told at once.
//!
//! Each member is kept as the text it came in until somebody asks for it, so that a free-form object reaches the domain
//! as it was written: a key that comes twice in it, or a NUL, is still to be seen there (R66). Members that nobody asks
//! for are ignored (R63).

use std::{collections::BTreeMap, fmt};

use selfsame_domain::{Attributes, Change, Claim, Password};
use serde::{
    Deserialize,
    de::{DeserializeOwned, Deserializer, Error as _, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    rejection::{FieldError, Rejection},
    words,
};

/// A request body that is read from [`Members`].
pub(super) trait Body: Sized {
    /// Takes what it needs. What is missing or wrong is noted in `members`; what is answered then is never carried out.
    fn decode(members: &mut Members) -> Self;
}

/// What was read of a body, and what is wrong with the rest of it.
pub(super) struct Decoded<T> {
    value: T,
    wrong: Vec<FieldError>,
}

impl<T> Decoded<T> {
    /// What was read.
    pub(super) fn value(&self) -> &T {
        &self.value
    }

    /// The same as something else.
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Decoded<U> {
        Decoded { value: make(self.value), wrong: self.wrong }
    }

    /// What was read, if nothing was wrong. Else `rules` says which rules it breaks, so that all is told at once; of a
    /// member that could not be read no rule is said to be broken.
    pub(super) fn checked(self, rules: impl FnOnce(T) -> Vec<FieldError>) -> Result<T, Rejection> {
        let Self { value, mut wrong } = self;
        if wrong.is_empty() {
            return Ok(value);
        }
        let broken: Vec<_> = rules(value).into_iter().filter(|error| !error.is_about_any(&wrong)).collect();
        wrong.extend(broken);
        Err(Rejection::validation(&wrong))
    }
}

/// The members of one object.
pub(super) struct Members {
    raw: Raw,
    errors: Vec<FieldError>,
}

impl Members {
    /// Reads a whole body.
    pub(super) fn read<T: Body>(body: &[u8]) -> Result<Decoded<T>, Rejection> {
        let raw = serde_json::from_slice(body).map_err(|error| {
            let is_json = error.is_data();
            let reason = if is_json { "must be a JSON object that names no member twice" } else { "is not valid JSON" };
            Rejection::validation(&[FieldError::new("body", reason)])
        })?;
        let mut members = Self { raw, errors: Vec::new() };
        let value = T::decode(&mut members);
        Ok(Decoded { value, wrong: members.errors })
    }

    /// A text that has to be there.
    pub(super) fn required_text(&mut self, name: &str) -> String {
        let is_absent = !self.raw.0.contains_key(name);
        match self.text(name) {
            Change::Set(text) => return text,
            Change::Clear => self.wrong(name, "must be a string"),
            Change::Keep if is_absent => self.wrong(name, "is required"),
            Change::Keep => {}
        }
        String::new()
    }

    /// A password that has to be there.
    pub(super) fn required_password(&mut self, name: &str) -> Password {
        Password::new(&self.required_text(name))
    }

    /// A text that may be left out, or `null`.
    pub(super) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.text(name) {
            Change::Set(text) => Some(text),
            Change::Clear | Change::Keep => None,
        }
    }

    /// A text of a partial update: absent is `Keep`, `null` is `Clear`.
    pub(super) fn text(&mut self, name: &str) -> Change<String> {
        self.member(name, "must be a string")
    }

    /// A boolean that may be left out, or `null`.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.member(name, "must be a boolean") {
            Change::Set(flag) => Some(flag),
            Change::Clear | Change::Keep => None,
        }
    }

    /// A free-form object that may be left out. `null` is not one: it would be a surprising way to ask for nothing.
    pub(super) fn object(&mut self, name: &str) -> Option<Attributes> {
        let parsed = Attributes::parse(self.raw.0.get(name)?.get());
        parsed.map_err(|rule| self.wrong(name, words::reason(Claim::Attributes, &rule))).ok()
    }

    /// Notes that a member is not what it should be.
    pub(super) fn wrong(&mut self, name: &str, reason: impl Into<String>) {
        self.errors.push(FieldError::new(name, reason));
    }

    fn member<T: DeserializeOwned>(&mut self, name: &str, otherwise: &str) -> Change<T> {
        let Some(raw) = self.raw.0.get(name) else { return Change::Keep };
        match serde_json::from_str::<Option<T>>(raw.get()) {
            Ok(value) => value.into(),
            Err(_) => {
                self.wrong(name, otherwise);
                Change::Keep
            }
        }
    }
}

/// An object whose members are still text. No member twice.
struct Raw(BTreeMap<String, Box<RawValue>>);

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Raw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = entries.next_entry()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("names a member twice"));
                    }
                }
                Ok(Raw(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
