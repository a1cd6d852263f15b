//! `/api/v1/account/email-change`: the pending change of the primary e-mail address.

use actix_web::{
    HttpResponse,
    web::{self, Payload, ServiceConfig},
};
use selfsame_application::identifiers::{
    cancel_change::{CancelEmailChange, CancelEmailChangeByLink},
    pending_change::{PendingEmailChange, ReadEmailChange},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    mailed_link::MailedLink,
    reasons::{INVALID_TOKEN, NO_PENDING_CHANGE},
};
use crate::{Lane, call::HandlerResult, document::RateLimited, time::timestamp};

/// A pending change. It ends when its code expires, and with the sign-in that requested it.
#[derive(Serialize, ToSchema)]
#[schema(as = account::EmailChange)]
struct EmailChange {
    /// The address that is to become primary.
    #[schema(format = "email", example = "ada@example.org")]
    new_email: String,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    requested_at: String,
    #[schema(format = DateTime, example = "2026-03-14T15:19:26.535Z")]
    expires_at: String,
}

impl From<PendingEmailChange> for EmailChange {
    fn from(pending: PendingEmailChange) -> Self {
        Self {
            new_email: pending.new_email,
            requested_at: timestamp(pending.requested_at),
            expires_at: timestamp(pending.expires_at),
        }
    }
}

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/api/v1/account/email-change").get(read).head(read).delete(cancel))
        .service(web::resource("/api/v1/account/email-change/cancellation").post(cancel_by_link));
}

/// Read the pending change of the e-mail address
///
/// Through whichever contract it was requested.
#[utoipa::path(
    get, path = "/api/v1/account/email-change", operation_id = "account_read_email_change", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The pending change.", body = EmailChange, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
        Fails<NO_PENDING_CHANGE>,
    ),
)]
pub(super) async fn read(call: Call) -> HandlerResult {
    let pending = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            Ok(ReadEmailChange.execute(core, &caller)?)
        })
        .await?;
    call.respond_with_tag(&EmailChange::from(pending))
}

/// Cancel the pending change of the e-mail address
///
/// Its code and its link become void. The verified addresses are told.
#[utoipa::path(
    delete, path = "/api/v1/account/email-change", operation_id = "account_cancel_email_change", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 204, description = "The change is cancelled."), Fails<NO_PENDING_CHANGE>),
)]
pub(super) async fn cancel(call: Call) -> HandlerResult {
    call.run(Lane::Database, |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(CancelEmailChange { context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Cancel the pending change by a mailed link
///
/// With the token of the mail that told the verified addresses of the request. The token is good for that request, once, and
/// expires with it. Signs nobody in.
#[utoipa::path(
    post, path = "/api/v1/account/email-change/cancellation", operation_id = "account_cancel_email_change_by_link",
    tag = "account", security(()),
    request_body(content = MailedLink),
    responses((status = 204, description = "The change is cancelled."), Fails<(INVALID_TOKEN, RateLimited)>),
)]
pub(super) async fn cancel_by_link(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    call.run(body.lane(), move |core, sender| {
        let MailedLink { token } = body.read(MailedLink::read)?;
        Ok(CancelEmailChangeByLink { token, context: sender.context }.execute(core)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
