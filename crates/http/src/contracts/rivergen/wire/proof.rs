//! `POST /verify-otp`, `/resend-signup-otp` and `/verify-email` (rivergen.md section A7).

use selfsame_application::{
    attempts::send_proof::SendProof,
    attempts::verify::VerifyAttempt,
    attempts::{AttemptRef, Holder, SignedIn},
    identifiers::verify::{EmailProof, EmailVerified, VerifyEmail},
};
use selfsame_domain::{OpaqueToken, RequestContext, User, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{has_verified_email, primary_email, sign_in::Tokens};
use crate::contracts::rivergen::{
    members::{Body, Members},
    rejection::Rejection,
};

/// The code from the mail.
#[derive(ToSchema)]
#[schema(as = rivergen::VerifyOtpRequest)]
pub(in super::super) struct VerifyOtpRequest {
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    temporary_token: String,
    #[schema(example = "123456")]
    otp_code: String,
}

impl Body for VerifyOtpRequest {
    fn decode(members: &mut Members) -> Self {
        Self { temporary_token: members.required_text("temporary_token"), otp_code: members.required_text("otp_code") }
    }
}

impl VerifyOtpRequest {
    pub(in super::super) fn into_use_case(
        self,
        holder: Holder,
        context: RequestContext,
    ) -> Result<VerifyAttempt, Rejection> {
        let token = parse_temporary_token(&self.temporary_token)?;
        Ok(VerifyAttempt { attempt: AttemptRef::Temporary(token), code: self.otp_code, holder, context })
    }
}

fn parse_temporary_token(sent: &str) -> Result<OpaqueToken, Rejection> {
    OpaqueToken::parse(sent).ok_or_else(Rejection::invalid_temporary_token)
}

/// Which sign-up wants another code.
#[derive(ToSchema)]
#[schema(as = rivergen::ResendOtpRequest)]
pub(in super::super) struct ResendOtpRequest {
    /// The address that the token was handed out for.
    #[schema(example = "jane@example.com", format = Email)]
    email: String,
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    temporary_token: String,
}

impl Body for ResendOtpRequest {
    fn decode(members: &mut Members) -> Self {
        Self { email: members.required_text("email"), temporary_token: members.required_text("temporary_token") }
    }
}

impl ResendOtpRequest {
    pub(in super::super) fn into_use_case(self, context: RequestContext) -> Result<SendProof, Rejection> {
        let token = parse_temporary_token(&self.temporary_token)?;
        Ok(SendProof { attempt: AttemptRef::TemporaryFor { token, email: self.email }, context })
    }
}

/// Another code is on its way.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::ResendData)]
pub(in super::super) struct ResendData {
    /// In place of the one that was used.
    #[schema(value_type = String, example = "Zr7uYx8wVnAeGhJkLpQdRtWzXyB4m0Kf5T3lqS1c9b2")]
    temporary_token: Option<String>,
    #[schema(example = "Verification code sent")]
    message: &'static str,
}

impl ResendData {
    pub(in super::super) fn of(token: Option<&OpaqueToken>, message: &'static str) -> Self {
        Self { temporary_token: token.map(|token| token.expose().to_owned()), message }
    }
}

/// The token from the mailed link.
#[derive(ToSchema)]
#[schema(as = rivergen::VerifyEmailRequest)]
pub(in super::super) struct VerifyEmailRequest {
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    token: String,
}

impl Body for VerifyEmailRequest {
    fn decode(members: &mut Members) -> Self {
        Self { token: members.required_text("token") }
    }
}

impl VerifyEmailRequest {
    pub(in super::super) fn into_use_case(self, holder: Holder, context: RequestContext) -> VerifyEmail {
        let proof = EmailProof::Link { token: self.token, cookie: None };
        VerifyEmail { proof, sign_in: Some(holder), context }
    }
}

/// The address is proven, and the client is signed in: it holds the token set. That is left out where a link was mailed
/// for neither a sign-up nor a sign-in.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::VerifiedData)]
pub(in super::super) struct VerifiedData {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "bearer")]
    token_type: Option<&'static str>,
    /// Life of the access token, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 3600)]
    expires_in: Option<u64>,
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "jane@example.com", required)]
    email: Option<String>,
    #[schema(example = true)]
    is_verified: bool,
    /// For `/reset-password`: after a link, the password is the owner's to set, whoever chose the one from before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    set_password_token: Option<String>,
    #[schema(example = "Email verified successfully")]
    message: &'static str,
}

impl VerifiedData {
    pub(in super::super) fn of_code(signed_in: &SignedIn, message: &'static str) -> Self {
        Self::new(&signed_in.user, Tokens::of(signed_in), message)
    }

    pub(in super::super) fn of_link(verified: &EmailVerified, message: &'static str) -> Self {
        let set_password_token = verified.set_password.as_ref().map(|token| token.expose().to_owned());
        let tokens = verified.signed_in.as_deref().and_then(Tokens::of);
        Self { set_password_token, ..Self::new(&verified.user, tokens, message) }
    }

    fn new(user: &User, tokens: Option<Tokens>, message: &'static str) -> Self {
        Self {
            token_type: tokens.as_ref().map(|tokens| tokens.token_type),
            expires_in: tokens.as_ref().map(|tokens| tokens.expires_in),
            refresh_token: tokens.as_ref().map(|tokens| tokens.refresh_token.clone()),
            access_token: tokens.map(|tokens| tokens.access_token),
            user_id: user.id.number(),
            email: primary_email(user),
            is_verified: has_verified_email(user),
            set_password_token: None,
            message,
        }
    }
}
