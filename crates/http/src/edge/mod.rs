//! The edge: what is done to every request on its way in and to every answer on its way out, errors and panics included.
//!
//! One middleware around everything, so that no route can be without it. In: a request id, a span, the limits on the
//! head, CORS preflights, the same-origin check. Out: framework failures in the contract's own shape, a panic as a
//! 500, the headers, one line in the log. Each concern is a plain function in a file of its own.

mod access_log;
mod cors;
mod head;
mod request_id;
mod same_origin;
mod security_headers;

use std::{panic::AssertUnwindSafe, time::Duration};

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        StatusCode,
        header::{ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt as _;
use tokio::time::Instant;
use tracing::Instrument as _;

pub use self::request_id::RequestId;
pub(crate) use self::security_headers::CROSS_ORIGIN_RESOURCE_POLICY;
use crate::{
    HttpOptions,
    errors::{ErrorStyle, Failure},
};

/// What the way out has to know about the way in.
struct Arrival {
    options: Data<HttpOptions>,
    request_id: RequestId,
    style: ErrorStyle,
    method: actix_web::http::Method,
    origin: Option<String>,
    at: Instant,
}

/// The middleware; see the module.
pub(crate) async fn edge<B: MessageBody + 'static>(
    options: Data<HttpOptions>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let request_id = RequestId::assign(&request);
    request.extensions_mut().insert(request_id.clone());
    let arrival = Arrival {
        request_id,
        style: ErrorStyle::of(request.path()),
        method: request.method().clone(),
        origin: cors::allowed_origin(&request, &options),
        at: Instant::now(),
        options,
    };
    let span = tracing::info_span!("request", request_id = arrival.request_id.as_str(), method = %arrival.method);
    async move {
        if let Some(response) = arrival.answer_early(&request) {
            return Ok(arrival.leave(request.into_response(response)));
        }
        match AssertUnwindSafe(next.call(request)).catch_unwind().await {
            Ok(Ok(response)) => Ok(arrival.leave(response.map_into_boxed_body())),
            Ok(Err(error)) => Err(arrival.leave_without_request(error.error_response())),
            Err(_panic) => Err(arrival.leave_without_request(arrival.failed(Failure::Internal))),
        }
    }
    .instrument(span)
    .await
}

impl Arrival {
    /// What needs no route: a preflight, or a request that may not come in.
    fn answer_early(&self, request: &ServiceRequest) -> Option<HttpResponse> {
        if let Some(failure) = head::refused(request, &self.options.limits) {
            return Some(self.failed(failure));
        }
        if cors::is_preflight(request) {
            let allowed = self.origin.as_ref().map(|_| cors::preflight());
            return Some(allowed.unwrap_or_else(|| self.failed(Failure::CrossOrigin)));
        }
        same_origin::is_forged(request, &self.options).then(|| self.failed(Failure::CrossOrigin))
    }

    fn failed(&self, failure: Failure) -> HttpResponse {
        failure.respond_in(self.style, &self.request_id)
    }

    fn leave(&self, response: ServiceResponse) -> ServiceResponse {
        let (request, response) = response.into_parts();
        let mut response = self.shaped(response);
        self.add_headers(response.headers_mut());
        access_log::log(&self.method, request.match_pattern().as_deref(), response.status(), self.took());
        ServiceResponse::new(request, response)
    }

    /// An error or a panic took the request with it; the answer goes out as an error.
    fn leave_without_request(&self, response: HttpResponse) -> Error {
        let mut response = self.shaped(response);
        self.add_headers(response.headers_mut());
        access_log::log(&self.method, None, response.status(), self.took());
        InternalError::from_response("answered with an error", response).into()
    }

    /// Failures that the framework words itself (bare, or as plain text) are said again in the contract's shape.
    fn shaped(&self, response: HttpResponse) -> HttpResponse {
        if !is_bare_failure(response.status(), response.headers()) {
            return response;
        }
        let mut shaped = self.failed(Failure::from_status(response.status()));
        for allow in response.headers().get_all(ALLOW) {
            shaped.headers_mut().append(ALLOW, allow.clone());
        }
        shaped
    }

    fn add_headers(&self, headers: &mut HeaderMap) {
        headers.insert(request_id::HEADER, self.request_id.header_value());
        cors::add_headers(headers, self.origin.as_deref());
        security_headers::add(headers, self.options.is_https());
    }

    fn took(&self) -> Duration {
        self.at.elapsed()
    }
}

fn is_bare_failure(status: StatusCode, headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_plain = content_type.is_none_or(|value| value.starts_with(b"text/plain"));
    (status.is_client_error() || status.is_server_error()) && is_plain
}

#[cfg(test)]
mod tests;
