//! `/verify-otp`, `/resend-signup-otp` and `/verify-email`: the verification of an address.

use actix_web::{
    http::header::{HeaderValue, RETRY_AFTER},
    web::Payload,
};
use selfsame_application::{
    Caller,
    attempts::{
        AttemptRef, Holder, SignedIn,
        send_proof::SendProof,
        verify::{AttemptVerified, Step, VerifyAttempt},
    },
    identifiers::verify::{EmailProof, EmailVerified, VerifyEmail},
};
use selfsame_domain::{OpaqueToken, RequestContext, User, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails, RiverGen,
    envelope::{Success, Tokens, has_verified_email, ok, primary_email},
    mfa::{MFA_REQUIRED, MfaRequired},
    reasons::{
        EMAIL_ALREADY_VERIFIED, INVALID_OTP, INVALID_TEMPORARY_TOKEN, INVALID_VERIFICATION_TOKEN, OTP_EXPIRED,
        TOKEN_EXPIRED, TOO_MANY_ATTEMPTS, resend_too_early,
    },
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::RateLimited,
    rejection::{Rejection, whole_seconds},
};

/// The mailed code.
#[derive(ToSchema)]
#[schema(as = rivergen::VerifyOtpRequest)]
struct VerifyOtpRequest {
    #[schema(min_length = 43, max_length = 43, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    temporary_token: String,
    #[schema(example = "123456", pattern = r"^\d{6}$")]
    otp_code: String,
}

impl VerifyOtpRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { temporary_token: members.required_text("temporary_token"), otp_code: members.required_text("otp_code") }
    }

    fn into_use_case(self, token: OpaqueToken, holder: Holder, context: RequestContext) -> VerifyAttempt {
        VerifyAttempt { attempt: AttemptRef::Temporary(token), step: Step::Email, code: self.otp_code, holder, context }
    }
}

pub(super) fn parse_temporary_token(sent: &str) -> Result<OpaqueToken, Rejection<RiverGen>> {
    OpaqueToken::parse(sent).ok_or_else(|| INVALID_TEMPORARY_TOKEN.into())
}

/// The sign-up that needs another code.
#[derive(ToSchema)]
#[schema(as = rivergen::ResendOtpRequest)]
struct ResendOtpRequest {
    /// The address for which the token was issued.
    #[schema(example = "jane@example.com", format = Email, max_length = 254)]
    email: String,
    #[schema(min_length = 43, max_length = 43, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    temporary_token: String,
}

impl ResendOtpRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { email: members.required_text("email"), temporary_token: members.required_text("temporary_token") }
    }

    fn into_use_case(self, context: RequestContext) -> Result<SendProof, Rejection<RiverGen>> {
        let token = parse_temporary_token(&self.temporary_token)?;
        let attempt = AttemptRef::TemporaryFor { token, email: self.email };
        Ok(SendProof { attempt, step: Step::Email, redirect_to: None, last_digits: None, context })
    }
}

/// Another code was mailed.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::ResendData)]
struct ResendData {
    /// It replaces the one in the request.
    #[schema(value_type = String, example = "Zr7uYx8wVnAeGhJkLpQdRtWzXyB4m0Kf5T3lqS1c9b2")]
    temporary_token: Option<String>,
    #[schema(example = "Verification code sent")]
    message: &'static str,
}

impl ResendData {
    fn of(token: Option<&OpaqueToken>, message: &'static str) -> Self {
        Self { temporary_token: token.map(|token| token.expose().to_owned()), message }
    }
}

/// The token from the mailed link.
#[derive(ToSchema)]
#[schema(as = rivergen::VerifyEmailRequest)]
struct VerifyEmailRequest {
    #[schema(min_length = 43, max_length = 54, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    token: String,
}

impl VerifyEmailRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { token: members.required_text("token") }
    }

    fn into_use_case(self, caller: Option<Caller>, holder: Holder, context: RequestContext) -> VerifyEmail {
        let proof = EmailProof::Link { token: self.token, cookie: None, caller: caller.map(Box::new) };
        VerifyEmail { proof, sign_in: Some(holder), context }
    }
}

/// The address is verified. The client gets tokens, unless the link was mailed for neither a sign-up nor a sign-in.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::VerifiedData)]
pub(super) struct VerifiedData {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "bearer")]
    token_type: Option<&'static str>,
    /// Lifetime of the access token, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 3600)]
    expires_in: Option<u64>,
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "jane@example.com", required, max_length = 254)]
    email: Option<String>,
    #[schema(example = true)]
    is_verified: bool,
    /// A token for `/reset-password`. Present if the link voids the password: then the owner of the address sets a new
    /// one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    set_password_token: Option<String>,
    #[schema(example = "Email verified successfully")]
    message: &'static str,
}

impl VerifiedData {
    pub(super) fn of_code(signed_in: &SignedIn, message: &'static str) -> Self {
        Self::new(&signed_in.user, Tokens::of(signed_in), message)
    }

