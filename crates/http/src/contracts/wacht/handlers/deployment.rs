//! What the SDK asks before anything else, and the keys of access tokens.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL};

use crate::{
    blocking::Lane,
    contracts::wacht::{
        call::{Answer, Call},
        wire,
    },
};

/// What this server offers, and a session.
///
/// The first call of a fresh browser, alone before several in parallel: it sets the cookie, so that those all have one.
#[utoipa::path(
    get, path = "/deployment", operation_id = "wacht_get_deployment", tag = "wacht",
    responses(
        (status = 200, description = "The deployment. Sets the session cookie if there was none.", body = wire::Envelope<wire::Deployment>),
        wire::Failures,
    ),
)]
pub(crate) async fn deployment(call: Call) -> Answer {
    let opened = call.run(Lane::Database, |core, visitor| visitor.session(core)).await?;
    let deployment = wire::Deployment::of(&call.services().wacht, &call.services().core.policy);
    call.answer_data(deployment, opened)
}

/// The public keys of access tokens, as a JWK set (RFC 7517). Not enveloped.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", operation_id = "wacht_get_jwks", tag = "wacht",
    responses((status = 200, description = "The key set. May be kept for five minutes.", body = Object,
        example = json!({"keys": [{"kty": "EC", "kid": "…", "use": "sig", "alg": "ES256", "crv": "P-256", "x": "…", "y": "…"}]}))),
)]
pub(crate) async fn jwks(call: Call) -> HttpResponse {
    let keys = call.services().core.tokens.jwks();
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(keys)
}
