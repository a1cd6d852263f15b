//! A request body as the framework behind this contract takes it in: JSON by content type, then a model field by field.

use actix_web::http::header::HeaderValue;
use mime::Mime;
use selfsame_domain::{Change, Violations};

use super::{
    json::{Json, JsonError},
    rejection::Rejection,
    validation::ValidationError,
};
use crate::errors::Failure;

/// How values come back in an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Echo {
    /// As sent.
    AsSent,
    /// Hidden: the body holds secrets, and nobody knows under which misspelt name. The contract's one deliberate
    /// difference from its model.
    Masked,
}

/// A body. None at all is `null`, and one that does not say it is JSON is a string, as in the model.
#[derive(Debug)]
pub(super) struct Body {
    content: Json,
    echo: Echo,
}

impl Body {
    /// Takes in what was sent. Broken JSON is the first thing that is told, also to a stranger; text that is not UTF-8 is
    /// a 400.
    pub(super) fn new(content_type: Option<&HeaderValue>, bytes: &[u8], echo: Echo) -> Result<Self, Rejection> {
        let text = str::from_utf8(bytes).map_err(|_| Failure::BadRequest)?;
        let content = match text {
            "" => Json::Null,
            text if is_json(content_type) => Json::parse(text)?,
            text => Json::String(text.to_owned()),
        };
        Ok(Self { content, echo })
    }

    /// The fields of the body, which must be an object.
    pub(super) fn fields(&self) -> Result<Fields<'_>, Rejection> {
        match &self.content {
            Json::Object(_) => Ok(Fields { body: self, errors: Vec::new() }),
            Json::Null => Err(ValidationError::missing(None, Json::Null).into()),
            other => Err(ValidationError::not_an_object(self.echoed(other)).into()),
        }
    }

    /// Whether a field is there and not `null`.
    pub(super) fn has(&self, field: &str) -> bool {
        self.content.get(field).is_some_and(|value| !matches!(value, Json::Null))
    }

    /// What to say was sent as a field, or as the whole.
    pub(super) fn input(&self, field: Option<&str>) -> Json {
        let sent = field.map_or(Some(&self.content), |field| self.content.get(field));
        sent.map_or(Json::Null, |sent| self.echoed(sent))
    }

    fn echoed(&self, sent: &Json) -> Json {
        match self.echo {
            Echo::AsSent => sent.clone(),
            Echo::Masked => sent.masked(),
        }
    }
}

/// Collects what is wrong while a model is read; read it in the order of its fields.
pub(super) struct Fields<'b> {
    body: &'b Body,
    errors: Vec<ValidationError>,
}

impl Fields<'_> {
    /// A string that must be there; empty if it is not, which [`Fields::finish`] then tells.
    pub(super) fn required(&mut self, field: &'static str) -> String {
        match self.body.content.get(field) {
            Some(Json::String(text)) => return text.clone(),
            Some(_) => self.errors.push(ValidationError::not_a_string(field, self.body.input(Some(field)))),
            None => self.errors.push(ValidationError::missing(Some(field), self.body.input(None))),
        }
        String::new()
    }

    /// A string, `null`, or nothing.
    pub(super) fn optional(&mut self, field: &'static str) -> Change<String> {
        match self.body.content.get(field) {
            None => return Change::Keep,
            Some(Json::Null) => return Change::Clear,
            Some(Json::String(text)) => return Change::Set(text.clone()),
            Some(_) => self.errors.push(ValidationError::not_a_string(field, self.body.input(Some(field)))),
        }
        Change::Keep
    }

    /// The model, unless something was wrong. Then `rules` says which rules the other fields break, so that all is told at
    /// once.
    pub(super) fn finish<T>(self, model: T, rules: impl FnOnce(&T) -> Violations) -> Result<T, Rejection> {
        if self.errors.is_empty() {
            return Ok(model);
        }
        Err(Rejection::of_fields(self.errors, rules(&model), self.body))
    }
}

impl From<JsonError> for Rejection {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Syntax { problem, position } => ValidationError::broken_json(problem, position).into(),
            JsonError::TooMuch => Failure::BadRequest.into(),
        }
    }
}

/// `application/json`, `application/*+json`, or no word about it.
fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let Some(content_type) = content_type.filter(|value| !value.is_empty()) else { return true };
    let mime: Option<Mime> = content_type.to_str().ok().and_then(|text| text.parse().ok());
    mime.is_some_and(|mime| {
        mime.type_() == mime::APPLICATION && (mime.subtype() == mime::JSON || mime.suffix() == Some(mime::JSON))
    })
}
