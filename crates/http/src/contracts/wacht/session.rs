//! `/session`: the session of the browser and its sign-ins.

use actix_web::web::Query;
use selfsame_application::sessions::{
    issue_access_token::IssueAccessToken,
    sign_out::SignOutError,
    switch::{SwitchSignIn, SwitchSignInError},
};
use selfsame_domain::SignInId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Call, Fails, Wacht,
    envelope::Envelope,
    reasons::{MISSING_SIGN_IN, NOT_AUTHENTICATED, NOT_IN_BROWSER, NOT_SIGNED_IN, UNKNOWN_IN_BROWSER},
    session_object::Session,
    session_response::SessionResponse,
};
use crate::{Lane, call::HandlerResult, document::RateLimited, rejection::Rejection};

/// The id of a sign-in of this browser.
#[derive(Deserialize)]
pub(super) struct SignInQuery {
    sign_in_id: Option<String>,
}

impl SignInQuery {
    /// The id, if there is one. An invalid id is an unknown one.
    fn sign_in(&self, unknown: impl Into<Rejection<Wacht>>) -> Result<Option<SignInId>, Rejection<Wacht>> {
        let id = self.sign_in_id.as_deref().filter(|id| !id.is_empty());
        id.map(str::parse).transpose().map_err(|_unreadable| unknown.into())
    }
}

/// Replaces the 401, which the contract does not have at `GET /session/token`.
fn without_sign_in(rejection: Rejection<Wacht>) -> Rejection<Wacht> {
    if rejection.reason() == NOT_AUTHENTICATED { NOT_SIGNED_IN.into() } else { rejection }
}

/// An access token of the active sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::SessionToken)]
struct SessionToken {
    /// A JWT. `/.well-known/jwks.json` has the keys.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    token: String,
    /// Expiry, in milliseconds since 1970.
    #[schema(example = 1_704_110_460_000_i64)]
    expires: i64,
}

/// Read the session
///
/// A browser that is not signed in gets an anonymous session. If its cookie is missing or invalid, it gets a new one.
#[utoipa::path(
    get, path = "/session", operation_id = "wacht_get_session", tag = "wacht",
    security((), ("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The session.", body = Envelope<Session>,
            headers(("Set-Cookie" = String, description = "The session cookies, if the request had none."))),
        Fails<NOT_AUTHENTICATED>,
    ),
)]
pub(super) async fn session(call: Call) -> HandlerResult {
    let session = call.run(Lane::Database, |core, sender| sender.session(core)).await?;
    call.respond_with_session(session)
}

/// Issue a token for other backends
///
/// Other backends verify it with the key set at `/.well-known/jwks.json`, and check that it has the audience of session
/// tokens. This server does not accept it as a Bearer token. Without a sign-in the response is 400, because the
/// contract has no 401 here.
#[utoipa::path(
    get, path = "/session/token", operation_id = "wacht_get_session_token", tag = "wacht",
    security((), ("session_id" = []), ("bearer" = [])),
    params(("template" = Option<String>, Query, description = "Only `default`.", example = "default")),
    responses(
        (status = 200, description = "The token.", body = Envelope<SessionToken>),
        Fails<NOT_SIGNED_IN>,
    ),
)]
pub(super) async fn token(call: Call) -> HandlerResult {
    let ttl = call.services().wacht.session_token_ttl;
    let (token, session) = call
        .run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core).map_err(without_sign_in)?;
            Ok((IssueAccessToken { ttl }.execute(core, &caller.principal)?, SessionResponse::of(&caller)))
        })
        .await?;
    let expires = token.expires_at.timestamp_millis();
    call.respond_with_data(SessionToken { token: token.token, expires }, session)
}

/// Sign out
///
/// Ends one sign-in of this browser, or all of them. After the last one the browser deletes its data of this host. A
/// client with an access token ends its own sign-in.
#[utoipa::path(
    post, path = "/session/sign-out", operation_id = "wacht_sign_out", tag = "wacht",
    security((), ("session_id" = []), ("bearer" = [])),
    params(("sign_in_id" = Option<String>, Query, description = "Id of the sign-in to end. Without it, all are ended.",
        example = "323456789012345678")),
    responses(
        (status = 200, description = "The changed session.", body = Envelope<Session>, headers(
            ("Set-Cookie" = String, description = "Removes the session cookies, if no sign-in is left in the browser."),
            ("Clear-Site-Data" = String, description = "Under the same condition."),
        )),
        Fails<(NOT_AUTHENTICATED, NOT_IN_BROWSER)>,
    ),
)]
pub(super) async fn sign_out(call: Call, query: Query<SignInQuery>) -> HandlerResult {
    let session = call
        .run(Lane::Database, move |core, sender| {
            let only = query.sign_in(SignOutError::UnknownSignIn)?;
            sender.sign_out(core, only)
        })
        .await?;
    call.respond_with_session(session)
}

/// Switch to another account
///
/// Makes another sign-in of this browser the active one.
#[utoipa::path(
    post, path = "/session/switch-sign-in", operation_id = "wacht_switch_sign_in", tag = "wacht",
    security((), ("session_id" = [])),
    params(("sign_in_id" = String, Query, description = "Id of the sign-in.", example = "323456789012345678")),
    responses(
        (status = 200, description = "The changed session.", body = Envelope<Session>),
        Fails<(MISSING_SIGN_IN, UNKNOWN_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn switch_sign_in(call: Call, query: Query<SignInQuery>) -> HandlerResult {
    let session = call
        .run(Lane::Database, move |core, sender| {
            let sign_in = query.sign_in(SwitchSignInError::UnknownSignIn)?.ok_or(MISSING_SIGN_IN)?;
            let cookie = sender.cookie().ok_or(SwitchSignInError::UnknownSignIn)?;
            SwitchSignIn { cookie, sign_in, context: sender.context.clone() }.execute(core)?;
            sender.session(core)
        })
        .await?;
    call.respond_with_session(session)
}
