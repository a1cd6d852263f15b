//! `/api/v1/me/sessions`: the sign-ins of the account (R49).

use actix_web::{HttpResponse, web::Path};
use selfsame_application::sessions::{
    end::{EndSignIn, EndSignInError},
    list::ListSignIns,
};
use selfsame_domain::{SignIn, SignInId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, Fails, reasons::SESSION_NOT_FOUND};
use crate::{Lane, call::HandlerResult, time::timestamp};

/// The active sessions of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = profile_api::Sessions)]
struct Sessions {
    /// The most recently used first.
    sessions: Vec<Session>,
    #[schema(example = 1)]
    total: usize,
}

/// One sign-in of the account, in a browser or an application.
#[derive(Serialize, ToSchema)]
#[schema(as = profile_api::Session)]
struct Session {
    #[schema(example = "445301278613502")]
    id: String,
    #[schema(required, example = "192.0.2.7")]
    ip_address: Option<String>,
    #[schema(required, example = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")]
    user_agent: Option<String>,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
    /// Exact to a few minutes.
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    last_activity_at: String,
    #[schema(format = DateTime, example = "2026-04-13T15:09:26.535Z")]
    expires_at: String,
    /// Whether this request belongs to it.
    #[schema(example = true)]
    is_current: bool,
}

impl Session {
    fn of(sign_in: SignIn, current: SignInId) -> Self {
        Self {
            id: sign_in.id.to_string(),
            is_current: sign_in.id == current,
            created_at: timestamp(sign_in.created_at),
            last_activity_at: timestamp(sign_in.last_active_at),
            expires_at: timestamp(sign_in.expires_at),
            ip_address: sign_in.ip,
            user_agent: sign_in.user_agent,
        }
    }
}

/// List Sessions
///
/// List the current user's active sessions.
#[utoipa::path(
    get, path = "/api/v1/me/sessions", operation_id = "profile_api_list_sessions", tag = "profile_api",
    security(("bearer" = [])),
    responses((status = 200, description = "The active sessions.", body = Sessions)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let sessions = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let sign_ins = ListSignIns::ALL.execute(core, &caller)?.sign_ins;
            Ok(sign_ins.into_iter().map(|sign_in| Session::of(sign_in, caller.sign_in.id)).collect::<Vec<_>>())
        })
        .await?;
    Ok(HttpResponse::Ok().json(Sessions { total: sessions.len(), sessions }))
}

/// Revoke Session
///
/// Revoke one of the current user's sessions. It may be the one of this request.
#[utoipa::path(
    delete, path = "/api/v1/me/sessions/{session_id}", operation_id = "profile_api_revoke_session", tag = "profile_api",
    security(("bearer" = [])),
    params(("session_id" = String, Path, description = "Id of the session.", example = "445301278613502")),
    responses((status = 204, description = "The session has ended."), Fails<SESSION_NOT_FOUND>),
)]
pub(super) async fn revoke(call: Call, id: Path<String>) -> HandlerResult {
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        let id = id.parse().map_err(|_unreadable| EndSignInError::UnknownSignIn)?;
        Ok(EndSignIn { id, context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
