//! Fields by name, whatever the body was written in: JSON, a form or multipart (wacht.md section 3).
//!
//! The content type decides; no body, with or without one, is no fields. Booleans are `true` and `false` as text where a
//! form cannot say them otherwise. A key that comes again is an error to who asks for it, so that no two readers can pick
//! different values (R67). Keys are taken as they stand: brackets mean nothing.

use actix_web::{
    HttpMessage as _, HttpRequest,
    web::{Bytes, Data, Payload},
};
use mime::Mime;
use selfsame_domain::Change;
use serde_json::Value;

use super::{BodyError, form, multipart, parse_json, read};
use crate::{HttpOptions, SizeLimits};

/// Most fields in one body, and longest key, in characters.
pub(super) const MAX_FIELDS: usize = 1000;
const MAX_KEY: usize = 128;

/// The fields of one body, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: Vec<(String, FieldValue)>,
    uploads: Vec<Upload>,
}

#[derive(Clone, Debug)]
pub(super) enum FieldValue {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    /// A JSON array or object: no field holds one.
    Composite,
}

/// A file in a multipart body.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field.
    pub field: String,
    /// What the client calls its type. A hint at most: the type is decided by decoding (R71).
    pub content_type: Option<String>,
    /// The file.
    pub bytes: Bytes,
}

/// Why a field is not what was asked for. Names the field, never its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// Came more than once where one value was asked for.
    #[error("{0} was given more than once")]
    Repeated(&'static str),
    /// Is of another type.
    #[error("{0} is of the wrong type")]
    Type(&'static str),
}

impl Fields {
    /// Reads a body of any of the three kinds. 415 for a kind that is none of them, or is not in UTF-8.
    pub async fn read(request: &HttpRequest, payload: Payload) -> Result<Self, BodyError> {
        let limits = limits(request);
        Self::read_up_to(limits.body, limits, request, payload).await
    }

    /// The same where a file is asked for, which makes the body larger. Know the caller before.
    pub async fn read_with_file(request: &HttpRequest, payload: Payload) -> Result<Self, BodyError> {
        let limits = limits(request);
        Self::read_up_to(limits.multipart, limits, request, payload).await
    }

    async fn read_up_to(
        multipart: usize,
        limits: SizeLimits,
        request: &HttpRequest,
        payload: Payload,
    ) -> Result<Self, BodyError> {
        let mime = request.mime_type().map_err(|_unreadable| BodyError::MediaType)?;
        let charset = mime.as_ref().and_then(|mime| mime.get_param(mime::CHARSET));
        let essence = mime.as_ref().map(Mime::essence_str);
        let limit = if essence == Some("multipart/form-data") { multipart } else { limits.body };
        let body = read(request, payload, limit).await?;
        match essence {
            _ if body.is_empty() => Ok(Self::default()),
            _ if charset.is_some_and(|charset| charset != mime::UTF_8) => Err(BodyError::MediaType),
            Some("application/json") => Self::of_json(&body),
            Some("application/x-www-form-urlencoded") => Self::default().with_all(form::parse(&body)?),
            Some("multipart/form-data") => multipart::parse(request, body, &limits).await,
            _ => Err(BodyError::MediaType),
        }
    }

    fn of_json(body: &[u8]) -> Result<Self, BodyError> {
        let Value::Object(object) = parse_json(body)? else {
            return Err(BodyError::Malformed("not a JSON object".to_owned()));
        };
        Self::default().with_all(object.into_iter().map(|(name, value)| (name, FieldValue::from(value))))
    }

    fn with_all(mut self, values: impl IntoIterator<Item = (String, FieldValue)>) -> Result<Self, BodyError> {
        values.into_iter().try_for_each(|(name, value)| self.push(name, value))?;
        Ok(self)
    }

    pub(super) fn push(&mut self, name: String, value: FieldValue) -> Result<(), BodyError> {
        if self.values.len() == MAX_FIELDS || name.chars().nth(MAX_KEY).is_some() {
            return Err(BodyError::TooLarge);
        }
        self.values.push((name, value));
        Ok(())
    }

    pub(super) fn push_upload(&mut self, upload: Upload) {
        self.uploads.push(upload);
    }

    /// A text. Absent is `Keep`, JSON `null` is `Clear`; what the empty text means is the contract's to say.
    pub fn text(&self, name: &'static str) -> Result<Change<String>, FieldError> {
        self.one(name, |value| match value {
            FieldValue::Text(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// An id: a text, or a JSON number, as its digits.
    pub fn id(&self, name: &'static str) -> Result<Change<String>, FieldError> {
        self.one(name, |value| match value {
            FieldValue::Text(digits) | FieldValue::Number(digits) => Some(digits.clone()),
            _ => None,
        })
    }

    /// A boolean, as such or as the text `true` or `false`. The empty text is `Clear`: forms post it for a field not shown.
    pub fn boolean(&self, name: &'static str) -> Result<Change<bool>, FieldError> {
        let read = self.one(name, |value| match value {
            FieldValue::Bool(value) => Some(Some(*value)),
            FieldValue::Text(text) if text == "true" => Some(Some(true)),
            FieldValue::Text(text) if text == "false" => Some(Some(false)),
            FieldValue::Text(text) if text.is_empty() => Some(None),
            _ => None,
        })?;
        Ok(match read {
            Change::Keep => Change::Keep,
            Change::Clear | Change::Set(None) => Change::Clear,
            Change::Set(Some(value)) => Change::Set(value),
        })
    }

    /// The file uploaded as this field. An empty one is what browsers send for "none chosen".
    pub fn upload(&self, name: &'static str) -> Result<Option<&Upload>, FieldError> {
        let mut uploads = self.uploads.iter().filter(|upload| upload.field == name && !upload.bytes.is_empty());
        match (uploads.next(), uploads.next()) {
            (upload, None) => Ok(upload),
            _ => Err(FieldError::Repeated(name)),
        }
    }

    fn one<T>(&self, name: &'static str, read: impl Fn(&FieldValue) -> Option<T>) -> Result<Change<T>, FieldError> {
        let mut values = self.values.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (None, _) => Ok(Change::Keep),
            (Some(FieldValue::Null), None) => Ok(Change::Clear),
            (Some(value), None) => read(value).map(Change::Set).ok_or(FieldError::Type(name)),
            (Some(_), Some(_)) => Err(FieldError::Repeated(name)),
        }
    }
}

fn limits(request: &HttpRequest) -> SizeLimits {
    request.app_data::<Data<HttpOptions>>().map_or_else(SizeLimits::default, |options| options.limits)
}

impl From<Value> for FieldValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text),
            Value::Array(_) | Value::Object(_) => Self::Composite,
        }
    }
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
