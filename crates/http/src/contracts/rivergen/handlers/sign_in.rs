//! Signing in, staying so, and signing out.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{sessions::sign_out::SignOut, sign_in::with_password::SignInOutcome};

use super::Answer;
use crate::{
    blocking::Lane,
    contracts::rivergen::{
        call::Call,
        openapi::{Common, Limited, Unauthorized, WithBody, error, unverified},
        rejection::{ErrorBody, Rejection},
        wire::{self, LoginData, LoginRequest, RefreshRequest, RefreshedTokens, Success},
    },
};

/// Signs in with e-mail address and password.
///
/// While the address is not verified the answer is 403 with a `temporary_token` in `details`: `/resend-signup-otp` mails a
/// code for it, and `/verify-otp` takes both.
#[utoipa::path(
    post,
    path = "/api/v1/auth/login",
    operation_id = "rivergen_login",
    tag = "rivergen",
    security(()),
    request_body = LoginRequest,
    responses(
        (status = 200, description = "Signed in", body = Success<LoginData>),
        (status = 401, description = "`INVALID_CREDENTIALS`", body = ErrorBody,
            example = json!(error("INVALID_CREDENTIALS", "Invalid email or password"))),
        (status = 403, description = "`EMAIL_NOT_VERIFIED` or `ACCOUNT_DISABLED`; the password was right", body = ErrorBody,
            example = json!(unverified())),
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn login(call: Call, payload: Payload) -> Answer {
    let request: LoginRequest = call.read(payload).await?;
    let holder = call.holder();
    let outcome = call
        .run(Lane::Password, move |core, context| Ok(request.into_use_case(holder, context).execute(core)?))
        .await?;
    match outcome {
        SignInOutcome::Completed(signed_in) => Ok(wire::ok(LoginData::of(*signed_in), "Login successful")),
        SignInOutcome::Unverified { handle, .. } => Err(Rejection::email_not_verified(wire::temporary_token(&handle))),
    }
}

/// Takes a refresh token for new tokens. The answer has no envelope.
///
/// A refresh token works once; its successor is in the answer. One that was used before ends the sign-in.
#[utoipa::path(
    post,
    path = "/api/v1/auth/refresh",
    operation_id = "rivergen_refresh",
    tag = "rivergen",
    security(()),
    request_body = RefreshRequest,
    responses(
        (status = 200, description = "New tokens", body = RefreshedTokens),
        (status = 401, description = "`INVALID_TOKEN`", body = ErrorBody,
            example = json!(error("INVALID_TOKEN", "Invalid or expired refresh token"))),
        WithBody,
        Limited,
        Common,
    )
)]
pub(in super::super) async fn refresh(call: Call, payload: Payload) -> Answer {
    let request: RefreshRequest = call.read(payload).await?;
    let access_ttl = call.access_ttl();
    let tokens = call
        .run(Lane::Database, move |core, context| Ok(request.into_use_case(access_ttl, context).execute(core)?))
        .await?;
    Ok(HttpResponse::Ok().json(RefreshedTokens::of(&tokens)))
}

/// Ends the sign-in of the token, with all its access and refresh tokens, at once.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout",
    operation_id = "rivergen_logout",
    tag = "rivergen",
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Signed out"),
        (status = 400, description = "`LOGOUT_FAILED`", body = ErrorBody, example = json!(error("LOGOUT_FAILED", "Logout failed"))),
        Unauthorized,
        Common,
    )
)]
pub(in super::super) async fn logout(call: Call) -> Answer {
    let who = call.bearer()?;
    call.run_as(who, Lane::Database, Ok(()), |core, caller, (), context| {
        Ok(SignOut::Own(caller.principal).execute(core, &context)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
