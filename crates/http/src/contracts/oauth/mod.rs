#![doc = include_str!("README.md")]

mod reasons;
mod revocation;
#[cfg(test)]
mod tests;

use actix_web::web::{self, ServiceConfig};
use selfsame_texts::Language;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema, openapi};

use self::reasons::{INVALID_REQUEST, INVALID_TOKEN, code};
use crate::{
    body::{InvalidBody, Style},
    contract::{Contract, ContractSummary},
    failure::Failure,
    reason::{Message, Reason},
    rejection::Rejection,
    request_id::RequestId,
};

/// The contract.
pub(crate) struct OAuth;

type Call = crate::call::Call<OAuth>;
type Fails<T> = crate::document::Fails<OAuth, T>;

/// An error (RFC 6749 section 5.2).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = oauth::Error)]
pub(crate) struct ErrorBody {
    /// For programs.
    #[schema(example = "invalid_request")]
    error: &'static str,
    /// For people.
    #[schema(value_type = String, example = "The parameter token is required.")]
    error_description: Message,
}

impl Contract for OAuth {
    const SUMMARY: ContractSummary = ContractSummary {
        name: "oauth",
        mounts: &["/oauth"],
        description: "Token revocation for OAuth 2.0 clients (RFC 7009): forms, errors of RFC 6749.",
    };
    const BODY_TYPES: &'static [&'static str] = &["application/x-www-form-urlencoded"];
    const BODY_STYLE: Style = Style::Form;
    const UNAUTHENTICATED: Reason = INVALID_TOKEN;
    const INVALID_BODY: &'static [Reason] = &[INVALID_REQUEST];
    type Details = ();
    type Error = ErrorBody;

    fn reason(failure: Failure) -> Reason {
        failure.reason().with_code(code(failure))
    }
    fn error_body(reason: Reason, message: Message, (): (), _: &RequestId, _: Language) -> ErrorBody {
        ErrorBody { error: reason.code, error_description: message }
    }
    fn invalid_body(invalid: InvalidBody) -> Rejection<Self> {
        reasons::invalid_body(&invalid)
    }
    fn routes(config: &mut ServiceConfig) {
        config.service(web::resource("/oauth/token/revoke").post(revocation::revoke));
    }
    fn document() -> openapi::OpenApi {
        Document::openapi()
    }
}

#[derive(OpenApi)]
#[openapi(
    paths(revocation::revoke),
    tags((name = OAuth::SUMMARY.name, description = OAuth::SUMMARY.description))
)]
struct Document;
