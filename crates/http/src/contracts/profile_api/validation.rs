//! The one error body that this contract publishes: pydantic's list of what is wrong where, with the value that was sent.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::json::Json;

/// What is wrong with a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::HTTPValidationError)]
pub(super) struct HttpValidationError<'e> {
    /// Everything that is wrong, in the order of the model's fields.
    pub(super) detail: &'e [ValidationError],
}

/// One thing that is wrong. Members are written in this order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = profile_api::ValidationError)]
pub(super) struct ValidationError {
    /// Which kind of error, for programs.
    #[serde(rename = "type")]
    #[schema(example = "string_type")]
    kind: &'static str,
    /// Where: `body`, then the field, or the position at which the JSON breaks.
    #[schema(value_type = Vec<Loc>, example = json!(["body", "first_name"]))]
    loc: Vec<Loc>,
    /// What, for people.
    #[schema(example = "Input should be a valid string")]
    msg: String,
    /// What was sent. Passwords and codes are hidden.
    #[schema(value_type = Value, example = json!(42))]
    input: Json,
    /// Numbers and texts that `msg` was made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    ctx: Option<Value>,
}

/// One step towards the place of an error.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Loc)]
#[serde(untagged)]
pub(super) enum Loc {
    /// A part of the request, or a field.
    Name(&'static str),
    /// How many characters stand before the place.
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

    /// The field that it is about; `None` for the whole body.
    pub(super) fn field(&self) -> Option<&'static str> {
        match self.loc.get(1) {
            Some(Loc::Name(field)) => Some(field),
            Some(Loc::Position(_)) | None => None,
        }
    }

    /// No body, or a field that is not there; `input` is where it should be.
    pub(super) fn missing(field: Option<&'static str>, input: Json) -> Self {
        Self::new("missing", field, "Field required", input, None)
    }

    /// The body is no JSON object.
    pub(super) fn not_an_object(input: Json) -> Self {
        let msg = "Input should be a valid dictionary or object to extract fields from";
        Self::new("model_attributes_type", None, msg, input, None)
    }

    /// The body is no JSON.
    pub(super) fn broken_json(problem: &'static str, position: usize) -> Self {
        let loc = vec![Loc::Name("body"), Loc::Position(position)];
        let (input, ctx) = (Json::Object(Vec::new()), Some(json!({ "error": problem })));
        Self { kind: "json_invalid", loc, msg: "JSON decode error".to_owned(), input, ctx }
    }

    /// A field that is no string.
    pub(super) fn not_a_string(field: &'static str, input: Json) -> Self {
        Self::new("string_type", Some(field), "Input should be a valid string", input, None)
    }

    /// A string of fewer than `min` characters.
    pub(super) fn too_short(field: Option<&'static str>, input: Json, min: usize) -> Self {
        let msg = format!("String should have at least {}", characters(min));
        Self::new("string_too_short", field, msg, input, Some(json!({ "min_length": min })))
    }

    /// A string of more than `max` characters.
    pub(super) fn too_long(field: Option<&'static str>, input: Json, max: usize) -> Self {
        let msg = format!("String should have at most {}", characters(max));
        Self::new("string_too_long", field, msg, input, Some(json!({ "max_length": max })))
    }

    /// A value that breaks any other rule.
    pub(super) fn value_error(field: Option<&'static str>, input: Json, why: &str) -> Self {
        Self::new("value_error", field, format!("Value error, {why}"), input, Some(json!({ "error": {} })))
    }
}

fn characters(count: usize) -> String {
    format!("{count} character{}", if count == 1 { "" } else { "s" })
}
