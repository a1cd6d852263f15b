//! The members of a body, read one by one. All errors are collected, so that one response reports them.

use std::borrow::Cow;

use selfsame_domain::{Attributes, Change, Password, Rule, Violations};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::multipart::Upload;

/// How the members of a contract's bodies are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// By their JSON types.
    Json,
    /// As the fields of a form, also in JSON. A form posts all its fields, so an empty one counts as absent. A boolean
    /// is the text `true` or `false`.
    Form,
}

/// A value as it was received.
#[derive(Debug)]
pub(super) enum Value<'b> {
    Json(&'b RawValue),
    Text(Cow<'b, str>),
}

impl Value<'_> {
    /// The size in bytes, as it was received.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Json(json) => json.get().len(),
            Self::Text(text) => text.len(),
        }
    }

    fn text(&self, expected: MemberType) -> ReadResult<String> {
        match self {
            Self::Text(text) => Ok(Some(text.to_string())),
            Self::Json(json) => typed(json, expected),
        }
    }

    fn id(&self, expected: MemberType) -> ReadResult<String> {
        match self {
            Self::Json(json) if json.get().starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                Ok(Some(json.get().to_owned()))
            }
            other => other.text(expected),
        }
    }
}

/// The members of one body.
#[derive(Debug)]
pub(crate) struct Members<'b> {
    style: Style,
    values: Vec<(Cow<'b, str>, Value<'b>)>,
    uploads: Vec<Upload>,
    invalid: Vec<InvalidMember>,
}

/// An invalid member, without its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InvalidMember {
    /// The name of the member.
    pub(crate) member: String,
    /// Why it is invalid.
    pub(crate) problem: MemberProblem,
}

/// Why a member is invalid.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MemberProblem {
    /// It is required and absent.
    Missing,
    /// It occurs more than once. None of the values is used (R67).
    Repeated,
    /// The request has no such member.
    Unknown,
    /// The request changes something, and no such member of it.
    NotChangeable,
    /// It is not of this type.
    Type(MemberType),
    /// It is not one of the allowed values, which the text describes.
    Value(&'static str),
    /// It breaks a rule of the domain.
    Rule(Rule),
}

/// The expected type of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberType {
    /// A text, or `null`.
    Text,
    RequiredText,
    Boolean,
    Object,
}

/// All errors of a body.
#[derive(Debug)]
pub(crate) struct InvalidBody {
    /// Members that cannot be read.
    pub(crate) members: Vec<InvalidMember>,
    /// Violations of the domain's rules by the other members.
    pub(crate) violations: Violations,
}

/// The value of a member: `None` for `null`.
type ReadResult<T> = Result<Option<T>, MemberProblem>;

impl<'b> Members<'b> {
    pub(super) fn new(style: Style, values: Vec<(Cow<'b, str>, Value<'b>)>, uploads: Vec<Upload>) -> Self {
        Self { style, values, uploads, invalid: Vec::new() }
    }

    /// `value`, if no member is invalid. Otherwise the error also has the violations of `value`.
    pub(crate) fn finish<T>(self, value: T, violations: impl FnOnce(&T) -> Violations) -> Result<T, InvalidBody> {
        if self.invalid.is_empty() {
            return Ok(value);
        }
        Err(InvalidBody { violations: violations(&value), members: self.invalid })
    }

    /// A text of a partial update: `Keep` if absent, `Clear` if `null`. The contract decides what an empty text means.
    pub(crate) fn text(&mut self, name: &str) -> Change<String> {
        let read = self.single(name, |value| value.text(MemberType::Text));
        self.change(name, read)
    }

    /// A required text; empty if it is invalid.
    pub(crate) fn required_text(&mut self, name: &str) -> String {
        let read = self.single(name, |value| value.text(MemberType::RequiredText));
        self.required(name, read).unwrap_or_default()
    }

    /// A required id: a text, or the digits of a JSON number. `None` if it is invalid.
    pub(crate) fn required_id(&mut self, name: &str) -> Option<String> {
        let read = self.single(name, |value| value.id(MemberType::RequiredText));
        self.required(name, read)
    }

    fn required(&mut self, name: &str, read: Option<ReadResult<String>>) -> Option<String> {
        let before = self.invalid.len();
        match (self.style, self.change(name, read)) {
            (Style::Form, Change::Set(text)) if !text.is_empty() => return Some(text),
            (Style::Json, Change::Set(text)) => return Some(text),
            (Style::Json, Change::Clear) => self.add_problem(name, MemberProblem::Type(MemberType::RequiredText)),
            (Style::Form, _) | (Style::Json, Change::Keep) if self.invalid.len() == before => {
                self.add_problem(name, MemberProblem::Missing);
            }
            _ => {}
        }
        None
    }

    /// A required password.
    pub(crate) fn required_password(&mut self, name: &str) -> Password {
        Password::new(&self.required_text(name))
    }

