//! `/api/v1/account/undo`: "this was not me", by the link of the notice of a change.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::undo::UndoChange;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, Fails, reasons::INVALID_TOKEN};
use crate::{body::Members, call::HandlerResult, document::RateLimited};

/// The token of the mailed link.
#[derive(ToSchema)]
#[schema(as = account::UndoLink)]
struct Link {
    #[schema(example = "Y29udGVudCBvZiB0aGUgbGluayBpbiB0aGUgbWFpbC4", max_length = 64)]
    token: String,
}

impl Link {
    fn read(members: &mut Members<'_>) -> Self {
        let token = members.required_text("token");
        members.reject_unknown(&["token"]);
        Self { token }
    }
}

/// The change was undone.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Undone)]
struct Undone {
    /// The primary address, masked, to which the mail for a new password was sent; `null` if another account has it by now.
    #[schema(required, example = "a***@e***.com")]
    reset_mailed_to: Option<String>,
}

/// Undo a change by a mailed link
///
/// Brings identifiers, password and factors back to what they were before the change, ends all sign-ins, and freezes the account
/// until its password is reset. Later changes are undone too. Signs nobody in.
#[utoipa::path(
    post, path = "/api/v1/account/undo", operation_id = "account_undo_change", tag = "account", security(()),
    request_body(content = Link),
    responses(
        (status = 200, description = "The change is undone, and the account frozen.", body = Undone),
        Fails<(INVALID_TOKEN, RateLimited)>,
    ),
)]
pub(super) async fn undo(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let undone = call
        .run(body.lane(), move |core, sender| {
            let Link { token } = body.read(Link::read)?;
            Ok(UndoChange { token, context: sender.context }.execute(core)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Undone { reset_mailed_to: undone.reset_mailed_to }))
}
