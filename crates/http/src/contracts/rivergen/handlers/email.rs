//! The change of the primary e-mail address.

use actix_web::web::Payload;

use super::Answer;
use crate::{
    blocking::Lane,
    contracts::rivergen::{
        call::Call,
        openapi::{Common, Limited, Unauthorized, WithBody, error},
        rejection::ErrorBody,
        wire::{self, EmailChangeData, EmailRequestData, RequestEmailRequest, Success, VerifyEmailChangeRequest},
    },
};

/// Mails a code to another address; it becomes the primary one when the code comes back.
///
/// The answer is the same for an address that somebody else has.
#[utoipa::path(
    post,
    path = "/api/v1/auth/me/email/request",
    operation_id = "rivergen_request_email_update",
    tag = "rivergen",
    security(("bearer" = [])),
    request_body = RequestEmailRequest,
    responses(
        (status = 200, description = "A code is on its way", body = Success<EmailRequestData>),
        (status = 400, description = "`EMAIL_UPDATE_REQUEST_FAILED`: the address in force", body = ErrorBody,
            example = json!(error("EMAIL_UPDATE_REQUEST_FAILED", "The new email address must differ from the current one"))),
        Unauthorized,
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn request(call: Call, payload: Payload) -> Answer {
    const MESSAGE: &str = "OTP sent to new email address";
    let who = call.bearer()?;
    let request = call.read::<RequestEmailRequest>(payload).await;
    let new_email = call
        .run_as(who, Lane::Database, request, |core, caller, request, context| {
            Ok(request.into_use_case(context).execute(core, &caller)?)
        })
        .await?;
    Ok(wire::ok(EmailRequestData::of(&new_email, MESSAGE), MESSAGE))
}

/// Takes the code from the new address, which is then verified and primary.
#[utoipa::path(
    post,
    path = "/api/v1/auth/me/email/verify",
    operation_id = "rivergen_verify_email_update",
    tag = "rivergen",
    security(("bearer" = [])),
    request_body = VerifyEmailChangeRequest,
    responses(
        (status = 200, description = "The change is in force", body = Success<EmailChangeData>),
        (status = 400, description = "`INVALID_OTP`, `OTP_EXPIRED`, or `EMAIL_UPDATE_VERIFY_FAILED`: no change to this address is pending, or somebody else has proven it",
            body = ErrorBody, example = json!(error("INVALID_OTP", "Invalid OTP code"))),
        Unauthorized,
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn verify(call: Call, payload: Payload) -> Answer {
    const MESSAGE: &str = "Email updated successfully";
    let who = call.bearer()?;
    let request = call.read::<VerifyEmailChangeRequest>(payload).await;
    let changed = call
        .run_as(who, Lane::Database, request, |core, caller, request, context| {
            Ok(request.into_use_case(context).execute(core, &caller.principal)?)
        })
        .await?;
    Ok(wire::ok(EmailChangeData::of(changed, MESSAGE), MESSAGE))
}
