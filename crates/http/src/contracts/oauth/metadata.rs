//! `/.well-known/oauth-authorization-server` (RFC 8414) and `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0).

use actix_web::{HttpResponse, http::header::CACHE_CONTROL};
use selfsame_application::oauth::ASSURANCE_LEVELS;
use selfsame_domain::{Scope, oauth::SigningAlgorithm};
use serde::Serialize;
use utoipa::ToSchema;

use super::Call;

/// What a client has to know of this server. One document for both addresses.
#[derive(Serialize, ToSchema)]
#[schema(as = oauth::Metadata)]
#[expect(clippy::struct_excessive_bools, reason = "the members of the standard")]
struct Metadata {
    #[schema(example = "https://id.example.com")]
    issuer: String,
    #[schema(example = "https://id.example.com/oauth/authorize")]
    authorization_endpoint: String,
    #[schema(example = "https://id.example.com/oauth/token")]
    token_endpoint: String,
    #[schema(example = "https://id.example.com/userinfo")]
    userinfo_endpoint: String,
    #[schema(example = "https://id.example.com/.well-known/jwks.json")]
    jwks_uri: String,
    #[schema(example = "https://id.example.com/oauth/revoke")]
    revocation_endpoint: String,
    #[schema(example = "https://id.example.com/oauth/logout")]
    end_session_endpoint: String,
    #[schema(example = "https://id.example.com/oauth/introspect")]
    introspection_endpoint: String,
    scopes_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 2],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 2],
    token_endpoint_auth_methods_supported: [&'static str; 1],
    revocation_endpoint_auth_methods_supported: [&'static str; 1],
    introspection_endpoint_auth_methods_supported: [&'static str; 1],
    code_challenge_methods_supported: [&'static str; 1],
    acr_values_supported: [&'static str; 2],
    claims_supported: [&'static str; 23],
    prompt_values_supported: [&'static str; 4],
    authorization_response_iss_parameter_supported: bool,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
}

impl Metadata {
    fn of(call: &Call) -> Self {
        let at = |path| call.services().core.policy.address(path);
        Self {
            issuer: call.services().core.issuer().to_owned(),
            authorization_endpoint: at(super::AUTHORIZATION_ENDPOINT),
            token_endpoint: at("/oauth/token"),
            userinfo_endpoint: at("/userinfo"),
            jwks_uri: at("/.well-known/jwks.json"),
            revocation_endpoint: at("/oauth/revoke"),
            end_session_endpoint: at(super::LOGOUT_ENDPOINT),
            introspection_endpoint: at("/oauth/introspect"),
            scopes_supported: Scope::ALL.iter().map(|scope| scope.as_str()).collect(),
            response_types_supported: ["code"],
            response_modes_supported: ["query"],
            grant_types_supported: ["authorization_code", "refresh_token"],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
            token_endpoint_auth_methods_supported: ["none"],
            revocation_endpoint_auth_methods_supported: ["none"],
            introspection_endpoint_auth_methods_supported: ["client_secret_basic"],
            code_challenge_methods_supported: ["S256"],
            acr_values_supported: ASSURANCE_LEVELS,
            claims_supported: [
                "iss",
                "sub",
                "aud",
                "exp",
                "iat",
                "auth_time",
                "nonce",
                "acr",
                "amr",
                "at_hash",
                "sid",
                "name",
                "given_name",
                "family_name",
                "preferred_username",
                "picture",
                "locale",
                "zoneinfo",
                "updated_at",
                "email",
                "email_verified",
                "phone_number",
                "phone_number_verified",
            ],
            prompt_values_supported: ["none", "login", "consent", "select_account"],
            authorization_response_iss_parameter_supported: true,
            claims_parameter_supported: false,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
        }
    }
}

fn respond(call: &Call) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(Metadata::of(call))
}

/// Read the metadata of the authorization server
#[utoipa::path(
    get, path = "/.well-known/oauth-authorization-server", operation_id = "oauth_get_metadata", tag = "oauth",
    security(()),
    responses((status = 200, description = "The metadata (RFC 8414).", body = Metadata)),
)]
pub(super) async fn oauth(call: Call) -> HttpResponse {
    respond(&call)
}

/// Read the metadata of the OpenID provider
#[utoipa::path(
    get, path = "/.well-known/openid-configuration", operation_id = "oauth_get_openid_configuration", tag = "oauth",
    security(()),
    responses((status = 200, description = "The metadata (OpenID Connect Discovery).", body = Metadata)),
)]
pub(super) async fn openid(call: Call) -> HttpResponse {
    respond(&call)
}
