//! Passwords: forgotten, reset, changed.

use actix_web::{HttpResponse, web::Payload};

use super::Answer;
use crate::{
    blocking::Lane,
    contracts::rivergen::{
        call::Call,
        openapi::{Common, Limited, Unauthorized, WithBody, error},
        rejection::ErrorBody,
        wire::{self, ChangePasswordRequest, ForgotPasswordRequest, MessageData, ResetPasswordRequest, Success},
    },
};

/// Mails a link that sets a new password, if the address has an account. The answer is the same if it has none.
#[utoipa::path(
    post,
    path = "/api/v1/auth/forgot-password",
    operation_id = "rivergen_forgot_password",
    tag = "rivergen",
    security(()),
    request_body = ForgotPasswordRequest,
    responses(
        (status = 200, description = "Whether or not there is such an account", body = Success<MessageData>),
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn forgot(call: Call, payload: Payload) -> Answer {
    let request: ForgotPasswordRequest = call.read(payload).await?;
    call.run(Lane::Database, move |core, context| Ok(request.into_use_case(context).execute(core)?)).await?;
    Ok(wire::said("If the email exists, a password reset link has been sent"))
}

/// Sets a new password by the token of the mailed link, and ends every sign-in.
#[utoipa::path(
    post,
    path = "/api/v1/auth/reset-password",
    operation_id = "rivergen_reset_password",
    tag = "rivergen",
    security(()),
    request_body = ResetPasswordRequest,
    responses(
        (status = 204, description = "The password is set; nobody is signed in by that"),
        (status = 400, description = "`INVALID_TOKEN`: unknown, used, void or expired", body = ErrorBody,
            example = json!(error("INVALID_TOKEN", "Invalid or used reset token"))),
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn reset(call: Call, payload: Payload) -> Answer {
    let request: ResetPasswordRequest = call.read(payload).await?;
    call.run(Lane::Password, move |core, context| Ok(request.into_use_case(context).execute(core)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sets a new password for who knows the old one, and ends every sign-in, the caller's own included.
#[utoipa::path(
    post,
    path = "/api/v1/auth/change-password",
    operation_id = "rivergen_change_password",
    tag = "rivergen",
    security(("bearer" = [])),
    request_body = ChangePasswordRequest,
    responses(
        (status = 200, description = "The password is changed", body = Success<MessageData>),
        (status = 400, description = "`INVALID_CURRENT_PASSWORD`, or `CHANGE_PASSWORD_FAILED`: the new one is the old one",
            body = ErrorBody, example = json!(error("INVALID_CURRENT_PASSWORD", "The current password is incorrect"))),
        Unauthorized,
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn change(call: Call, payload: Payload) -> Answer {
    let who = call.bearer()?;
    let request = call.read::<ChangePasswordRequest>(payload).await;
    call.run_as(who, Lane::Password, request, |core, caller, request, context| {
        Ok(request.into_use_case(context).execute(core, &caller)?)
    })
    .await?;
    Ok(wire::said("Password changed successfully"))
}
