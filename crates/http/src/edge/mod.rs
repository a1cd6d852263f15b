//! The edge: the middleware of every request and every response, errors and panics included.
//!
//! It is around all routes, so that none can be without it. For a request: a request id, a span, the limits on the
//! head, CORS preflights, the same-origin check. For a response: errors of the framework in the form of the contract, a
//! panic as a 500, the headers, one line in the log. Each of these is a plain function in its own file.

mod access_log;
mod cors;
mod head;
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
        header::{ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt as _;
use tokio::time::Instant;
use tracing::Instrument as _;

pub(crate) use self::security_headers::CROSS_ORIGIN_RESOURCE_POLICY;
use crate::{
    HttpOptions,
    contracts::{self, Entry},
    failure::Failure,
    idempotency,
    language::Reader,
    rate_limits,
    request_id::{self, RequestId},
};

/// The data of a request that its response needs.
struct RequestState {
    options: Data<HttpOptions>,
    request_id: RequestId,
    reader: Reader,
    contract: &'static Entry,
    method: actix_web::http::Method,
    origin: Option<cors::AllowedOrigin>,
    received_at: Instant,
}

/// The middleware; see the module.
pub(crate) async fn edge<B: MessageBody + 'static>(
    options: Data<HttpOptions>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let request_id = RequestId::assign(&request, &options);
    request.extensions_mut().insert(request_id.clone());
    let state = RequestState {
        request_id,
        reader: Reader::of(request.request()),
        contract: contracts::of_path(request.path()),
        method: request.method().clone(),
        origin: cors::allowed_origin(&request, &options),
        received_at: Instant::now(),
        options,
    };
    let span = tracing::info_span!("request", request_id = state.request_id.as_str(), method = %state.method);
    async move {
        if let Some(response) = state.early_response(&request) {
            return Ok(state.finish(request.into_response(response)));
        }
        match AssertUnwindSafe(idempotency::once(state.contract, request, next)).catch_unwind().await {
            Ok(Ok(response)) => Ok(state.finish(response)),
            Ok(Err(error)) => Err(state.finish_error(error.error_response())),
            Err(_panic) => Err(state.finish_error(state.refuse(Failure::Internal))),
        }
    }
    .instrument(span)
    .await
}

impl RequestState {
    /// The response to a request that does not reach a route: a preflight, a refused request, or a path with a slash too
    /// many.
    fn early_response(&self, request: &ServiceRequest) -> Option<HttpResponse> {
        if let Some(failure) = head::refused(request, &self.options.limits) {
            return Some(self.refuse(failure));
        }
        if cors::is_preflight(request) {
            let allowed = self.origin.as_ref().map(|_| cors::preflight());
            return Some(allowed.unwrap_or_else(|| self.refuse(Failure::CrossOrigin)));
        }
        if same_origin::is_forged(request, &self.options) {
            return Some(self.refuse(Failure::CrossOrigin));
        }
        let target = without_trailing_slash(request)?;
        Some(HttpResponse::PermanentRedirect().insert_header((LOCATION, target)).finish())
    }

    fn refuse(&self, failure: Failure) -> HttpResponse {
        (self.contract.respond)(failure, &self.request_id, self.reader.language())
    }

    fn finish(&self, response: ServiceResponse) -> ServiceResponse {
        let (request, response) = response.into_parts();
        let mut response = self.in_contract_form(response);
        self.add_headers(response.headers_mut());
        rate_limits::add_headers(&request, response.headers_mut());
        access_log::log(&self.method, request.match_pattern().as_deref(), response.status(), self.elapsed());
        ServiceResponse::new(request, response)
    }

    /// After an error or a panic the request is gone, so the response is returned as an error.
    fn finish_error(&self, response: HttpResponse) -> Error {
        let mut response = self.in_contract_form(response);
        self.add_headers(response.headers_mut());
        access_log::log(&self.method, None, response.status(), self.elapsed());
        InternalError::from_response("answered with an error", response).into()
    }

    /// Writes an error of the framework, which has no body or plain text, in the form of the contract.
    fn in_contract_form(&self, response: HttpResponse) -> HttpResponse {
        if !is_bare_failure(response.status(), response.headers()) {
            return response;
        }
        let mut refusal = self.refuse(Failure::from_status(response.status()));
        for allow in response.headers().get_all(ALLOW) {
            refusal.headers_mut().append(ALLOW, allow.clone());
        }
        refusal
    }

    fn add_headers(&self, headers: &mut HeaderMap) {
        headers.insert(request_id::HEADER, self.request_id.header_value());
        cors::add_headers(headers, self.origin.as_ref());
        security_headers::add(headers, &self.options);
    }

    fn elapsed(&self) -> Duration {
        self.received_at.elapsed()
    }
}

/// The path of a route, with the query, if the request has that path with a slash at the end.
fn without_trailing_slash(request: &ServiceRequest) -> Option<String> {
    let path = request.path().strip_suffix('/').filter(|path| !path.ends_with('/'))?;
    let routes = request.resource_map();
    if routes.has_resource(request.path()) || !routes.has_resource(path) {
        return None;
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{path}{query}"))
}

fn is_bare_failure(status: StatusCode, headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_plain = content_type.is_none_or(|value| value.starts_with(b"text/plain"));
    (status.is_client_error() || status.is_server_error()) && is_plain
}

#[cfg(test)]
mod tests;
