//! Sign-up, and the proof of the address.

use actix_web::web::Payload;

use super::Answer;
use crate::{
    blocking::Lane,
    contracts::rivergen::{
        call::Call,
        openapi::{Common, Limited, WithBody, error},
        rejection::ErrorBody,
        wire::{
            self, ResendData, ResendOtpRequest, SignupData, SignupRequest, Success, VerifiedData, VerifyEmailRequest,
            VerifyOtpRequest,
        },
    },
};

/// Makes an account and mails a code and a link that prove its address.
///
/// The answer is the same for an address that has an account; its owner is told by mail. A password that cannot be
/// used is 422 `INVALID_PASSWORD` where nothing else is wrong.
#[utoipa::path(
    post,
    path = "/api/v1/auth/signup",
    operation_id = "rivergen_signup",
    tag = "rivergen",
    security(()),
    request_body = SignupRequest,
    responses(
        (status = 201, description = "The account waits for the proof of its address", body = Success<SignupData>),
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn sign_up(call: Call, payload: Payload) -> Answer {
    const MESSAGE: &str = "Account created. Check your email for the verification code.";
    let decoded = call.decode::<SignupRequest>(payload).await?;
    let holder = call.holder();
    let started = call
        .run(Lane::Password, move |core, context| {
            let question = decoded.into_use_case(holder, context, core)?;
            Ok(question.execute(core)?)
        })
        .await?;
    Ok(wire::created(SignupData::of(started, MESSAGE), MESSAGE))
}

/// Takes the mailed code: the address is proven, and the client signed in.
#[utoipa::path(
    post,
    path = "/api/v1/auth/verify-otp",
    operation_id = "rivergen_verify_otp",
    tag = "rivergen",
    security(()),
    request_body = VerifyOtpRequest,
    responses(
        (status = 200, description = "Verified and signed in", body = Success<VerifiedData>),
        (status = 400, description = "`INVALID_OTP`", body = ErrorBody, example = json!(error("INVALID_OTP", "Invalid OTP code"))),
        (status = 401, description = "`INVALID_TOKEN`: the temporary token", body = ErrorBody,
            example = json!(error("INVALID_TOKEN", "Invalid or expired temporary token"))),
        (status = 410, description = "`OTP_EXPIRED`", body = ErrorBody, example = json!(error("OTP_EXPIRED", "The OTP code has expired"))),
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn verify_otp(call: Call, payload: Payload) -> Answer {
    const MESSAGE: &str = "Email verified successfully";
    let request: VerifyOtpRequest = call.read(payload).await?;
    let holder = call.holder();
    let signed_in = call
        .run(Lane::Database, move |core, context| Ok(request.into_use_case(holder, context)?.execute(core)?))
        .await?;
    Ok(wire::ok(VerifiedData::of_code(&signed_in, MESSAGE), MESSAGE))
}

/// Mails another code and link; earlier ones are void, and so is the temporary token, which gets a successor.
#[utoipa::path(
    post,
    path = "/api/v1/auth/resend-signup-otp",
    operation_id = "rivergen_resend_signup_otp",
    tag = "rivergen",
    security(()),
    request_body = ResendOtpRequest,
    responses(
        (status = 200, description = "Another code is on its way", body = Success<ResendData>),
        (status = 401, description = "`INVALID_TOKEN`: the temporary token, or not for this address", body = ErrorBody,
            example = json!(error("INVALID_TOKEN", "Invalid or expired temporary token"))),
        (status = 409, description = "`EMAIL_ALREADY_VERIFIED`", body = ErrorBody,
            example = json!(error("EMAIL_ALREADY_VERIFIED", "This email address is already verified"))),
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn resend_otp(call: Call, payload: Payload) -> Answer {
    const MESSAGE: &str = "Verification code sent";
    let request: ResendOtpRequest = call.read(payload).await?;
    let sent =
        call.run(Lane::Database, move |core, context| Ok(request.into_use_case(context)?.execute(core)?)).await?;
    Ok(wire::ok(ResendData::of(sent.temporary_token.as_ref(), MESSAGE), MESSAGE))
}

/// Takes the token of the mailed link: the address is proven, and the client signed in.
///
/// A link that was mailed for neither a sign-up nor a sign-in proves the address and signs nobody in; the answer is then
/// without tokens. A link works once.
#[utoipa::path(
    post,
    path = "/api/v1/auth/verify-email",
    operation_id = "rivergen_verify_email",
    tag = "rivergen",
    security(()),
    request_body = VerifyEmailRequest,
    responses(
        (status = 200, description = "Verified", body = Success<VerifiedData>),
        (status = 400, description = "`INVALID_TOKEN`: unknown, used or void", body = ErrorBody,
            example = json!(error("INVALID_TOKEN", "Invalid or used verification token"))),
        (status = 410, description = "`TOKEN_EXPIRED`", body = ErrorBody,
            example = json!(error("TOKEN_EXPIRED", "The verification token has expired"))),
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn verify_email(call: Call, payload: Payload) -> Answer {
    const MESSAGE: &str = "Email verified successfully";
    let request: VerifyEmailRequest = call.read(payload).await?;
    let holder = call.holder();
    let verified = call
        .run(Lane::Database, move |core, context| Ok(request.into_use_case(holder, context).execute(core)?))
        .await?;
    Ok(wire::ok(VerifiedData::of_link(&verified, MESSAGE), MESSAGE))
}
