//! `/me/backup-codes`: the backup codes of the signed-in user. Both routes do the same: the SDK calls the second one also the
//! first time.

use selfsame_application::second_factors::backup_codes::MakeBackupCodes;

use super::{
    Call, Fails,
    envelope::Envelope,
    reasons::{NO_SECOND_FACTOR, STEP_UP_REQUIRED},
    session_response::SessionResponse,
};
use crate::{Lane, call::HandlerResult, document::RateLimited};

/// The number of codes in a set.
const BACKUP_CODES: usize = 12;

/// Make backup codes
///
/// Twelve codes, which are shown once. Earlier ones are void. Needs a recent sign-in by a second factor.
#[utoipa::path(
    post, path = "/me/backup-codes", operation_id = "wacht_generate_backup_codes", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The codes.", body = Envelope<Vec<String>>),
        Fails<(NO_SECOND_FACTOR, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn generate(call: Call) -> HandlerResult {
    make(call).await
}

/// Make new backup codes
///
/// The same as `/me/backup-codes`.
#[utoipa::path(
    post, path = "/me/backup-codes/regenerate", operation_id = "wacht_regenerate_backup_codes", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The codes.", body = Envelope<Vec<String>>),
        Fails<(NO_SECOND_FACTOR, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn regenerate(call: Call) -> HandlerResult {
    make(call).await
}

async fn make(call: Call) -> HandlerResult {
    let (codes, caller) = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let make = MakeBackupCodes { count: BACKUP_CODES, code: None, context: sender.context };
            Ok((make.execute(core, &caller)?, caller))
        })
        .await?;
    let codes: Vec<&str> = codes.expose().collect();
    call.respond_with_data(codes, SessionResponse::of(&caller))
}
