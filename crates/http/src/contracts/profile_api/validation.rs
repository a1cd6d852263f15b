//! The published error body of this contract: pydantic's list of errors, each with its place and the value that was
//! sent.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::json::Json;

/// The errors of a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::HTTPValidationError)]
pub(crate) struct HttpValidationError {
    /// All errors, in the order of the fields of the model.
    pub(super) detail: Vec<ValidationError>,
}

/// One error. The members are serialized in this order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = profile_api::ValidationError)]
pub(crate) struct ValidationError {
    /// The kind of error, for programs.
    #[serde(rename = "type")]
    #[schema(example = "string_type")]
    kind: &'static str,
    /// The place: `body`, then the field or the position of the syntax error.
    #[schema(value_type = Vec<Loc>, example = json!(["body", "first_name"]))]
    loc: Vec<Loc>,
    /// A sentence for people.
    #[schema(example = "Input should be a valid string")]
    msg: String,
    /// The value that was sent. Passwords and codes are masked.
    #[schema(value_type = Value, example = json!(42))]
    input: Json,
    /// The numbers and texts in `msg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    ctx: Option<Value>,
}

/// One step of the path to an error.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Loc)]
#[serde(untagged)]
pub(crate) enum Loc {
    /// A part of the request, or a field.
    Name(&'static str),
    /// The number of characters before the error.
    Position(usize),
}

impl ValidationError {
    /// An error of the whole body, or of one of its fields.
    fn new(
        kind: &'static str,
        field: Option<&'static str>,
        msg: impl Into<String>,
        input: Json,
        ctx: Option<Value>,
    ) -> Self {
        let loc = [Some("body"), field].into_iter().flatten().map(Loc::Name).collect();
        Self { kind, loc, msg: msg.into(), input, ctx }
    }

    /// The field with the error; `None` for the whole body.
    pub(super) fn field(&self) -> Option<&'static str> {
        match self.loc.get(1) {
            Some(Loc::Name(field)) => Some(field),
            Some(Loc::Position(_)) | None => None,
        }
    }

    /// The body or a field is missing. `input` is the value that should have it.
    pub(super) fn missing(field: Option<&'static str>, input: Json) -> Self {
        Self::new("missing", field, "Field required", input, None)
    }

    /// The body is not a JSON object.
    pub(super) fn not_an_object(input: Json) -> Self {
        let msg = "Input should be a valid dictionary or object to extract fields from";
        Self::new("model_attributes_type", None, msg, input, None)
    }

    /// The body is not JSON.
    pub(super) fn invalid_json(problem: &'static str, position: usize) -> Self {
        let loc = vec![Loc::Name("body"), Loc::Position(position)];
        let (input, ctx) = (Json::Object(Vec::new()), Some(json!({ "error": problem })));
        Self { kind: "json_invalid", loc, msg: "JSON decode error".to_owned(), input, ctx }
    }

    /// The field is not a string.
    pub(super) fn not_a_string(field: &'static str, input: Json) -> Self {
        Self::new("string_type", Some(field), "Input should be a valid string", input, None)
    }

    /// The string has fewer than `min` characters.
    pub(super) fn too_short(field: Option<&'static str>, input: Json, min: usize) -> Self {
        let msg = format!("String should have at least {}", characters(min));
        Self::new("string_too_short", field, msg, input, Some(json!({ "min_length": min })))
    }

    /// The string has more than `max` characters.
    pub(super) fn too_long(field: Option<&'static str>, input: Json, max: usize) -> Self {
        let msg = format!("String should have at most {}", characters(max));
        Self::new("string_too_long", field, msg, input, Some(json!({ "max_length": max })))
    }

    /// The value breaks another rule.
    pub(super) fn value_error(field: Option<&'static str>, input: Json, message: &str) -> Self {
        Self::new("value_error", field, format!("Value error, {message}"), input, Some(json!({ "error": {} })))
    }
}

fn characters(count: usize) -> String {
    format!("{count} character{}", if count == 1 { "" } else { "s" })
}
