//! `POST /signup`, `/verify-otp`, `/resend-signup-otp` and `/verify-email` (rivergen.md section A7).

use selfsame_application::{
    attempts::{AttemptRef, Handle, Holder, SignedIn},
    send_proof::SendProof,
    sign_up::{SignUp, SignUpStarted},
    verify_attempt::VerifyAttempt,
    verify_email::{EmailProof, EmailVerified, VerifyEmail},
};
use selfsame_domain::{Client, OpaqueToken, Password, SignUpForm, User, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{has_verified_email, primary_email, sign_in::Tokens};
use crate::contracts::rivergen::{
    members::{Body, Members},
    rejection::Rejection,
};

/// A new account. `terms_version` and `idempotency_key` are ignored.
#[derive(ToSchema)]
#[schema(as = rivergen::SignupRequest)]
pub(in super::super) struct SignupRequest {
    #[schema(example = "jane@example.com", format = Email)]
    email: String,
    #[schema(value_type = String, format = Password, example = "correct horse battery staple")]
    password: Password,
    #[schema(example = "Jane Smith")]
    display_name: Option<String>,
    /// Absent counts as `true`; `false` is refused.
    #[schema(required = false, default = true, example = true)]
    agree_to_terms: bool,
}

impl Body for SignupRequest {
    fn decode(members: &mut Members) -> Self {
        let request = Self {
            email: members.required_text("email"),
            password: members.required_password("password"),
            display_name: members.optional_text("display_name"),
            agree_to_terms: members.flag("agree_to_terms").unwrap_or(true),
        };
        if !request.agree_to_terms {
            members.wrong("agree_to_terms", "must be true");
        }
        request
    }
}

impl SignupRequest {
    pub(in super::super) fn into_use_case(self, holder: Holder, client: Client) -> SignUp {
        let form = SignUpForm { name: self.display_name, ..SignUpForm::default() };
        SignUp { email: self.email, password: self.password, form, holder, send_proof: true, client }
    }
}

/// An account that waits for the proof of its address. It looks the same for an address that has an account (R1).
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::SignupData)]
pub(in super::super) struct SignupData {
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "jane@example.com", required)]
    email: Option<String>,
    #[schema(example = "Jane Smith", required)]
    display_name: Option<String>,
    /// What `/verify-otp` and `/resend-signup-otp` want.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    temporary_token: String,
    /// Always `true`.
    #[schema(example = true)]
    email_verification_required: bool,
    #[schema(example = "Account created. Check your email for the verification code.")]
    message: &'static str,
}

impl SignupData {
    pub(in super::super) fn of(started: SignUpStarted, message: &'static str) -> Self {
        Self {
            user_id: started.user.id.number(),
            email: primary_email(&started.user),
            email_verification_required: !has_verified_email(&started.user),
            display_name: started.user.name,
            temporary_token: temporary_token(&started.handle).expose().to_owned(),
            message,
        }
    }
}

/// The token in a handle. A client that keeps tokens is handed nothing else.
pub(in super::super) fn temporary_token(handle: &Handle) -> &OpaqueToken {
    match handle {
        Handle::Temporary(token) | Handle::Cookie(token) => token,
    }
}

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
    pub(in super::super) fn into_use_case(self, holder: Holder, client: Client) -> Result<VerifyAttempt, Rejection> {
        let token = parse_temporary_token(&self.temporary_token)?;
        Ok(VerifyAttempt { attempt: AttemptRef::Temporary(token), code: self.otp_code, holder, client })
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
    pub(in super::super) fn into_use_case(self, client: Client) -> Result<SendProof, Rejection> {
        let token = parse_temporary_token(&self.temporary_token)?;
        Ok(SendProof { attempt: AttemptRef::TemporaryFor { token, email: self.email }, client })
    }
}

/// Another code is on its way.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::ResendData)]
pub(in super::super) struct ResendData {
    /// In place of the one that was used.
    #[schema(example = "Zr7uYx8wVnAeGhJkLpQdRtWzXyB4m0Kf5T3lqS1c9b2")]
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
    pub(in super::super) fn into_use_case(self, holder: Holder, client: Client) -> VerifyEmail {
        VerifyEmail { proof: EmailProof::Link(self.token), sign_in: Some(holder), client }
    }
}

/// The address is proven, and the client is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::VerifiedData)]
pub(in super::super) struct VerifiedData {
    /// Left out where the link was not mailed for a sign-up or sign-in.
    #[serde(flatten)]
    tokens: Option<Tokens>,
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "jane@example.com", required)]
    email: Option<String>,
    #[schema(example = true)]
    is_verified: bool,
    #[schema(example = "Email verified successfully")]
    message: &'static str,
}

impl VerifiedData {
    pub(in super::super) fn of_code(signed_in: &SignedIn, message: &'static str) -> Self {
        Self::new(&signed_in.user, Tokens::of(signed_in), message)
    }

    pub(in super::super) fn of_link(verified: &EmailVerified, message: &'static str) -> Self {
        Self::new(&verified.user, verified.signed_in.as_deref().and_then(Tokens::of), message)
    }

    fn new(user: &User, tokens: Option<Tokens>, message: &'static str) -> Self {
        Self {
            tokens,
            user_id: user.id.number(),
            email: primary_email(user),
            is_verified: has_verified_email(user),
            message,
        }
    }
}
