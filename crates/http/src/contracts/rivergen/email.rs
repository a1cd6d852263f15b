//! `/api/v1/auth/me/email`: the change of the primary e-mail address.

use actix_web::web::Payload;
use selfsame_application::identifiers::{
    confirm_change::{ConfirmEmailChange, EmailChanged},
    request_change::RequestEmailChange,
};
use selfsame_domain::{EmailAddress, RequestContext};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{Success, ok},
    reasons::{
        CHANGE_OTP_EXPIRED, EMAIL_UPDATE_REQUEST_FAILED, EMAIL_UPDATE_VERIFY_FAILED, INVALID_OTP, STEP_UP_REQUIRED,
        TOO_MANY_ATTEMPTS,
    },
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

/// The new primary address.
#[derive(ToSchema)]
#[schema(as = rivergen::RequestEmailRequest)]
struct RequestEmailRequest {
    #[schema(example = "jane.smith@example.com", format = Email, max_length = 254)]
    new_email: String,
}

impl RequestEmailRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { new_email: members.required_text("new_email") }
    }

    fn into_use_case(self, context: RequestContext) -> RequestEmailChange {
        RequestEmailChange { new_email: self.new_email, context }
    }
}

/// A code was mailed.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::EmailRequestData)]
struct EmailRequestData {
    #[schema(example = "OTP sent to new email address")]
    message: &'static str,
    #[schema(example = "jane.smith@example.com", max_length = 254)]
    new_email: String,
}

impl EmailRequestData {
    fn of(new_email: &EmailAddress, message: &'static str) -> Self {
        Self { message, new_email: new_email.address().to_owned() }
    }
}

/// The code that was mailed to the new address.
#[derive(ToSchema)]
#[schema(as = rivergen::VerifyEmailChangeRequest)]
struct VerifyEmailChangeRequest {
    /// The address of the request.
    #[schema(example = "jane.smith@example.com", format = Email, max_length = 254)]
    new_email: String,
    #[schema(example = "123456", pattern = r"^\d{6}$")]
    otp_code: String,
}

impl VerifyEmailChangeRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { new_email: members.required_text("new_email"), otp_code: members.required_text("otp_code") }
    }

    fn into_use_case(self, context: RequestContext) -> ConfirmEmailChange {
        ConfirmEmailChange { new_email: self.new_email, code: self.otp_code, context }
    }
}

/// The address was changed.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::EmailChangeData)]
struct EmailChangeData {
    #[schema(example = "Email updated successfully")]
    message: &'static str,
    #[schema(example = "jane@example.com", required)]
    old_email: Option<String>,
    #[schema(example = "jane.smith@example.com", max_length = 254)]
    new_email: String,
}

impl EmailChangeData {
    fn of(changed: EmailChanged, message: &'static str) -> Self {
        Self { message, old_email: changed.old_email, new_email: changed.new_email }
    }
}

const SENT: &str = "OTP sent to new email address";
const UPDATED: &str = "Email updated successfully";

/// Request an e-mail change
///
/// Mails a code to the new address, which becomes the primary one with that code. The response is the same if another
/// account has the address. The current address in another case is changed at once.
#[utoipa::path(
    post, path = "/api/v1/auth/me/email/request", operation_id = "rivergen_request_email_update", tag = "rivergen",
    security(("bearer" = [])),
    request_body = RequestEmailRequest,
    responses(
        (status = 200, description = "A code was mailed.", body = Success<EmailRequestData>),
        Fails<(EMAIL_UPDATE_REQUEST_FAILED, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn request(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let requested = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let request = body?.read(RequestEmailRequest::read)?;
            Ok(request.into_use_case(sender.context).execute(core, &caller)?)
        })
        .await?;
    let message = if requested.is_in_force { UPDATED } else { SENT };
    Ok(ok(EmailRequestData::of(&requested.email, message), message))
}

/// Confirm an e-mail change
///
/// Checks the mailed code. The new address is then verified and primary.
#[utoipa::path(
    post, path = "/api/v1/auth/me/email/verify", operation_id = "rivergen_verify_email_update", tag = "rivergen",
    security(("bearer" = [])),
    request_body = VerifyEmailChangeRequest,
    responses(
        (status = 200, description = "The address was changed.", body = Success<EmailChangeData>),
        Fails<(INVALID_OTP, CHANGE_OTP_EXPIRED, EMAIL_UPDATE_VERIFY_FAILED, TOO_MANY_ATTEMPTS, RateLimited)>,
    ),
)]
pub(super) async fn verify(call: Call, payload: Payload) -> HandlerResult {
    const MESSAGE: &str = UPDATED;
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let changed = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let request = body?.read(VerifyEmailChangeRequest::read)?;
            Ok(request.into_use_case(sender.context).execute(core, &caller)?)
        })
        .await?;
    Ok(ok(EmailChangeData::of(changed, MESSAGE), MESSAGE))
}
