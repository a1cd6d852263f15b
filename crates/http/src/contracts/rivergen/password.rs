//! `/forgot-password`, `/reset-password` and `/change-password`.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::password::{
    change::{ChangePassword, OwnSignIn},
    request_reset::RequestPasswordReset,
    reset::ResetPassword,
};
use selfsame_domain::{Password, RequestContext};
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{MessageData, Success, message},
    reasons::{CHANGE_PASSWORD_FAILED, INVALID_CURRENT_PASSWORD, INVALID_RESET_TOKEN, STEP_UP_REQUIRED},
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

/// The address of the account.
#[derive(ToSchema)]
#[schema(as = rivergen::ForgotPasswordRequest)]
struct ForgotPasswordRequest {
    #[schema(example = "jane@example.com", format = Email, max_length = 254)]
    email: String,
}

impl ForgotPasswordRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { email: members.required_text("email") }
    }

    fn into_use_case(self, context: RequestContext) -> RequestPasswordReset {
        RequestPasswordReset { email: self.email, context }
    }
}

/// The mailed token, and the new password.
#[derive(ToSchema)]
#[schema(as = rivergen::ResetPasswordRequest)]
struct ResetPasswordRequest {
    /// The token in the mailed link.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4", min_length = 43, max_length = 54)]
    token: String,
    #[schema(value_type = String, format = Password, example = "eleven purple elephants waltz", min_length = 15, max_length = 256)]
    new_password: Password,
}

impl ResetPasswordRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { token: members.required_text("token"), new_password: members.required_password("new_password") }
    }

    fn into_use_case(self, context: RequestContext) -> ResetPassword {
        ResetPassword { token: self.token, new_password: self.new_password, context }
    }
}

/// The current and the new password.
#[derive(ToSchema)]
#[schema(as = rivergen::ChangePasswordRequest)]
struct ChangePasswordRequest {
    #[schema(value_type = String, format = Password, example = "correct horse battery staple", min_length = 1)]
    current_password: Password,
    #[schema(value_type = String, format = Password, example = "eleven purple elephants waltz", min_length = 15, max_length = 256)]
    new_password: Password,
}

impl ChangePasswordRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            current_password: members.required_password("current_password"),
            new_password: members.required_password("new_password"),
        }
    }

    /// The use case. In this contract it also ends the caller's own sign-in.
    fn into_use_case(self, context: RequestContext) -> ChangePassword {
        let Self { current_password, new_password } = self;
        ChangePassword { current_password, new_password, own_sign_in: OwnSignIn::Ends, context }
    }
}

/// Request a password reset
///
/// Mails a link to set a new password, if the address has an account. The response is the same if it has none.
#[utoipa::path(
    post, path = "/api/v1/auth/forgot-password", operation_id = "rivergen_forgot_password", tag = "rivergen",
    security(()),
    request_body = ForgotPasswordRequest,
    responses(
        (status = 200, description = "The link was mailed, if the account exists.", body = Success<MessageData>),
        Fails<RateLimited>,
    ),
)]
pub(super) async fn forgot(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    call.run(Lane::Database, move |core, sender| {
        let request = body.read(ForgotPasswordRequest::read)?;
        Ok(request.into_use_case(sender.context).execute(core)?)
    })
    .await?;
    Ok(message("If the email exists, a password reset link has been sent"))
}

/// Reset the password
///
/// Sets a new password by the token of the mailed link, and ends all sign-ins.
#[utoipa::path(
    post, path = "/api/v1/auth/reset-password", operation_id = "rivergen_reset_password", tag = "rivergen",
    security(()),
    request_body = ResetPasswordRequest,
    responses(
        (status = 204, description = "The password was set. This starts no sign-in."),
        Fails<(INVALID_RESET_TOKEN, RateLimited)>,
    ),
)]
pub(super) async fn reset(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    call.run(Lane::Password, move |core, sender| {
        let request = body.read(ResetPasswordRequest::read)?;
        Ok(request.into_use_case(sender.context).execute(core)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Change the password
///
/// Requires the current password. Ends all sign-ins, the caller's own too.
#[utoipa::path(
    post, path = "/api/v1/auth/change-password", operation_id = "rivergen_change_password", tag = "rivergen",
    security(("bearer" = [])),
    request_body = ChangePasswordRequest,
    responses(
        (status = 200, description = "The password was changed.", body = Success<MessageData>),
        Fails<(INVALID_CURRENT_PASSWORD, CHANGE_PASSWORD_FAILED, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn change(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    call.run(Lane::Password, |core, sender| {
        let caller = sender.authenticate(core)?;
        let request = body?.read(ChangePasswordRequest::read)?;
        Ok(request.into_use_case(sender.context).execute(core, &caller)?)
    })
    .await?;
    Ok(message("Password changed successfully"))
}
