//! `/me/update-password` and `/me/remove-password`.
//!
//! A request without credentials is refused before its body is received.

use actix_web::web::Payload;
use selfsame_application::{
    Caller, Core,
    password::{
        change::{ChangePassword, OwnSignIn, PasswordChanged},
        remove::RemovePassword,
    },
};
use selfsame_domain::{Password, RequestContext};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Body, Call, Fails, Wacht,
    envelope::Envelope,
    reasons::{INVALID_CREDENTIALS, NO_ALTERNATIVE, REQUIRED_FIELD, STEP_UP_REQUIRED},
    session_response::{CookieChange, SessionResponse},
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{RateLimited, TooNew},
    rejection::Rejection,
};

/// Input of `POST /me/update-password`.
#[derive(ToSchema)]
#[schema(as = wacht::PasswordForm)]
struct PasswordForm {
    /// Empty or absent if the account has no password yet.
    #[schema(value_type = Option<String>, format = Password, example = "correct horse battery staple")]
    current_password: Password,
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 256)]
    #[schema(example = "seven gentle otters juggle pebbles")]
    new_password: Password,
}

impl PasswordForm {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            current_password: Password::new(&members.optional_text("current_password").unwrap_or_default()),
            new_password: members.required_password("new_password"),
        }
    }

    fn into_use_case(self, own_sign_in: OwnSignIn, context: RequestContext) -> ChangePassword {
        let Self { current_password, new_password } = self;
        ChangePassword { current_password, new_password, own_sign_in, context }
    }
}

/// Input of `POST /me/remove-password`.
#[derive(ToSchema)]
#[schema(as = wacht::RemovePasswordForm)]
struct RemovePasswordForm {
    #[schema(value_type = String, format = Password, example = "correct horse battery staple", min_length = 1)]
    current_password: Password,
}

impl RemovePasswordForm {
    fn read(members: &mut Members<'_>) -> Self {
        Self { current_password: members.required_password("current_password") }
    }

    fn into_use_case(self, own_sign_in: OwnSignIn, context: RequestContext) -> RemovePassword {
        RemovePassword { current_password: self.current_password, own_sign_in, context }
    }
}

/// What was done. A client with a refresh token gets a new pair of tokens, because the earlier refresh token is void.
#[derive(Serialize, ToSchema)]
#[schema(as = wacht::PasswordChange)]
struct PasswordChange {
    #[schema(example = "The password was changed.")]
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: Option<String>,
}

impl PasswordChange {
    fn of(message: &'static str, changed: &PasswordChanged) -> Self {
        let tokens = changed.new_tokens.as_ref();
        Self {
            message,
            access_token: tokens.map(|tokens| tokens.access_token.token.clone()),
            refresh_token: tokens.map(|tokens| tokens.refresh_token.expose().to_owned()),
        }
    }
}

/// Change the password
///
/// Or set the first one, which needs a recent sign-in. Ends all other sign-ins, and notifies all verified addresses by mail.
#[utoipa::path(
    post, path = "/me/update-password", operation_id = "wacht_update_password", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    request_body(content(
        (PasswordForm = "multipart/form-data"),
        (PasswordForm = "application/x-www-form-urlencoded"),
        (PasswordForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The password was changed.", body = Envelope<PasswordChange>,
            headers(("Set-Cookie" = String, description = "The new session cookies; the earlier ones are void."))),
        Fails<(REQUIRED_FIELD, INVALID_CREDENTIALS, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn update(call: Call, payload: Payload) -> HandlerResult {
    change(&call, payload, "The password was changed.", |body, core, caller, own_sign_in, context| {
        let form = body.read(PasswordForm::read)?;
        Ok(form.into_use_case(own_sign_in, context).execute(core, caller)?)
    })
    .await
}

/// Remove the password
///
/// Needs a recent sign-in, and a passkey with which the user signs in from then on. Ends all other sign-ins, and notifies all
/// verified addresses by mail.
#[utoipa::path(
    post, path = "/me/remove-password", operation_id = "wacht_remove_password", tag = "wacht",
    security(("session_id" = []), ("bearer" = [])),
    request_body(content(
        (RemovePasswordForm = "multipart/form-data"),
        (RemovePasswordForm = "application/x-www-form-urlencoded"),
        (RemovePasswordForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The password was removed.", body = Envelope<PasswordChange>,
            headers(("Set-Cookie" = String, description = "The new session cookies; the earlier ones are void."))),
        Fails<(REQUIRED_FIELD, NO_ALTERNATIVE, INVALID_CREDENTIALS, STEP_UP_REQUIRED, TooNew, RateLimited)>,
    ),
)]
pub(super) async fn remove(call: Call, payload: Payload) -> HandlerResult {
    change(&call, payload, "The password was removed.", |body, core, caller, own_sign_in, context| {
        let form = body.read(RemovePasswordForm::read)?;
        Ok(form.into_use_case(own_sign_in, context).execute(core, caller)?)
    })
    .await
}

/// Runs a change of the password; the sign-in of the request goes on.
async fn change<F>(call: &Call, payload: Payload, message: &'static str, run: F) -> HandlerResult
where
    F: FnOnce(Body, &Core, &Caller, OwnSignIn, RequestContext) -> Result<PasswordChanged, Rejection<Wacht>>
        + Send
        + 'static,
{
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let (changed, session) = call
        .run(Lane::Password, |core, sender| {
            let caller = sender.authenticate(core)?;
            let own_sign_in = OwnSignIn::GoesOn { access_ttl: core.policy.access_ttl };
            let changed = run(body?, core, &caller, own_sign_in, sender.context)?;
            Ok((changed, SessionResponse::of(&caller)))
        })
        .await?;
    let data = PasswordChange::of(message, &changed);
    let cookie = changed.new_cookie.map_or(CookieChange::Keep, CookieChange::Set);
    call.respond_with_data(data, SessionResponse { cookie, ..session })
}
