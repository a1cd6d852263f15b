//! `POST /forgot-password`, `/reset-password` and `/change-password` (rivergen.md section A7).

use selfsame_application::password::{
    change::{ChangePassword, OwnSignIn},
    request_reset::RequestPasswordReset,
    reset::ResetPassword,
};
use selfsame_domain::{Password, RequestContext};
use utoipa::ToSchema;

use crate::contracts::rivergen::members::{Body, Members};

/// Whose password is forgotten.
#[derive(ToSchema)]
#[schema(as = rivergen::ForgotPasswordRequest)]
pub(in super::super) struct ForgotPasswordRequest {
    #[schema(example = "jane@example.com", format = Email)]
    email: String,
}

impl Body for ForgotPasswordRequest {
    fn decode(members: &mut Members) -> Self {
        Self { email: members.required_text("email") }
    }
}

impl ForgotPasswordRequest {
    pub(in super::super) fn into_use_case(self, context: RequestContext) -> RequestPasswordReset {
        RequestPasswordReset { email: self.email, context }
    }
}

/// The proof from the mail, and the password to be.
#[derive(ToSchema)]
#[schema(as = rivergen::ResetPasswordRequest)]
pub(in super::super) struct ResetPasswordRequest {
    /// From the mailed link.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    token: String,
    #[schema(value_type = String, format = Password, example = "correct horse battery staple")]
    new_password: Password,
}

impl Body for ResetPasswordRequest {
    fn decode(members: &mut Members) -> Self {
        Self { token: members.required_text("token"), new_password: members.required_password("new_password") }
    }
}

impl ResetPasswordRequest {
    pub(in super::super) fn into_use_case(self, context: RequestContext) -> ResetPassword {
        ResetPassword { token: self.token, new_password: self.new_password, context }
    }
}

/// The password in force and the one to be.
#[derive(ToSchema)]
#[schema(as = rivergen::ChangePasswordRequest)]
pub(in super::super) struct ChangePasswordRequest {
    #[schema(value_type = String, format = Password, example = "correct horse battery staple")]
    current_password: Password,
    #[schema(value_type = String, format = Password, example = "eleven purple elephants waltz")]
    new_password: Password,
}

impl Body for ChangePasswordRequest {
    fn decode(members: &mut Members) -> Self {
        Self {
            current_password: members.required_password("current_password"),
            new_password: members.required_password("new_password"),
        }
    }
}

impl ChangePasswordRequest {
    /// The question. This contract ends the caller's own sign-in too.
    pub(in super::super) fn into_use_case(self, context: RequestContext) -> ChangePassword {
        let Self { current_password, new_password } = self;
        ChangePassword { current_password, new_password, own_sign_in: OwnSignIn::Ends, context }
    }
}