    fn of_link(verified: &EmailVerified, message: &'static str) -> Self {
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

/// The result of a right code.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::VerificationResult)]
#[serde(untagged)]
pub(super) enum VerificationResult {
    SignedIn(VerifiedData),
    MfaRequired(MfaRequired),
}

impl VerificationResult {
    pub(super) fn of(verified: &AttemptVerified, token: &OpaqueToken, message: &'static str) -> Self {
        match verified {
            AttemptVerified::Completed(signed_in) => Self::SignedIn(VerifiedData::of_code(signed_in, message)),
            AttemptVerified::Incomplete { .. } => Self::MfaRequired(MfaRequired::of(token)),
        }
    }
}

/// Verify the code
///
/// Checks the mailed code. The address is then verified, and the client is signed in. If the account has a second factor, the
/// response has `mfa_required` in place of tokens: continue with `/mfa/verify`.
#[utoipa::path(
    post, path = "/api/v1/auth/verify-otp", operation_id = "rivergen_verify_otp", tag = "rivergen",
    security(()),
    request_body = VerifyOtpRequest,
    responses(
        (status = 200, description = "Verified and signed in, or a second factor is required.", body = Success<VerificationResult>),
        Fails<(INVALID_OTP, INVALID_TEMPORARY_TOKEN, OTP_EXPIRED, TOO_MANY_ATTEMPTS, RateLimited)>,
    ),
)]
pub(super) async fn verify_otp(call: Call, payload: Payload) -> HandlerResult {
    const MESSAGE: &str = "Email verified successfully";
    let (body, holder) = (call.body(payload).await?, call.holder());
    let result = call
        .run(Lane::Database, move |core, sender| {
            let request = body.read(VerifyOtpRequest::read)?;
            let token = parse_temporary_token(&request.temporary_token)?;
            let verified = request.into_use_case(token.clone(), holder, sender.context).execute(core)?;
            Ok(VerificationResult::of(&verified, &token, MESSAGE))
        })
        .await?;
    let message = match result {
        VerificationResult::SignedIn(_) => MESSAGE,
        VerificationResult::MfaRequired(_) => MFA_REQUIRED,
    };
    Ok(ok(result, message))
}

/// Resend the code
///
/// Mails another code and link. The earlier ones are void. The response has a new temporary token, which replaces the
/// earlier. There is a pause after each mail, which doubles from 30 seconds. `Retry-After` says in the success, and in the
/// 429 of an earlier request, when another mail can be requested.
#[utoipa::path(
    post, path = "/api/v1/auth/resend-signup-otp", operation_id = "rivergen_resend_signup_otp", tag = "rivergen",
    security(()),
    request_body = ResendOtpRequest,
    responses(
        (status = 200, description = "Another code was mailed.", body = Success<ResendData>,
            headers(("Retry-After" = u64, description = "Seconds until another mail can be requested."))),
        Fails<(INVALID_TEMPORARY_TOKEN, EMAIL_ALREADY_VERIFIED, RateLimited)>,
    ),
)]
pub(super) async fn resend_otp(call: Call, payload: Payload) -> HandlerResult {
    const MESSAGE: &str = "Verification code sent";
    let body = call.body(payload).await?;
    let sent = call
        .run(Lane::Database, move |core, sender| {
            let request = body.read(ResendOtpRequest::read)?;
            let sent = request.into_use_case(sender.context)?.execute(core)?;
            if sent.is_sent { Ok(sent) } else { Err(resend_too_early(sent.next_in)) }
        })
        .await?;
    let mut response = ok(ResendData::of(sent.temporary_token.as_ref(), MESSAGE), MESSAGE);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(whole_seconds(sent.next_in)));
    Ok(response)
}

/// Verify the link
///
/// Checks the token of the mailed link. The address is then verified, and the client is signed in. A link that was
/// mailed for neither a sign-up nor a sign-in verifies the address only: the response has no tokens. A link is valid
/// once; its account, if it is signed in, gets the same response without tokens when it uses it again.
#[utoipa::path(
    post, path = "/api/v1/auth/verify-email", operation_id = "rivergen_verify_email", tag = "rivergen",
    security((), ("bearer" = [])),
    request_body = VerifyEmailRequest,
    responses(
        (status = 200, description = "Verified.", body = Success<VerifiedData>),
        Fails<(INVALID_VERIFICATION_TOKEN, TOKEN_EXPIRED, RateLimited)>,
    ),
)]
pub(super) async fn verify_email(call: Call, payload: Payload) -> HandlerResult {
    const MESSAGE: &str = "Email verified successfully";
    let (body, holder) = (call.body(payload).await?, call.holder());
    let verified = call
        .run(Lane::Database, move |core, sender| {
            let request = body.read(VerifyEmailRequest::read)?;
            let caller = sender.authenticate(core).ok();
            Ok(request.into_use_case(caller, holder, sender.context).execute(core)?)
        })
        .await?;
    Ok(ok(VerifiedData::of_link(&verified, MESSAGE), MESSAGE))
}
