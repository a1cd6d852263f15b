#![doc = include_str!("README.md")]

mod authorize;
mod introspection;
mod logout;
mod metadata;
mod pages;
mod passkey;
mod reasons;
mod request;
mod revocation;
mod sign_in;
#[cfg(test)]
mod tests;
mod token;
mod userinfo;

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

/// The authorization endpoint (RFC 6749 section 3.1).
pub(crate) const AUTHORIZATION_ENDPOINT: &str = "/oauth/authorize";
/// The forms of its pages.
const SIGN_IN: &str = "/oauth/sign-in";
const SECOND_STEP: &str = "/oauth/second-step";
const PASSKEY: &str = "/oauth/passkey";
const CONSENT: &str = "/oauth/consent";
const SIGN_OUT: &str = "/oauth/sign-out";
/// The options of a ceremony, for the script of the pages.
const PASSKEY_OPTIONS: &str = "/oauth/passkey-options";
/// The end of sign-ins (OpenID Connect RP-Initiated Logout section 2).
pub(crate) const LOGOUT_ENDPOINT: &str = "/oauth/logout";

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
        mounts: &[
            "/oauth",
            "/userinfo",
            "/.well-known/oauth-authorization-server",
            "/.well-known/openid-configuration",
        ],
        description: "Tokens for applications: OAuth 2.0 and OpenID Connect, code flow with PKCE.",
    };
    const BODY_TYPES: &'static [&'static str] = &["application/x-www-form-urlencoded"];
    const BODY_STYLE: Style = Style::Form;
    const UNAUTHENTICATED: Reason = INVALID_TOKEN;
    const NO_CREDENTIAL: Reason = INVALID_TOKEN.with_message("The request has no access token.");
    const EXPIRED: Reason = INVALID_TOKEN.with_message("The access token has expired.");
    const INSUFFICIENT_SCOPE: Reason =
        Reason::new(403, "insufficient_scope", "The application of this token may not do that.");
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
        let metadata = web::resource("/.well-known/oauth-authorization-server");
        let openid = web::resource("/.well-known/openid-configuration");
        let userinfo = web::resource("/userinfo");
        config
            .service(web::resource("/oauth/token").post(token::issue))
            .service(web::resource("/oauth/token/revoke").post(revocation::revoke))
            .service(web::resource("/oauth/revoke").post(revocation::revoke_by_discovery))
            .service(web::resource("/oauth/introspect").post(introspection::introspect))
            .service(userinfo.get(userinfo::get).head(userinfo::get).post(userinfo::post))
            .service(metadata.get(metadata::oauth).head(metadata::oauth))
            .service(openid.get(metadata::openid).head(metadata::openid))
            .service(web::resource(AUTHORIZATION_ENDPOINT).get(authorize::get).post(authorize::post))
            .service(web::resource(SIGN_IN).get(authorize::again).post(sign_in::sign_in))
            .service(web::resource(SECOND_STEP).get(authorize::again).post(sign_in::verify))
            .service(web::resource(PASSKEY).get(authorize::again).post(passkey::sign_in))
            .service(web::resource(PASSKEY_OPTIONS).post(passkey::begin))
            .service(web::resource(LOGOUT_ENDPOINT).get(logout::get).post(authorize::post))
            .service(web::resource(SIGN_OUT).get(logout::again).post(logout::sign_out))
            .service(web::resource(CONSENT).get(authorize::again).post(authorize::consent));
    }
    fn document() -> openapi::OpenApi {
        Document::openapi()
    }
}

#[derive(OpenApi)]
#[openapi(
    paths(
        token::issue, revocation::revoke, revocation::revoke_by_discovery, introspection::introspect,
        userinfo::get, userinfo::post, metadata::oauth, metadata::openid,
    ),
    tags((name = OAuth::SUMMARY.name, description = OAuth::SUMMARY.description))
)]
struct Document;
