//! `/api/v1/account/attributes/schema`: the operator's JSON Schema of `attributes`.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, VARY};
use serde_json::json;

use super::Call;
use crate::{Lane, call::HandlerResult};

/// The schema changes only when the server starts with another one.
const CACHED: HeaderValue = HeaderValue::from_static("private, max-age=300");

/// The media type of JSON Schema, as its specification registers it.
const SCHEMA_JSON: HeaderValue = HeaderValue::from_static("application/schema+json");

/// Read the schema of the attributes
///
/// The JSON Schema that `attributes` of the account must satisfy, as the operator wrote it; without one, a schema that takes
/// every object. The limits of sizes are not in it. Cacheable for five minutes.
#[utoipa::path(
    get, path = "/api/v1/account/attributes/schema", operation_id = "account_get_attributes_schema", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The schema.", body = Object, content_type = "application/schema+json",
            headers(("ETag" = String, description = "Strong.")),
            example = json!({"type": "object", "properties": {"theme": {"enum": ["light", "dark"]}}})),
        (status = 304, description = "It matches `If-None-Match`."),
    ),
)]
pub(super) async fn read(call: Call) -> HandlerResult {
    let schema = call
        .run(Lane::Database, |core, sender| {
            sender.authenticate(core)?;
            let any_object = || json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"});
            Ok(core.attributes_schema.as_ref().map_or_else(any_object, |schema| schema.document().clone()))
        })
        .await?;
    let mut response = call.respond_with_tag(&schema)?;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, CACHED);
    headers.insert(VARY, HeaderValue::from_static("Authorization, Cookie"));
    if headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, SCHEMA_JSON);
    }
    Ok(response)
}
