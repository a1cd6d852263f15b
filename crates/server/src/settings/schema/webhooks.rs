//! `[webhooks]`: events for other services.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use crate::settings::{
    secret::{Secret, SecretUrl},
    units::Span,
};

/// `[webhooks]`: the endpoints, their secrets, and how messages are tried again.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhooks {
    #[serde(deserialize_with = "endpoints")]
    pub(crate) endpoints: Vec<WebhookEndpoint>,
    pub(crate) secrets: Secret,
    pub(crate) timeout: Span,
    pub(crate) max_attempts: u32,
    pub(crate) retry_first: Span,
    pub(crate) retry_longest: Span,
    pub(crate) keep: Span,
}

/// `[[webhooks.endpoints]]`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookEndpoint {
    pub(crate) name: String,
    pub(crate) url: SecretUrl,
    pub(crate) events: Vec<String>,
}

/// Reads a list that is an array of tables in a file and JSON in an environment variable.
fn endpoints<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<WebhookEndpoint>, D::Error> {
    let expected = |error: serde_json::Error| {
        D::Error::custom(format!(
            "expected tables with name, url and events, in an environment variable as JSON: {error}"
        ))
    };
    let written = match Value::deserialize(from)? {
        Value::String(text) if text.trim().is_empty() => return Ok(Vec::new()),
        Value::String(text) => serde_json::from_str(&text).map_err(expected)?,
        other => other,
    };
    serde_json::from_value(written).map_err(expected)
}
