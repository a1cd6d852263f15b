//! One field of a partial update. Absent and `null` are different.

use serde::{Deserialize, Deserializer};

/// Keep the value, clear it, or set another.
///
/// A serde field of this type needs `#[serde(default)]`: absent is [`Change::Keep`], `null` is [`Change::Clear`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The field is absent.
    #[default]
    Keep,
    /// The field is to be cleared.
    Clear,
    /// The field is to be set to this.
    Set(T),
}

impl<T> Change<T> {
    /// Converts the new value, if there is one.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(convert(value)),
        }
    }

    /// The new value, if there is one.
    pub fn into_set(self) -> Option<T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Whether the field is present.
    pub fn is_change(&self) -> bool {
        !matches!(self, Self::Keep)
    }
}

impl<T: AsRef<str>> Change<T> {
    /// Turns an empty string into [`Change::Clear`], for contracts whose forms have no `null`.
    #[must_use]
    pub fn empty_clears(self) -> Self {
        match self {
            Self::Set(text) if text.as_ref().trim().is_empty() => Self::Clear,
            other => other,
        }
    }
}

impl<T> From<Option<T>> for Change<T> {
    /// `Some` sets, `None` clears. Nothing becomes [`Change::Keep`].
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        field: Change<String>,
    }

    #[test]
    fn absent_null_and_value_are_three_things() {
        let read = |text| serde_json::from_str::<Body>(text).unwrap().field;
        assert_eq!(read("{}"), Change::Keep);
        assert_eq!(read(r#"{"field":null}"#), Change::Clear);
        assert_eq!(read(r#"{"field":"x"}"#), Change::Set("x".into()));
    }
}
