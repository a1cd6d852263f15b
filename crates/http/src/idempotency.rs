//! The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07), on every POST of a contract that honours it
//! (R69). It is a part of the [edge](crate::edge), so that no route of such a contract can be without it.
//!
//! The request runs in a task of its own: a client that goes away, and sends the request again, finds its response.

use std::panic::resume_unwind;

use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BoxBody, MessageBody, to_bytes},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::{ErrorInternalServerError, InternalError},
    http::{
        Method, StatusCode,
        header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
    },
    middleware::Next,
    rt,
    web::{self, Bytes, Data},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use selfsame_application::{
    Credential, Fault,
    idempotency::{
        claim::{ClaimIdempotencyKey, ClaimIdempotencyKeyError, Claimed},
        complete::{CompleteIdempotencyKey, Completed},
    },
};
use selfsame_domain::IdempotencyClaim;
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;

use crate::{
    HttpOptions, Lane, Lanes, Services, body, context::request_context, contracts::Entry, credentials::Credentials,
    failure::Failure, language::Reader, request_id::RequestId,
};

/// The request header.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// On a response that was kept, not made for this request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// A key that is short could be guessed, and nobody needs a longer one. A UUID has 36 characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=128;

/// Why a request with a key is refused.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyRefusal {
    /// The header is not one key of 16 to 128 visible ASCII characters.
    Malformed,
    /// The key was used for another request.
    OtherRequest,
    /// The first request with the key is in progress. Try again after this time at the latest.
    InProgress(std::time::Duration),
    /// The first request took effect, and its response was lost.
    ResponseLost,
    /// A failure outside of a use case.
    Failed(Failure),
}

/// A response, as it is kept. It is sealed before it is stored.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Passes a request on, at most once for each key.
pub(crate) async fn once<B: MessageBody + 'static>(
    contract: &'static Entry,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_keyed = request.method() == Method::POST && request.headers().contains_key(IDEMPOTENCY_KEY);
    if !(contract.keeps_keys && is_keyed) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let (request_id, language) = (RequestId::of(request.request()), Reader::of(request.request()).language());
    let claimed = match claim(contract, &mut request).await {
        Ok(claimed) => claimed,
        Err(refusal) => {
            let response = (contract.refuse_key)(refusal, &request_id, language);
            return Ok(request.into_response(response));
        }
    };
    let claim = match claimed {
        Claimed::First(claim) => claim,
        Claimed::Replay(kept) => {
            let response =
                replay(&kept).unwrap_or_else(|| (contract.respond)(Failure::Internal, &request_id, language));
            return Ok(request.into_response(response));
        }
        Claimed::Unauthenticated => return next.call(request).await.map(ServiceResponse::map_into_boxed_body),
    };
    request.extensions_mut().insert(claim);
    let state = request.app_data::<Data<Services>>().cloned().zip(request.app_data::<Data<Lanes>>().cloned());
    let answered = async move {
        let answered = next.call(request).await.map(ServiceResponse::map_into_boxed_body);
        let (answered, completed) = completed(answered).await?;
        if let Some((services, lanes)) = state {
            complete(&services, &lanes, claim, completed).await;
        }
        answered
    };
    match rt::spawn(answered.instrument(tracing::Span::current())).await {
        Ok(answered) => answered,
        Err(failed) if failed.is_panic() => resume_unwind(failed.into_panic()),
        Err(cancelled) => Err(InternalError::new(cancelled, StatusCode::INTERNAL_SERVER_ERROR).into()),
    }
}

/// Claims the key of a request, whose body is received for that.
async fn claim(contract: &Entry, request: &mut ServiceRequest) -> Result<Claimed, KeyRefusal> {
    let internal = || KeyRefusal::Failed(Failure::Internal);
    let key = key(request.headers()).ok_or(KeyRefusal::Malformed)?;
    let options = request.app_data::<Data<HttpOptions>>().cloned().ok_or_else(internal)?;
    let services = request.app_data::<Data<Services>>().cloned().ok_or_else(internal)?;
    let lanes = request.app_data::<Data<Lanes>>().cloned().ok_or_else(internal)?;
    let credential = match (contract.credentials)(request.request(), &options, &services) {
        Credentials::Bearer(token) => Some(Credential::Bearer(token)),
        Credentials::Cookie(cookie) => Some(Credential::Cookie(cookie)),
        Credentials::None | Credentials::UnknownCookie => None,
        Credentials::MalformedBearer => return Ok(Claimed::Unauthenticated),
    };
    let payload = request.extract::<web::Payload>().await.map_err(|_error| internal())?;
    let read = body::read(request.request(), payload, options.limits.body).await;
    let body = read.map_err(|error| KeyRefusal::Failed(Failure::from(&error)))?;
    let claiming = ClaimIdempotencyKey {
        key,
        credential,
        request: fingerprint(request, &body),
        context: request_context(request.request(), &options),
    };
    request.set_payload(Payload::from(body));
    let core = std::sync::Arc::clone(&services.core);
    let claimed = lanes.run(Lane::Database, move || claiming.execute(&core)).await;
    claimed.map_err(|error| KeyRefusal::Failed(error.into()))?.map_err(KeyRefusal::from)
}

