//! `/api/v1/account/tokens`: new tokens for a refresh token (R47).

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::sessions::refresh::RefreshAccess;
use utoipa::ToSchema;

use super::{Call, Fails, attempts::Tokens, reasons::INVALID_REFRESH_TOKEN};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

/// A refresh token.
#[derive(ToSchema)]
#[schema(as = account::RefreshToken)]
struct Refresh {
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: String,
}

impl Refresh {
    fn read(members: &mut Members<'_>) -> Self {
        let refresh_token = members.required_text("refresh_token");
        members.reject_unknown(&["refresh_token"]);
        Self { refresh_token }
    }
}

/// Refresh the tokens
///
/// The refresh token is replaced. One that is used again ends the sign-in, unless it is the direct predecessor and was
/// replaced a few seconds ago.
#[utoipa::path(
    post, path = "/api/v1/account/tokens", operation_id = "account_refresh_tokens", tag = "account",
    security(()),
    request_body = Refresh,
    responses(
        (status = 200, description = "The new tokens.", body = Tokens),
        Fails<(INVALID_REFRESH_TOKEN, RateLimited)>,
    ),
)]
pub(super) async fn refresh(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let tokens = call
        .run(Lane::Database, move |core, sender| {
            let Refresh { refresh_token } = body.read(Refresh::read)?;
            let access_ttl = core.policy.access_ttl;
            Ok(RefreshAccess { refresh_token, access_ttl, context: sender.context }.execute(core)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Tokens::of(tokens)))
}
