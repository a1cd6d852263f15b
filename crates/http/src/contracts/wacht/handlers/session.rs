//! `/session`: the browser's session and its sign-ins.

use actix_web::web::Query;
use selfsame_application::{
    sessions::issue_access_token::IssueAccessToken,
    sessions::switch::{SwitchSignIn, SwitchSignInError},
};

use crate::{
    blocking::Lane,
    contracts::wacht::{
        Rejection,
        call::{Answer, Call},
        input, wire,
    },
};

/// The session. A stranger gets an anonymous one with a new cookie, whatever cookie was sent.
#[utoipa::path(
    get, path = "/session", operation_id = "wacht_get_session", tag = "wacht",
    responses((status = 200, description = "The session.", body = wire::Envelope<wire::Session>), wire::Unauthorized, wire::Failures),
    security((), ("session_id" = []), ("bearer" = [])),
)]
pub(crate) async fn session(call: Call) -> Answer {
    let opened = call.run(Lane::Database, |core, visitor| visitor.session(core)).await?;
    call.answer_session(opened)
}

/// A token of the active sign-in, to be shown to other backends.
///
/// Those verify it with the key set at `/.well-known/jwks.json` and check that its audience is the one of session tokens.
/// This server does not take it as a Bearer token.
#[utoipa::path(
    get, path = "/session/token", operation_id = "wacht_get_session_token", tag = "wacht",
    params(("template" = Option<String>, Query, description = "`default`; there is no other.", example = "default")),
    responses((status = 200, description = "The token.", body = wire::Envelope<wire::SessionToken>), wire::Failures),
    security(("session_id" = []), ("bearer" = [])),
)]
pub(crate) async fn token(call: Call) -> Answer {
    let ttl = call.services().wacht.session_token_ttl;
    let (token, view) = call
        .run(Lane::Database, move |core, visitor| {
            let caller = visitor.authenticate(core).map_err(Rejection::without_sign_in)?;
            Ok((IssueAccessToken { ttl }.execute(core, &caller.principal)?, wire::view_of(&caller)))
        })
        .await?;
    let token = wire::SessionToken { token: token.token, expires: token.expires_at.timestamp_millis() };
    call.answer(wire::Envelope::new(token, call.session(&view)), None)
}

/// Ends one sign-in of this browser, or all. When none is left, the browser is told to forget everything.
#[utoipa::path(
    post, path = "/session/sign-out", operation_id = "wacht_sign_out", tag = "wacht",
    params(wire::SignInQuery),
    responses(
        (status = 200, description = "The session as it is now.", body = wire::Envelope<wire::Session>),
        wire::Unauthorized, wire::Forged, wire::Failures,
    ),
    security(("session_id" = []), ("bearer" = [])),
)]
pub(crate) async fn sign_out(call: Call, query: Query<wire::SignInQuery>) -> Answer {
    let only = call.decoded(input::ending(&query))?;
    let opened = call.run(Lane::Database, move |core, visitor| visitor.sign_out(core, only)).await?;
    if opened.view.sign_ins.is_empty() { call.answer_farewell(opened) } else { call.answer_session(opened) }
}

/// Makes another sign-in of this browser the active one.
#[utoipa::path(
    post, path = "/session/switch-sign-in", operation_id = "wacht_switch_sign_in", tag = "wacht",
    params(wire::SignInQuery),
    responses(
        (status = 200, description = "The session as it is now.", body = wire::Envelope<wire::Session>),
        wire::Limited, wire::Forged, wire::Failures,
        (status = 404, description = "Not a sign-in of this browser.", body = wire::Failed,
            example = json!(wire::failed(404, "NOT_FOUND", "There is no such sign-in in this browser."))),
    ),
    security(("session_id" = [])),
)]
pub(crate) async fn switch_sign_in(call: Call, query: Query<wire::SignInQuery>) -> Answer {
    let sign_in = call.decoded(input::switching(&query))?;
    let opened = call
        .run(Lane::Database, move |core, visitor| {
            let cookie = visitor.cookie().cloned().ok_or(SwitchSignInError::UnknownSignIn)?;
            SwitchSignIn { cookie, sign_in, context: visitor.context.clone() }.execute(core)?;
            visitor.session(core)
        })
        .await?;
    call.answer_session(opened)
}
