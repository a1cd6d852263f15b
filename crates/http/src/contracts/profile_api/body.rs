//! A request body as the framework of this contract reads it: JSON by content type, then the fields of a model.

use actix_web::{
    Error,
    http::header::{CONTENT_TYPE, HeaderMap, HeaderValue},
    web::{Bytes, Payload},
};
use selfsame_domain::{Change, Violations};

use super::{Call, ProfileApi, json::Json, reasons, validation::ValidationError};
use crate::{body::MediaType, failure::Failure, rejection::Rejection};

/// How an error repeats the values of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Echo {
    /// As sent.
    AsSent,
    /// Masked, because the body has secrets, perhaps under a misspelt name. This is a deliberate difference from the
    /// framework.
    Masked,
}

/// A received body that is not parsed yet.
pub(super) struct RawBody {
    is_json: bool,
    bytes: Bytes,
    echo: Echo,
}

impl Call {
    /// Receives a body of any content type.
    pub(super) async fn raw_body(&self, payload: Payload, echo: Echo) -> Result<RawBody, Error> {
        let is_json = is_json(self.request().headers());
        Ok(RawBody { is_json, bytes: self.bytes(payload).await?, echo })
    }
}

impl RawBody {
    /// Parses the body. An empty one is `null`, and one of another content type is a string, as in the framework. Call
    /// it before authentication: invalid JSON is the first error, also for a request without a token. Call it in a
    /// lane: parsing a large body takes long.
    pub(super) fn parse(self) -> Result<Body, Rejection<ProfileApi>> {
        let text = str::from_utf8(&self.bytes).map_err(|_| Failure::BadRequest)?;
        let content = match text {
            "" => Json::Null,
            text if self.is_json => Json::parse(text)?,
            text => Json::String(text.to_owned()),
        };
        Ok(Body { content, echo: self.echo })
    }
}

/// A parsed body.
#[derive(Debug)]
pub(super) struct Body {
    content: Json,
    echo: Echo,
}

impl Body {
    /// The fields of the body, which must be an object.
    pub(super) fn fields(&self) -> Result<Fields<'_>, Rejection<ProfileApi>> {
        match &self.content {
            Json::Object(_) => Ok(Fields { body: self, errors: Vec::new() }),
            Json::Null => Err(ValidationError::missing(None, Json::Null).into()),
            other => Err(ValidationError::not_an_object(self.echoed(other)).into()),
        }
    }

    /// Whether the body has this field, and it is not `null`.
    pub(super) fn has(&self, field: &str) -> bool {
        self.content.get(field).is_some_and(|value| !matches!(value, Json::Null))
    }

    /// The value of a field, or the whole body, as an error repeats it.
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

/// Reads the fields of a model and collects errors. Read the fields in the order of the model.
pub(super) struct Fields<'b> {
    body: &'b Body,
    errors: Vec<ValidationError>,
}

impl Fields<'_> {
    /// A required string; empty if it is invalid.
    pub(super) fn required(&mut self, field: &'static str) -> String {
        match self.body.content.get(field) {
            Some(Json::String(text)) => return text.clone(),
            Some(_) => self.errors.push(ValidationError::not_a_string(field, self.body.input(Some(field)))),
            None => self.errors.push(ValidationError::missing(Some(field), self.body.input(None))),
        }
        String::new()
    }

    /// An optional string, or `null`.
    pub(super) fn optional(&mut self, field: &'static str) -> Change<String> {
        match self.body.content.get(field) {
            None => return Change::Keep,
            Some(Json::Null) => return Change::Clear,
            Some(Json::String(text)) => return Change::Set(text.clone()),
            Some(_) => self.errors.push(ValidationError::not_a_string(field, self.body.input(Some(field)))),
        }
        Change::Keep
    }

    /// The model, if there are no errors. Otherwise the rejection also has the violations of the model.
    pub(super) fn finish<T>(
        self,
        model: T,
        violations: impl FnOnce(&T) -> Violations,
    ) -> Result<T, Rejection<ProfileApi>> {
        if self.errors.is_empty() {
            return Ok(model);
        }
        Err(reasons::of_fields(self.errors, violations(&model), self.body))
    }
}

/// Whether the content type is `application/json`, `application/*+json`, or absent.
fn is_json(headers: &HeaderMap) -> bool {
    if headers.get(CONTENT_TYPE).is_none_or(HeaderValue::is_empty) {
        return true;
    }
    MediaType::of(headers).is_some_and(|media_type| {
        let subtype = media_type.essence.strip_prefix("application/").unwrap_or_default();
        subtype == "json" || subtype.ends_with("+json")
    })
}
