//! Open sign-ups and sign-ins, in the form that the screens of the SDK need.

use selfsame_domain::{Attempt, Factor, Factors, SessionId, SignInMethod};
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::timestamp;

/// The required fields of a sign-up.
const SIGN_UP_FIELDS: [&str; 2] = ["email", "password"];

/// An open or completed sign-up.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::SignUpAttempt)]
pub(super) struct SignUpAttempt {
    #[schema(format = "uint64", example = "523456789012345678")]
    id: String,
    #[schema(format = "uint64", example = "423456789012345678")]
    session_id: String,
    #[schema(example = "John")]
    first_name: String,
    #[schema(example = "Doe")]
    last_name: String,
    #[schema(example = "john@example.com")]
    email: String,
    #[schema(example = "johndoe")]
    username: String,
    phone_number: String,
    /// Always empty.
    password: &'static str,
    #[schema(value_type = Vec<String>, example = json!(["email", "password"]))]
    required_fields: [&'static str; 2],
    #[schema(value_type = Vec<String>)]
    missing_fields: [&'static str; 0],
    /// Empty if there is no further step.
    #[schema(pattern = "^(verify_email|password)?$", example = "verify_email")]
    current_step: &'static str,
    #[schema(example = json!(["verify_email"]))]
    remaining_steps: Vec<&'static str>,
    completed: bool,
}

/// An open or completed sign-in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::SignInAttempt)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's shape")]
pub(super) struct SignInAttempt {
    #[schema(format = "uint64", example = "523456789012345678")]
    id: String,
    #[schema(format = "uint64", example = "423456789012345678")]
    session_id: String,
    #[schema(format = "uint64", example = "123456789012345678")]
    user_id: String,
    #[schema(example = "john@example.com")]
    email: String,
    /// A strategy of `/auth/signin`, or `passkey`.
    #[schema(pattern = "^(plain_email|plain_username|phone_otp|passkey)$", example = "plain_email")]
    method: &'static str,
    sso_provider: &'static str,
    #[schema(format = "date-time", example = "2024-01-01T13:00:00.000Z")]
    expires_at: String,
    #[schema(example = true)]
    first_method_authenticated: bool,
    second_method_authenticated: bool,
    second_method_authentication_required: bool,
    /// The ways to do the step `verify_second_factor`: `authenticator`, `phone_otp`, and `backup_code` if some are left.
    #[schema(value_type = Vec<String>)]
    available_2fa_methods: Vec<&'static str>,
    /// Empty if there is no further step.
    #[schema(pattern = "^(verify_email|verify_phone_otp|verify_second_factor|password)?$", example = "")]
    current_step: &'static str,
    remaining_steps: Vec<&'static str>,
    #[schema(example = true)]
    completed: bool,
    requires_completion: bool,
    #[schema(value_type = Vec<String>)]
    missing_fields: [&'static str; 0],
    #[schema(value_type = Vec<String>)]
    required_fields: [&'static str; 0],
}

impl SignUpAttempt {
    pub(super) fn of(attempt: &Attempt, session: SessionId) -> Self {
        let form = &attempt.form;
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        Self {
            id: attempt.id.to_string(),
            session_id: session.to_string(),
            first_name: text(&form.given_name),
            last_name: text(&form.family_name),
            email: attempt.email.clone().unwrap_or_default(),
            username: text(&form.preferred_username),
            phone_number: text(&form.phone_number),
            password: "",
            required_fields: SIGN_UP_FIELDS,
            missing_fields: [],
            current_step: current_step(attempt),
            remaining_steps: remaining_steps(attempt),
            completed: attempt.completed_at.is_some(),
        }
    }
}

impl SignInAttempt {
    /// An attempt starts only after the correct password, so the first method is always completed, unless it is a phone number.
    /// `second_factors` are those by which it can be continued.
    pub(super) fn of(attempt: &Attempt, session: SessionId, second_factors: &Factors) -> Self {
        Self {
            id: attempt.id.to_string(),
            session_id: session.to_string(),
            user_id: attempt.user_id.map(|id| id.to_string()).unwrap_or_default(),
            email: attempt.email.clone().unwrap_or_default(),
            method: attempt.method.map(method_name).unwrap_or_default(),
            sso_provider: "",
            expires_at: timestamp(attempt.expires_at),
            first_method_authenticated: attempt.next() != Some(Factor::Phone),
            second_method_authenticated: attempt.satisfied.has_second(),
            second_method_authentication_required: attempt.required.has_second(),
            available_2fa_methods: second_factors.iter().filter_map(second_method).collect(),
            current_step: current_step(attempt),
            remaining_steps: remaining_steps(attempt),
            completed: attempt.completed_at.is_some(),
            requires_completion: false,
            missing_fields: [],
            required_fields: [],
        }
    }
}

fn current_step(attempt: &Attempt) -> &'static str {
    attempt.next().map(step_name).unwrap_or_default()
}

fn remaining_steps(attempt: &Attempt) -> Vec<&'static str> {
    attempt.remaining().map(step_name).collect()
}

/// The way to prove a second factor in a form; a passkey signs in by itself.
fn second_method(factor: Factor) -> Option<&'static str> {
    match factor {
        Factor::Totp => Some("authenticator"),
        Factor::Sms => Some("phone_otp"),
        Factor::BackupCode => Some("backup_code"),
        Factor::Password | Factor::Email | Factor::Phone | Factor::Passkey => None,
    }
}

fn step_name(factor: Factor) -> &'static str {
    match factor {
        Factor::Password => "password",
        Factor::Email => "verify_email",
        Factor::Phone => "verify_phone_otp",
        Factor::Totp | Factor::Passkey | Factor::Sms | Factor::BackupCode => "verify_second_factor",
    }
}

fn method_name(method: SignInMethod) -> &'static str {
    match method {
        SignInMethod::EmailPassword => "plain_email",
        SignInMethod::UsernamePassword => "plain_username",
        SignInMethod::Passkey => "passkey",
        SignInMethod::PhoneCode => "phone_otp",
    }
}
