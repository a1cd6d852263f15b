//! `/me/account/delete`: the deletion of the account (R77).

use selfsame_application::deletion::schedule::ScheduleDeletion;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, Fails, envelope::Envelope, reasons::STEP_UP_REQUIRED};
use crate::{Lane, call::HandlerResult, document::TooNew, time::timestamp};

/// When the account will be deleted.
#[derive(Serialize, ToSchema)]
#[schema(as = wacht::Deletion)]
struct Deletion {
    #[schema(format = DateTime, example = "2026-03-28T15:09:26.535Z")]
    deletion_at: String,
}

/// Delete the account
///
/// Needs a recent sign-in. A password is not asked for and is ignored: the SDK sends an empty one. All sign-ins of the user
/// end at once. The account is deleted after a time of grace, in which the link of the mail that announces it keeps it.
#[utoipa::path(
    post, path = "/me/account/delete", operation_id = "wacht_delete_account", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The deletion is scheduled.", body = Envelope<Deletion>, headers(
            ("Set-Cookie" = String, description = "Removes the session cookies, if no sign-in is left in the browser."),
            ("Clear-Site-Data" = String, description = "Under the same condition."),
        )),
        Fails<(STEP_UP_REQUIRED, TooNew)>,
    ),
)]
pub(super) async fn delete(call: Call) -> HandlerResult {
    let (deletion_at, session) = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let at = ScheduleDeletion { context: sender.context.clone() }.execute(core, &caller)?;
            Ok((at, sender.session_after_end(core, &caller, caller.sign_in.id)?))
        })
        .await?;
    call.respond_with_data(Deletion { deletion_at: timestamp(deletion_at) }, session)
}
