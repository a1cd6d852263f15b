//! One line in the log for each request.
//!
//! It has the pattern of the route and not the path: no id, no query, no header, no other text of the client (R51,
//! R81). The span has the request id.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};

/// Logs a response. `route` is `None` if the request reached no route.
pub(super) fn log(method: &Method, route: Option<&str>, status: StatusCode, took: Duration) {
    let (route, status) = (route.unwrap_or("-"), status.as_u16());
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(%method, route, status, took_us, "answered");
    } else {
        tracing::info!(%method, route, status, took_us, "answered");
    }
}
