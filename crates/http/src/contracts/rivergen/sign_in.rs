//! `/login`, `/refresh` and `/logout`.

use std::time::Duration;

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{
    attempts::{Holder, SignedIn},
    sessions::{end::EndAllSignIns, refresh::RefreshAccess, sign_out::SignOut},
    sign_in::with_password::{Identity, SignIn, SignInOutcome},
};
use selfsame_domain::{Factor, Password, RequestContext, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{Success, Tokens, has_verified_email, ok, primary_email},
    mfa::{MFA_REQUIRED, MfaRequired},
    reasons::{ACCOUNT_DISABLED, EMAIL_NOT_VERIFIED, INVALID_CREDENTIALS, INVALID_REFRESH_TOKEN, unverified_details},
    sign_up::temporary_token,
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{Frozen, RateLimited},
    rejection::Rejection,
};

/// E-mail address and password. `workspace_id` and `remember_me` are ignored: there are no workspaces, and the operator
/// sets the lifetime of sign-ins.
#[derive(ToSchema)]
#[schema(as = rivergen::LoginRequest)]
struct LoginRequest {
    #[schema(example = "jane@example.com", format = Email, max_length = 254)]
    email: String,
    #[schema(value_type = String, format = Password, example = "correct horse battery staple", min_length = 1)]
    password: Password,
}

impl LoginRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { email: members.required_text("email"), password: members.required_password("password") }
    }

    fn into_use_case(self, holder: Holder, context: RequestContext) -> SignIn {
        SignIn { identity: Identity::Email(self.email), password: self.password, holder, context }
    }
}

/// The client is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::LoginData)]
pub(super) struct LoginData {
    #[serde(flatten)]
    #[schema(value_type = Tokens)]
    tokens: Option<Tokens>,
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "jane@example.com", required, max_length = 254)]
    email: Option<String>,
    #[schema(example = "Jane Smith", required)]
    display_name: Option<String>,
    #[schema(example = true)]
    is_verified: bool,
}

/// The result of a right password.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::LoginResult)]
#[serde(untagged)]
enum LoginResult {
    SignedIn(LoginData),
    MfaRequired(MfaRequired),
}

impl LoginData {
    pub(super) fn of(signed_in: SignedIn) -> Self {
        let tokens = Tokens::of(&signed_in);
        let user = signed_in.user;
        Self {
            tokens,
            user_id: user.id.number(),
            email: primary_email(&user),
            is_verified: has_verified_email(&user),
            display_name: user.name,
        }
    }
}

/// The current refresh token.
#[derive(ToSchema)]
#[schema(as = rivergen::RefreshRequest)]
struct RefreshRequest {
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: String,
}

impl RefreshRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { refresh_token: members.required_text("refresh_token") }
    }

    fn into_use_case(self, access_ttl: Duration, context: RequestContext) -> RefreshAccess {
        RefreshAccess { refresh_token: self.refresh_token, access_ttl, context }
    }
}

/// Sign in
///
/// With e-mail address and password. If the address is not verified, the response is 403 with a `temporary_token` in
/// `details`: `/resend-signup-otp` mails a code for it, and `/verify-otp` checks both. If the account has a second factor, the
/// response has a `temporary_token` and `mfa_required` in place of tokens: continue with `/mfa/verify`.
#[utoipa::path(
    post, path = "/api/v1/auth/login", operation_id = "rivergen_login", tag = "rivergen",
    security(()),
    request_body = LoginRequest,
    responses(
        (status = 200, description = "The client is signed in, or a second factor is required.", body = Success<LoginResult>),
        Fails<(INVALID_CREDENTIALS, EMAIL_NOT_VERIFIED, ACCOUNT_DISABLED, Frozen, RateLimited)>,
    ),
)]
pub(super) async fn login(call: Call, payload: Payload) -> HandlerResult {
    let (body, holder) = (call.body(payload).await?, call.holder());
    let signed_in = call
        .run(Lane::Password, move |core, sender| {
            let request = body.read(LoginRequest::read)?;
            match request.into_use_case(holder, sender.context).execute(core)? {
                SignInOutcome::Completed(signed_in) => Ok(LoginResult::SignedIn(LoginData::of(*signed_in))),
                SignInOutcome::Incomplete { handle, attempt, .. } if attempt.next() != Some(Factor::Email) => {
                    Ok(LoginResult::MfaRequired(MfaRequired::of(temporary_token(&handle))))
                }
                SignInOutcome::Incomplete { handle, .. } => {
                    let token = temporary_token(&handle).expose().into();
                    Err(Rejection::from(EMAIL_NOT_VERIFIED).with_details(unverified_details(token)))
                }
            }
        })
        .await?;
    let message = match signed_in {
        LoginResult::SignedIn(_) => "Login successful",
        LoginResult::MfaRequired(_) => MFA_REQUIRED,
    };
    Ok(ok(signed_in, message))
}

/// Refresh the tokens
///
/// A refresh token is valid once, and the response has the next one. Reuse ends the sign-in. The response has no
/// envelope.
#[utoipa::path(
    post, path = "/api/v1/auth/refresh", operation_id = "rivergen_refresh", tag = "rivergen",
    security(()),
    request_body = RefreshRequest,
    responses(
        (status = 200, description = "New tokens.", body = Tokens),
        Fails<(INVALID_REFRESH_TOKEN, RateLimited)>,
    ),
)]
pub(super) async fn refresh(call: Call, payload: Payload) -> HandlerResult {
    let (body, access_ttl) = (call.body(payload).await?, call.services().rivergen.access_ttl);
    let tokens = call
        .run(Lane::Database, move |core, sender| {
            let request = body.read(RefreshRequest::read)?;
            Ok(request.into_use_case(access_ttl, sender.context).execute(core)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Tokens::of_set(&tokens)))
}

/// Sign out
///
/// Ends the sign-in of the token. All its access and refresh tokens become invalid at once.
#[utoipa::path(
    post, path = "/api/v1/auth/logout", operation_id = "rivergen_logout", tag = "rivergen",
    security(("bearer" = [])),
    responses((status = 204, description = "The sign-in has ended.")),
)]
pub(super) async fn logout(call: Call) -> HandlerResult {
    call.run(Lane::Database, |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(SignOut::Own(caller.principal).execute(core, &sender.context)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sign out everywhere
///
/// Ends all sign-ins of the account, the caller's own too. Remembered devices are forgotten.
#[utoipa::path(
    post, path = "/api/v1/auth/logout-all", operation_id = "rivergen_logout_all", tag = "rivergen",
    security(("bearer" = [])),
    responses((status = 204, description = "The sign-ins have ended.")),
)]
pub(super) async fn logout_all(call: Call) -> HandlerResult {
    call.run(Lane::Database, |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(EndAllSignIns { context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
