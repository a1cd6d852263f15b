//! Checks responses against the OpenAPI document.

use std::sync::LazyLock;

use actix_web::http::Method;
use serde_json::Value;

/// Fails the test if the document does not have this status for the route. A path without the
/// method is not documented with it: its answer is a 405.
#[track_caller]
pub(super) fn check(method: &Method, route: &str, status: u16) {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(crate::document()).unwrap());
    let operation = &DOCUMENT["paths"][route][method.as_str().to_ascii_lowercase()];
    let responses = operation["responses"].as_object();
    let is_documented = responses.is_none_or(|responses| responses.contains_key(&status.to_string()));
    assert!(is_documented, "{method} {route} returned {status}, which is not in the OpenAPI document");
}
