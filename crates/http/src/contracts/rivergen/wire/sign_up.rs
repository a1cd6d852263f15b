//! `POST /signup` (rivergen.md section A7).

use selfsame_application::{
    Core,
    attempts::{Handle, Holder},
    sign_up::start::{SignUp, SignUpStarted},
};
use selfsame_domain::{OpaqueToken, Password, RequestContext, SignUpForm, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{has_verified_email, primary_email};
use crate::contracts::rivergen::{
    members::{Body, Decoded, Members},
    rejection::Rejection,
    words,
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

impl Decoded<SignupRequest> {
    /// The question, from `client`, or all that is wrong with it.
    pub(in super::super) fn into_use_case(
        self,
        holder: Holder,
        context: RequestContext,
        core: &Core,
    ) -> Result<SignUp, Rejection> {
        let rules = |question: SignUp| words::field_errors(&question.violations(core), words::FIRST);
        self.map(|request| request.into_use_case(holder, context)).checked(rules)
    }
}

impl SignupRequest {
    fn into_use_case(self, holder: Holder, context: RequestContext) -> SignUp {
        let form = SignUpForm { name: self.display_name, ..SignUpForm::default() };
        SignUp { email: self.email, password: self.password, form, holder, send_proof: true, context }
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