    /// An optional text. `null` counts as absent.
    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.text(name) {
            Change::Set(text) if self.style == Style::Json || !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// The texts of a list: a JSON array, or a form field that occurs several times. Empty if the member is absent.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let values = self.values.iter().filter(|(key, _)| key == name).map(|(_, value)| match value {
            Value::Text(text) => Ok(vec![text.to_string()]),
            Value::Json(json) if json.get().starts_with('[') => {
                serde_json::from_str(json.get()).map_err(|_error| MemberProblem::Type(MemberType::Text))
            }
            Value::Json(json) => typed(json, MemberType::Text).map(|text| text.into_iter().collect()),
        });
        match values.collect::<Result<Vec<_>, _>>() {
            Ok(lists) => lists.concat(),
            Err(problem) => {
                self.add_problem(name, problem);
                Vec::new()
            }
        }
    }

    /// An optional boolean. `null`, and an empty field of a form, count as absent.
    pub(crate) fn boolean(&mut self, name: &str) -> Option<bool> {
        let style = self.style;
        let read = self.single(name, |value| {
            let text = match value {
                Value::Text(text) => text.to_string(),
                Value::Json(json) if style == Style::Form && json.get().starts_with('"') => {
                    typed::<String>(json, MemberType::Boolean)?.unwrap_or_default()
                }
                Value::Json(json) => return typed(json, MemberType::Boolean),
            };
            match text.as_str() {
                "true" => Ok(Some(true)),
                "false" => Ok(Some(false)),
                "" => Ok(None),
                _ => Err(MemberProblem::Type(MemberType::Boolean)),
            }
        });
        self.change(name, read).into_set()
    }

    /// A text that `choose` accepts; `expected` describes these texts. `null` is invalid, in a form it counts as absent.
    pub(crate) fn choice<T>(
        &mut self,
        name: &str,
        expected: &'static str,
        choose: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let invalid = || MemberProblem::Value(expected);
        let style = self.style;
        let read = self.single(name, |value| {
            let text = match value {
                Value::Text(text) => text.to_string(),
                Value::Json(json) => typed(json, MemberType::Text).map_err(|_| invalid())?.unwrap_or_default(),
            };
            if style == Style::Form && text.trim().is_empty() {
                return Ok(None);
            }
            choose(&text).map(Some).ok_or_else(invalid)
        });
        self.change(name, read).into_set()
    }

    /// An id: a text, or the digits of a JSON number.
    pub(crate) fn id(&mut self, name: &str) -> Change<String> {
        let read = self.single(name, |value| value.id(MemberType::Text));
        self.change(name, read)
    }

    /// An optional free-form object. `null` is invalid.
    pub(crate) fn attributes(&mut self, name: &str) -> Option<Attributes> {
        let (_, value) = self.values.iter().find(|(key, _)| key == name)?;
        let parsed = match value {
            Value::Json(json) if json.get().starts_with('{') => {
                Attributes::parse(json.get()).map_err(MemberProblem::Rule)
            }
            Value::Json(_) | Value::Text(_) => Err(MemberProblem::Type(MemberType::Object)),
        };
        parsed.map_err(|problem| self.add_problem(name, problem)).ok()
    }

    /// A required JSON object, as it is; `null` if it is invalid. No form has one.
    pub(crate) fn required_object(&mut self, name: &str) -> serde_json::Value {
        let read = self.single(name, |value| match value {
            Value::Json(json) if json.get().starts_with('{') => typed(json, MemberType::Object),
            Value::Json(_) | Value::Text(_) => Err(MemberProblem::Type(MemberType::Object)),
        });
        if read.is_none() {
            self.add_problem(name, MemberProblem::Missing);
        }
        self.change(name, read).into_set().unwrap_or_default()
    }

    /// A required file. Browsers send an empty one if the user chose none, so that counts as absent.
    pub(crate) fn required_upload(&mut self, name: &str) -> Vec<u8> {
        let mut uploads = self.uploads.iter().filter(|upload| upload.name == name && !upload.bytes.is_empty());
        match (uploads.next(), uploads.next()) {
            (Some(upload), None) => return upload.bytes.to_vec(),
            (None, _) => self.add_problem(name, MemberProblem::Missing),
            (Some(_), Some(_)) => self.add_problem(name, MemberProblem::Repeated),
        }
        Vec::new()
    }

    /// Adds a problem for every member whose name is not in `known`, and sorts all problems by their order in the body.
    pub(crate) fn reject_unknown(&mut self, known: &[&str]) {
        self.reject_others(known, &MemberProblem::Unknown);
    }

    /// The same for a request that changes something.
    pub(crate) fn reject_other_changes(&mut self, changeable: &[&str]) {
        self.reject_others(changeable, &MemberProblem::NotChangeable);
    }

    fn reject_others(&mut self, known: &[&str], problem: &MemberProblem) {
        let names = self.values.iter().map(|(name, _)| name.to_string());
        let unknown: Vec<_> = names.filter(|name| !known.contains(&name.as_str())).collect();
        for name in &unknown {
            self.add_problem(name, problem.clone());
        }
        let values = &self.values;
        self.invalid.sort_by_key(|invalid| values.iter().position(|(name, _)| *name == invalid.member));
    }

    /// Whether a member has a problem already.
    pub(crate) fn has_problem(&self, name: &str) -> bool {
        self.invalid.iter().any(|invalid| invalid.member == name)
    }

    /// Adds the problem of a member.
    pub(crate) fn add_problem(&mut self, name: &str, problem: MemberProblem) {
        self.invalid.push(InvalidMember { member: name.to_owned(), problem });
    }

    /// Reads the value of a member, if it is there. It must not occur twice.
    fn single<T>(&self, name: &str, read: impl FnOnce(&Value<'b>) -> ReadResult<T>) -> Option<ReadResult<T>> {
        let mut values = self.values.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let first = values.next()?;
        Some(if values.next().is_some() { Err(MemberProblem::Repeated) } else { read(first) })
    }

    fn change<T>(&mut self, name: &str, read: Option<ReadResult<T>>) -> Change<T> {
        match read {
            None => Change::Keep,
            Some(Ok(Some(value))) => Change::Set(value),
            Some(Ok(None)) => Change::Clear,
            Some(Err(problem)) => {
                self.add_problem(name, problem);
                Change::Keep
            }
        }
    }
}

/// Deserializes a JSON value of the expected type, or `null`.
fn typed<T: DeserializeOwned>(json: &RawValue, expected: MemberType) -> ReadResult<T> {
    serde_json::from_str(json.get()).map_err(|_error| MemberProblem::Type(expected))
}
