//! `POST /api/v1/me/password`: the change of the password.

use std::time::Duration;

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{
    Caller, Core,
    password::change::{ChangePassword, OwnSignIn, PasswordChanged},
};
use selfsame_domain::{Password, RequestContext};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails, ProfileApi,
    body::{Body, Echo},
    reasons::{self, STEP_UP_REQUIRED, WRONG_PASSWORD},
    validation::HttpValidationError,
};
use crate::{Lane, call::HandlerResult, document::RateLimited, rejection::Rejection};

/// The password is changed. A client that has a refresh token gets a new pair of tokens, because the earlier refresh
/// token is void.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = profile_api::PasswordChange)]
struct PasswordChange {
    #[schema(example = "Password changed. All other sign-ins have ended.")]
    message: &'static str,
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
    #[schema(nullable = false, example = 300)]
    expires_in: Option<u64>,
}

impl PasswordChange {
    fn of(changed: PasswordChanged) -> Self {
        let message = "Password changed. All other sign-ins have ended.";
        let Some(tokens) = changed.new_tokens else { return Self { message, ..Self::default() } };
        Self {
            message,
            refresh_token: Some(tokens.refresh_token.expose().to_owned()),
            token_type: Some("bearer"),
            expires_in: Some(tokens.access_token.expires_in.as_secs()),
            access_token: Some(tokens.access_token.token),
        }
    }
}

/// The current and the new password.
#[derive(ToSchema)]
#[schema(as = profile_api::ChangePasswordRequest)]
struct ChangePasswordRequest {
    #[schema(value_type = String, format = Password, example = "correct horse battery staple", min_length = 1)]
    current_password: Password,
    #[schema(value_type = String, format = Password, example = "seven gentle otters juggle pebbles", min_length = 15, max_length = 256)]
    new_password: Password,
}

impl ChangePasswordRequest {
    /// Reads the model from a body, as a use case.
    fn read(
        body: &Body,
        context: RequestContext,
        caller: &Caller,
        core: &Core,
    ) -> Result<ChangePassword, Rejection<ProfileApi>> {
        let mut fields = body.fields()?;
        let mut field = |name| Password::new(&fields.required(name));
        let request = Self { current_password: field("current_password"), new_password: field("new_password") };
        let access_ttl = core.policy.access_ttl;
        fields.finish(request.into_use_case(context, access_ttl), |change: &ChangePassword| {
            change.violations(core, &caller.user)
        })
    }

    fn into_use_case(self, context: RequestContext, access_ttl: Duration) -> ChangePassword {
        let Self { current_password, new_password } = self;
        ChangePassword { current_password, new_password, own_sign_in: OwnSignIn::GoesOn { access_ttl }, context }
    }
}

/// Change Password
///
/// Change the current user's password. This ends all other sign-ins, and notifies all verified addresses by mail.
#[utoipa::path(
    post, path = "/api/v1/me/password", operation_id = "profile_api_change_password", tag = "profile_api",
    security(("bearer" = [])),
    request_body = ChangePasswordRequest,
    responses(
        (status = 200, description = "Changed. A client with a refresh token must use the new pair.", body = PasswordChange),
        (status = 422, description = "The errors of the body. Every `input` is masked.", body = HttpValidationError),
        Fails<(WRONG_PASSWORD, STEP_UP_REQUIRED, RateLimited)>,
    ),
)]
pub(super) async fn change(call: Call, payload: Payload) -> HandlerResult {
    let raw = call.raw_body(payload, Echo::Masked).await?;
    let changed = call
        .run(Lane::Password, move |core, sender| {
            let body = raw.parse()?;
            let caller = sender.authenticate(core)?;
            let change = ChangePasswordRequest::read(&body, sender.context, &caller, core)?;
            let changed = change.execute(core, &caller);
            Ok(PasswordChange::of(changed.map_err(|error| reasons::of_password_change(error, &body))?))
        })
        .await?;
    Ok(HttpResponse::Ok().json(changed))
}
