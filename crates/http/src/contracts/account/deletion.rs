//! `/api/v1/account/deletion`: the deletion of the account, and its end before it is carried out (R77).

use actix_web::{HttpResponse, http::StatusCode, web::Payload};
use selfsame_application::deletion::{
    cancel::{CancelDeletion, CancelDeletionByLink},
    schedule::ScheduleDeletion,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    mailed_link::MailedLink,
    reasons::{INVALID_TOKEN, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER},
};
use crate::{
    Lane,
    call::HandlerResult,
    document::{RateLimited, TooNew},
    time::timestamp,
};

/// A deletion that is scheduled.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Deletion)]
struct Deletion {
    /// When the account will be deleted; `null` if it will not.
    #[schema(required, format = DateTime, example = "2026-03-28T15:09:26.535Z")]
    deletion_at: Option<String>,
}

/// Read the state of the deletion
#[utoipa::path(
    get, path = "/api/v1/account/deletion", operation_id = "account_get_deletion", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "Whether a deletion is scheduled, and for when.", body = Deletion, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
    ),
)]
pub(super) async fn get(call: Call) -> HandlerResult {
    let deletion_at =
        call.run(Lane::Reading, |core, sender| Ok(sender.authenticate(core)?.user.deletion_at.map(timestamp))).await?;
    call.respond_with_tag(&Deletion { deletion_at })
}

/// Delete the account
///
/// Needs a recent proof of who is there. All sign-ins end at once, that of this request too. The account is deleted after a
/// time of grace. Until then its owner can sign in again, and call the deletion off.
#[utoipa::path(
    post, path = "/api/v1/account/deletion", operation_id = "account_schedule_deletion", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 202, description = "The deletion is scheduled.", body = Deletion),
        Fails<(STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, TooNew)>,
    ),
)]
pub(super) async fn schedule(call: Call) -> HandlerResult {
    let deletion_at = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            Ok(ScheduleDeletion { context: sender.context }.execute(core, &caller)?)
        })
        .await?;
    Ok(HttpResponse::build(StatusCode::ACCEPTED).json(Deletion { deletion_at: Some(timestamp(deletion_at)) }))
}

/// Keep the account
///
/// Calls a scheduled deletion off. Without one it changes nothing.
#[utoipa::path(
    delete, path = "/api/v1/account/deletion", operation_id = "account_cancel_deletion", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 204, description = "The account stays.")),
)]
pub(super) async fn cancel(call: Call) -> HandlerResult {
    call.run(Lane::Database, |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(CancelDeletion { context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Keep the account by a mailed link
///
/// Calls the deletion off with the token of the mail that announced it. Signs nobody in.
#[utoipa::path(
    post, path = "/api/v1/account/deletion/cancellation", operation_id = "account_cancel_deletion_by_link",
    tag = "account", security(()),
    request_body(content = MailedLink),
    responses((status = 204, description = "The account stays."), Fails<(INVALID_TOKEN, RateLimited)>),
)]
pub(super) async fn cancel_by_link(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    call.run(body.lane(), move |core, sender| {
        let MailedLink { token } = body.read(MailedLink::read)?;
        Ok(CancelDeletionByLink { token, context: sender.context }.execute(core)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
