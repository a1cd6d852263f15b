//! One line in the log for each request.
//!
//! It names the route's pattern, not the path: no id, no query, no header, nothing that a client could write into it
//! (R51, R81). The request id comes with the span.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};

/// Logs an answer. `route` is none where no route was reached.
pub(super) fn log(method: &Method, route: Option<&str>, status: StatusCode, took: Duration) {
    let (route, status) = (route.unwrap_or("-"), status.as_u16());
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(%method, route, status, took_us, "answered");
    } else {
        tracing::info!(%method, route, status, took_us, "answered");
    }
}
