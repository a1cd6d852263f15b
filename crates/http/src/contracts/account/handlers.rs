//! The two operations: decode, run, encode. A stranger learns that they are one before anything else.

use actix_web::{Error, HttpResponse, web::Payload};

use super::{
    call::Call,
    rejection::{Problem, Rejection, Unauthorized},
    wire::{Account, AccountPatch},
};
use crate::{
    Lane,
    errors::document::{Always, Forged, Limited, Unreadable, WithBody},
};

/// Read the account
///
/// The account that is signed in.
#[utoipa::path(
    get,
    path = "/api/v1/account",
    operation_id = "account_get",
    tag = "account",
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that is known already.")),
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The account.", body = Account,
            headers(("ETag" = String, description = "Strong; for `If-None-Match` and `If-Match`."))),
        (status = 304, description = "The account is as known."),
        Unauthorized,
        Always<Problem<'static>>,
    )
)]
pub(super) async fn get_account(call: Call) -> Result<HttpResponse, Error> {
    call.run(Lane::Database, |core, asker| {
        let caller = asker.authenticate(core)?;
        Ok((caller.user, caller.attributes))
    })
    .await
}

/// Change the account
///
/// All members or none.
#[utoipa::path(
    patch,
    path = "/api/v1/account",
    operation_id = "account_patch",
    tag = "account",
    params(("If-Match" = Option<String>, Header, description = "The entity tag of the account that was read.")),
    security(("session_id" = []), ("bearer" = [])),
    request_body(
        description = "A merge patch (RFC 7396).",
        content((AccountPatch = "application/merge-patch+json"), (AccountPatch = "application/json"))
    ),
    responses(
        (status = 200, description = "The account as it is now.", body = Account,
            headers(("ETag" = String, description = "Of the changed account."))),
        Unreadable<Problem<'static>>,
        Unauthorized,
        (status = 412, description = "The account is not as `If-Match` has it; `ETag` says how it is.", body = Problem,
            content_type = "application/problem+json", example = json!(Rejection::examples()[1])),
        WithBody<Problem<'static>>,
        Forged<Problem<'static>>,
        (status = 422, description = "What is wrong with which member.", body = Problem,
            content_type = "application/problem+json", example = json!(Rejection::examples()[0])),
        Limited<Problem<'static>>,
        Always<Problem<'static>>,
    )
)]
pub(super) async fn patch_account(call: Call, payload: Payload) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let patch = call.patch(payload).await?;
    call.run(patch.lane(), move |core, asker| {
        let question = patch.into_question(asker.expected_version(&caller)?, asker.context);
        let updated = question.execute(core, &caller).map_err(|error| Rejection::of_update(error, &caller.user))?;
        Ok((updated.user, updated.attributes))
    })
    .await
}
