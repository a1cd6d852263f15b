//! `/api/v1/sessions`: the sign-ins of the caller's account (R49).

use actix_web::web::Path;
use selfsame_application::sessions::{
    end::{EndOtherSignIns, EndSignIn, EndSignInError},
    list::ListSignIns,
};
use selfsame_domain::{SignIn, SignInId, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{MessageData, Success, message, ok},
    reasons::SESSION_NOT_FOUND,
};
use crate::{Lane, call::HandlerResult, time::timestamp};

/// The active sessions of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Sessions)]
#[expect(clippy::struct_field_names, reason = "the names are the contract's")]
struct Sessions {
    /// The most recently used first.
    sessions: Vec<SessionObject>,
    #[schema(example = 1)]
    total_count: usize,
    #[schema(example = 1)]
    active_count: usize,
}

/// One sign-in of the account, in a browser or an application.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Session)]
struct SessionObject {
    #[schema(example = 124)]
    id: i64,
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "192.0.2.7", required)]
    ip_address: Option<String>,
    #[schema(example = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", required)]
    user_agent: Option<String>,
    #[schema(example = "2024-01-01T12:00:00.000Z", format = DateTime)]
    created_at: String,
    #[schema(example = "2024-01-01T12:00:00.000Z", format = DateTime)]
    last_activity_at: String,
    #[schema(example = "2024-01-31T12:00:00.000Z", format = DateTime)]
    expires_at: String,
    /// Always `null`: a session that has ended is not listed.
    #[schema(example = json!(null), format = DateTime, required)]
    revoked_at: Option<String>,
    /// Whether this request belongs to it.
    #[schema(example = true)]
    is_current: bool,
}

impl Sessions {
    fn of(sign_ins: Vec<SignIn>, current: SignInId) -> Self {
        let sessions: Vec<_> = sign_ins.into_iter().map(|sign_in| SessionObject::of(sign_in, current)).collect();
        Self { total_count: sessions.len(), active_count: sessions.len(), sessions }
    }
}

impl SessionObject {
    fn of(sign_in: SignIn, current: SignInId) -> Self {
        Self {
            id: sign_in.id.number(),
            user_id: sign_in.user_id.number(),
            created_at: timestamp(sign_in.created_at),
            last_activity_at: timestamp(sign_in.last_active_at),
            expires_at: timestamp(sign_in.expires_at),
            revoked_at: sign_in.ended_at.map(timestamp),
            is_current: sign_in.id == current,
            ip_address: sign_in.ip,
            user_agent: sign_in.user_agent,
        }
    }
}

/// List the sessions
///
/// All browsers and applications that are signed in to the account.
#[utoipa::path(
    get, path = "/api/v1/sessions", operation_id = "rivergen_list_sessions", tag = "rivergen",
    security(("bearer" = [])),
    responses((status = 200, description = "The active sessions.", body = Success<Sessions>)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let sessions = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            Ok(Sessions::of(ListSignIns::ALL.execute(core, &caller)?.sign_ins, caller.sign_in.id))
        })
        .await?;
    Ok(ok(sessions, "Sessions retrieved successfully"))
}

/// End a session
///
/// Its cookie, access tokens and refresh tokens become invalid at once. It may be the one of this request.
#[utoipa::path(
    delete, path = "/api/v1/sessions/{session_id}", operation_id = "rivergen_end_session", tag = "rivergen",
    security(("bearer" = [])),
    params(("session_id" = i64, Path, description = "Id of the session.", example = 124)),
    responses(
        (status = 200, description = "The session has ended.", body = Success<MessageData>),
        Fails<SESSION_NOT_FOUND>,
    ),
)]
pub(super) async fn end(call: Call, id: Path<String>) -> HandlerResult {
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        let id = id.parse().map_err(|_unreadable| EndSignInError::UnknownSignIn)?;
        Ok(EndSignIn { id, context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(message("Session revoked successfully"))
}

/// End all other sessions
///
/// Only the session of this request stays. Remembered devices are forgotten.
#[utoipa::path(
    delete, path = "/api/v1/sessions", operation_id = "rivergen_end_other_sessions", tag = "rivergen",
    security(("bearer" = [])),
    responses((status = 200, description = "The sessions have ended.", body = Success<MessageData>)),
)]
pub(super) async fn end_others(call: Call) -> HandlerResult {
    call.run(Lane::Database, |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(EndOtherSignIns { context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(message("All other sessions revoked successfully"))
}
