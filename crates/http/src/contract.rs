//! The trait of a wire contract: how its clients authenticate, and how its errors are written. All else about a request
//! is the same in all contracts, in [`Call`](crate::call::Call) and [`Rejection`].

use std::fmt;

use actix_web::{HttpRequest, web::ServiceConfig};
use selfsame_texts::Language;
use serde::Serialize;
use utoipa::{ToSchema, openapi::OpenApi};

use crate::{
    HttpOptions, Services,
    body::{InvalidBody, Malformed, Style},
    credentials::Credentials,
    failure::Failure,
    idempotency::KeyRefusal,
    reason::{Message, Reason},
    rejection::Rejection,
    request_id::RequestId,
};

/// A description of a contract, for the landing page and the log line at start.
#[derive(Clone, Copy, Debug)]
pub struct ContractSummary {
    /// Its name, which is also the tag of its routes in the OpenAPI document.
    pub name: &'static str,
    /// The path prefixes of its routes.
    pub mounts: &'static [&'static str],
    /// One line for people.
    pub description: &'static str,
}

impl fmt::Display for ContractSummary {
    /// Name and mounts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.mounts.join(" "))
    }
}

/// One wire contract.
pub(crate) trait Contract: Sized + 'static {
    /// Its description.
    const SUMMARY: ContractSummary;
    /// The path prefixes, in whole segments, under which errors of the edge have this contract's form.
    const PREFIXES: &'static [&'static str] = Self::SUMMARY.mounts;
    /// Whether the session cookie is accepted as a credential. A Bearer access token always is.
    const ACCEPTS_COOKIE: bool = false;
    /// The accepted content types of request bodies.
    const BODY_TYPES: &'static [&'static str] = &["application/json"];
    /// How the members of a body are read.
    const BODY_STYLE: Style = Style::Json;
    /// The credential is missing or invalid.
    const UNAUTHENTICATED: Reason;
    /// There is no credential at all.
    const NO_CREDENTIAL: Reason = Self::UNAUTHENTICATED;
    /// The access token has expired.
    const EXPIRED: Reason = Self::UNAUTHENTICATED;
    /// An application acts for the user, and may not do this (RFC 6750 section 3.1).
    const INSUFFICIENT_SCOPE: Reason =
        Reason::new(403, "INSUFFICIENT_SCOPE", "The application of this token may not do that.");
    /// The reasons for an invalid body, for the OpenAPI document.
    const INVALID_BODY: &'static [Reason];
    /// Whether its errors have the code of the reason. Otherwise the code is only for the log.
    const SHOWS_CODES: bool = true;
    /// Whether responses show the rate limits that the request has charged.
    const SHOWS_RATE_LIMITS: bool = false;
    /// Whether every POST honours `Idempotency-Key` (R69).
    const KEEPS_IDEMPOTENCY_KEYS: bool = false;
    /// The reasons of [`Contract::refused_key`], for the OpenAPI document.
    const REFUSED_KEY: &'static [Reason] = &[];
    /// Whether its errors are in the language of their reader.
    const IS_TRANSLATED: bool = false;
    /// The content type of errors.
    const ERROR_TYPE: &'static str = "application/json";
    /// The part of an error that the reason does not have.
    type Details: Default + Send;
    /// The body of errors.
    type Error: ToSchema + Serialize;

    /// The credentials in a request.
    fn credentials(request: &HttpRequest, options: &HttpOptions, _services: &Services) -> Credentials {
        Credentials::of(request, options.cookie)
    }
    /// The reason for a failure outside of a use case.
    fn reason(failure: Failure) -> Reason {
        failure.reason()
    }
    /// The body of an error. `message` is that of the reason, or a more exact one.
    fn error_body(
        reason: Reason,
        message: Message,
        details: Self::Details,
        request_id: &RequestId,
        language: Language,
    ) -> Self::Error;
    /// The details of an example in the OpenAPI document.
    fn example_details(_reason: Reason) -> Self::Details {
        Self::Details::default()
    }
    /// The rejection of a body that does not match its content type.
    fn malformed_body(_malformed: Malformed) -> Rejection<Self> {
        Failure::BadRequest.into()
    }
    /// The rejection of a body with invalid members.
    fn invalid_body(_invalid: InvalidBody) -> Rejection<Self> {
        Failure::BadRequest.into()
    }
    /// The rejection of a request with an idempotency key.
    fn refused_key(_refusal: KeyRefusal) -> Rejection<Self> {
        Failure::BadRequest.into()
    }
    /// Mounts its routes: one `web::resource` for each path, so that a 405 lists the allowed methods.
    fn routes(config: &mut ServiceConfig);
    /// Its part of the OpenAPI document. The common error responses are added later.
    fn document() -> OpenApi;
}
