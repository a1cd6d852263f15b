//! `POST /api/v1/auth/signup`: a new account.

use actix_web::web::Payload;
use selfsame_application::{
    attempts::{Handle, Holder},
    sign_up::start::{SignUp, SignUpStarted},
};
use selfsame_domain::{OpaqueToken, Password, RequestContext, SignUpForm, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{Success, created, has_verified_email, primary_email},
    reasons::INVALID_PASSWORD,
};
use crate::{
    Lane,
    body::{MemberProblem, Members},
    call::HandlerResult,
    document::RateLimited,
};

/// A new account. `terms_version` and `idempotency_key` are ignored.
#[derive(ToSchema)]
#[schema(as = rivergen::SignupRequest)]
struct SignupRequest {
    #[schema(example = "jane@example.com", format = Email, max_length = 254)]
    email: String,
    #[schema(value_type = String, format = Password, example = "correct horse battery staple", min_length = 15, max_length = 256)]
    password: Password,
    #[schema(example = "Jane Smith", max_length = 100)]
    display_name: Option<String>,
    /// An absent value counts as `true`. `false` is refused.
    #[schema(required = false, default = true, example = true)]
    agree_to_terms: bool,
}

impl SignupRequest {
    fn read(members: &mut Members<'_>) -> Self {
        let request = Self {
            email: members.required_text("email"),
            password: members.required_password("password"),
            display_name: members.optional_text("display_name"),
            agree_to_terms: members.boolean("agree_to_terms").unwrap_or(true),
        };
        if !request.agree_to_terms {
            members.add_problem("agree_to_terms", MemberProblem::Value("true"));
        }
        request
    }

    fn into_use_case(self, holder: Holder, context: RequestContext) -> SignUp {
        let form = SignUpForm { name: self.display_name, ..SignUpForm::default() };
        SignUp { email: self.email, password: self.password, form, holder, send_proof: true, context }
    }
}

/// A new account whose address is not verified. The response is the same if the address has an account already (R1).
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::SignupData)]
struct SignupData {
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "jane@example.com", required, max_length = 254)]
    email: Option<String>,
    #[schema(example = "Jane Smith", required, max_length = 100)]
    display_name: Option<String>,
    /// For `/verify-otp` and `/resend-signup-otp`.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    temporary_token: String,
    /// Always `true`.
    #[schema(example = true)]
    email_verification_required: bool,
    #[schema(example = "Account created. Check your email for the verification code.")]
    message: &'static str,
}

impl SignupData {
    fn of(started: SignUpStarted, message: &'static str) -> Self {
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

/// The token of an attempt. For a client of this contract it is always a temporary token.
pub(super) fn temporary_token(handle: &Handle) -> &OpaqueToken {
    match handle {
        Handle::Temporary(token) | Handle::Cookie(token) => token,
    }
}

/// Sign up
///
/// Creates an account, and mails a code and a link to verify its address. The response is the same if the address has
/// an account already; its owner gets a mail. If only the password is invalid, the response is 422 `INVALID_PASSWORD`.
#[utoipa::path(
    post, path = "/api/v1/auth/signup", operation_id = "rivergen_signup", tag = "rivergen",
    security(()),
    request_body = SignupRequest,
    responses(
        (status = 201, description = "The account, with an unverified address.", body = Success<SignupData>),
        Fails<(INVALID_PASSWORD, RateLimited)>,
    ),
)]
pub(super) async fn sign_up(call: Call, payload: Payload) -> HandlerResult {
    const MESSAGE: &str = "Account created. Check your email for the verification code.";
    let (body, holder) = (call.body(payload).await?, call.holder());
    let started = call
        .run(Lane::Password, move |core, sender| {
            let read = |members: &mut Members<'_>| SignupRequest::read(members).into_use_case(holder, sender.context);
            Ok(body.read_with_rules(read, |sign_up| sign_up.violations(core))?.execute(core)?)
        })
        .await?;
    Ok(created(SignupData::of(started, MESSAGE), MESSAGE))
}