/// The key in the headers. It may be in quotes, as an item of a structured field (RFC 9651).
fn key(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY);
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let value = value.to_str().ok()?.trim();
    let key = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    let is_visible = key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
    (LENGTHS.contains(&key.len()) && is_visible).then(|| key.to_owned())
}

/// Method, target and body, so that no two requests have the same bytes.
fn fingerprint(request: &ServiceRequest, body: &Bytes) -> Vec<u8> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    [request.method().as_str().as_bytes(), b" ", target.as_bytes(), b"\n", body].concat()
}

/// The response with its body in memory, and what is kept of it.
async fn completed(
    answered: Result<ServiceResponse<BoxBody>, Error>,
) -> Result<(Result<ServiceResponse<BoxBody>, Error>, Completed), Error> {
    let (request, response) = match answered {
        Ok(response) => {
            let (request, response) = response.into_parts();
            (Some(request), response)
        }
        Err(error) => (None, error.error_response()),
    };
    let (head, body) = response.into_parts();
    let body = to_bytes(body).await.map_err(ErrorInternalServerError)?;
    let completed = outcome(head.status(), head.headers(), &body);
    let response = head.set_body(body).map_into_boxed_body();
    let answered = match request {
        Some(request) => Ok(ServiceResponse::new(request, response)),
        None => Err(InternalError::from_response("refused", response).into()),
    };
    Ok((answered, completed))
}

fn outcome(status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Completed {
    let kept = || {
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.to_string(), value.to_str().ok()?.to_owned())).filter(|_| *name != CONTENT_LENGTH)
        };
        let headers = headers.iter().filter_map(text).collect();
        serde_json::to_vec(&Kept { status: status.as_u16(), headers, body: STANDARD.encode(body) }).ok()
    };
    let may_succeed_later = status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
        || headers.contains_key(RETRY_AFTER);
    match kept() {
        Some(kept) if status.is_success() => Completed::Succeeded(kept),
        Some(kept) if !may_succeed_later => Completed::Refused(kept),
        _ => Completed::Failed,
    }
}

/// Ends the claim. If that fails, the key stays in progress until its time is over.
async fn complete(services: &Services, lanes: &Lanes, claim: IdempotencyClaim, completed: Completed) {
    let core = std::sync::Arc::clone(&services.core);
    let complete = move || CompleteIdempotencyKey { claim, completed }.execute(&core);
    let ended = lanes.run(Lane::Database, complete).await;
    let ended = ended.unwrap_or_else(|error| Err(Fault::Unavailable(error.to_string())));
    if let Err(error) = ended {
        tracing::warn!(%error, "the response to a request with an idempotency key could not be kept");
    }
}

/// The response that was kept; `None` if it cannot be read.
fn replay(kept: &[u8]) -> Option<HttpResponse> {
    let kept: Kept = serde_json::from_slice(kept).ok()?;
    let mut response = HttpResponse::build(StatusCode::from_u16(kept.status).ok()?);
    for (name, value) in &kept.headers {
        response.append_header((name.as_str(), value.as_str()));
    }
    response.insert_header((REPLAYED, "true"));
    Some(response.body(STANDARD.decode(kept.body).ok()?))
}

impl From<ClaimIdempotencyKeyError> for KeyRefusal {
    fn from(error: ClaimIdempotencyKeyError) -> Self {
        match error {
            ClaimIdempotencyKeyError::OtherRequest => Self::OtherRequest,
            ClaimIdempotencyKeyError::InProgress(wait) => Self::InProgress(wait),
            ClaimIdempotencyKeyError::ResponseLost => Self::ResponseLost,
            ClaimIdempotencyKeyError::Fault(fault) => {
                tracing::warn!(error = %fault, "an idempotency key could not be claimed");
                Self::Failed(Failure::from(&fault))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_of_16_to_128_visible_characters_in_quotes_or_not() {
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(IDEMPOTENCY_KEY, HeaderValue::from_str(value).unwrap());
            }
            key(&headers)
        };
        let uuid = "8e03978e-40d5-43e8-bc93-6894a57f9324";
        assert_eq!(read(&[uuid]).as_deref(), Some(uuid));
        assert_eq!(read(&[&format!("\"{uuid}\"")]).as_deref(), Some(uuid));
        let too_long = "x".repeat(129);
        for wrong in [&[][..], &[""], &["short"], &[uuid, uuid], &["a b c d e f g h i j"], &[&too_long]] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
