//! `POST /me/email/request` and `/me/email/verify` (rivergen.md section A6).

use selfsame_application::{
    identifiers::confirm_change::{ConfirmEmailChange, EmailChanged},
    identifiers::request_change::RequestEmailChange,
};
use selfsame_domain::{EmailAddress, RequestContext};
use serde::Serialize;
use utoipa::ToSchema;

use crate::contracts::rivergen::members::{Body, Members};

/// Which address is to be the primary one.
#[derive(ToSchema)]
#[schema(as = rivergen::RequestEmailRequest)]
pub(in super::super) struct RequestEmailRequest {
    #[schema(example = "jane.smith@example.com", format = Email)]
    new_email: String,
}

impl Body for RequestEmailRequest {
    fn decode(members: &mut Members) -> Self {
        Self { new_email: members.required_text("new_email") }
    }
}

impl RequestEmailRequest {
    pub(in super::super) fn into_use_case(self, context: RequestContext) -> RequestEmailChange {
        RequestEmailChange { new_email: self.new_email, context }
    }
}

/// A code is on its way.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::EmailRequestData)]
pub(in super::super) struct EmailRequestData {
    #[schema(example = "OTP sent to new email address")]
    message: &'static str,
    #[schema(example = "jane.smith@example.com")]
    new_email: String,
}

impl EmailRequestData {
    pub(in super::super) fn of(new_email: &EmailAddress, message: &'static str) -> Self {
        Self { message, new_email: new_email.address().to_owned() }
    }
}

/// The code from the new address.
#[derive(ToSchema)]
#[schema(as = rivergen::VerifyEmailChangeRequest)]
pub(in super::super) struct VerifyEmailChangeRequest {
    /// The address that was asked for.
    #[schema(example = "jane.smith@example.com", format = Email)]
    new_email: String,
    #[schema(example = "123456")]
    otp_code: String,
}

impl Body for VerifyEmailChangeRequest {
    fn decode(members: &mut Members) -> Self {
        Self { new_email: members.required_text("new_email"), otp_code: members.required_text("otp_code") }
    }
}

impl VerifyEmailChangeRequest {
    pub(in super::super) fn into_use_case(self, context: RequestContext) -> ConfirmEmailChange {
        ConfirmEmailChange { new_email: self.new_email, code: self.otp_code, context }
    }
}

/// The change is in force.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::EmailChangeData)]
pub(in super::super) struct EmailChangeData {
    #[schema(example = "Email updated successfully")]
    message: &'static str,
    #[schema(example = "jane@example.com", required)]
    old_email: Option<String>,
    #[schema(example = "jane.smith@example.com")]
    new_email: String,
}

impl EmailChangeData {
    pub(in super::super) fn of(changed: EmailChanged, message: &'static str) -> Self {
        Self { message, old_email: changed.old_email, new_email: changed.new_email }
    }
}
