//! `POST /oauth/revoke` and `POST /oauth/token/revoke` (RFC 7009): the address of the metadata, and that of RiverGen's pages.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::sessions::revoke_token::RevokeToken;
use selfsame_domain::RequestContext;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, Fails};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

/// The token that is of no use any more.
#[derive(ToSchema)]
#[schema(as = oauth::RevocationForm)]
struct RevocationForm {
    /// A refresh token or an access token.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    token: String,
}

impl RevocationForm {
    /// Reads the form. Other fields are ignored, `token_type_hint` too (RFC 7009 section 2.1).
    fn read(members: &mut Members<'_>) -> Self {
        Self { token: members.required_text("token") }
    }

    fn into_use_case(self, context: RequestContext) -> RevokeToken {
        RevokeToken { token: self.token, context }
    }
}

/// Nothing.
#[derive(Serialize, ToSchema)]
#[schema(as = oauth::Revoked)]
struct Revoked {}

/// Revoke a token
///
/// Ends the sign-in of the token, with all its access and refresh tokens. An unknown token is no error.
#[utoipa::path(
    post, path = "/oauth/token/revoke", operation_id = "oauth_revoke_token", tag = "oauth",
    security(()),
    request_body(content((RevocationForm = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The token is not valid any more, or never was.", body = Revoked),
        Fails<RateLimited>,
    ),
)]
pub(super) async fn revoke(call: Call, payload: Payload) -> HandlerResult {
    respond(call, payload).await
}

/// Revoke a token of an application
///
/// The same as `POST /oauth/token/revoke`, at the address in the metadata of the server.
#[utoipa::path(
    post, path = "/oauth/revoke", operation_id = "oauth_revoke", tag = "oauth",
    security(()),
    request_body(content((RevocationForm = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The token is not valid any more, or never was.", body = Revoked),
        Fails<RateLimited>,
    ),
)]
pub(super) async fn revoke_by_discovery(call: Call, payload: Payload) -> HandlerResult {
    respond(call, payload).await
}

async fn respond(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    call.run(Lane::Database, move |core, sender| {
        let form = body.read(RevocationForm::read)?;
        Ok(form.into_use_case(sender.context).execute(core)?)
    })
    .await?;
    Ok(HttpResponse::Ok().json(Revoked {}))
}
