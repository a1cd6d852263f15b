//! The five operations: decode, run, encode. A stranger learns of broken JSON first, then that they are one; only then are
//! the fields looked at.

use actix_web::{
    Error, HttpRequest, HttpResponse,
    http::header::{ALLOW, HeaderValue, LOCATION},
    web::{Json, Payload},
};
use selfsame_application::{
    identifiers::request_verification::RequestEmailVerification, identifiers::verify::VerifyEmail,
};

use super::{
    body::Echo,
    call::Call,
    rejection::{Detail, Rejection, Unauthorized},
    validation::HttpValidationError,
    wire::{
        ChangePasswordRequest, ConfirmEmailRequest, EmailConfirmation, Message, PasswordChange, Profile,
        UpdateProfileRequest,
    },
};
use crate::{
    Failure, Lane,
    errors::document::{Always, Limited, Unreadable, WithBody},
};

/// Get Profile
///
/// Get current user's profile.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    operation_id = "profile_api_get_profile",
    tag = "profile_api",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The profile.", body = Profile),
        Unauthorized,
        Always<Detail>,
    )
)]
pub(super) async fn get_profile(call: Call) -> Result<Json<Profile>, Error> {
    call.run(Lane::Database, |core, asker| {
        let caller = asker.authenticate(core)?;
        Ok(Profile::new(&caller.user, &core.policy))
    })
    .await
}

/// Update Profile
///
/// Update current user's profile. All fields or none.
#[utoipa::path(
    patch,
    path = "/api/v1/me",
    operation_id = "profile_api_update_profile",
    tag = "profile_api",
    security(("bearer" = [])),
    request_body = UpdateProfileRequest,
    responses(
        (status = 200, description = "The profile as it is now.", body = Profile),
        Unreadable<Detail>,
        WithBody<Detail>,
        Unauthorized,
        (status = 422, description = "What is wrong with the body.", body = HttpValidationError),
        Limited<Detail>,
        Always<Detail>,
    )
)]
pub(super) async fn update_profile(call: Call, payload: Payload) -> Result<Json<Profile>, Error> {
    let body = call.body(payload, Echo::AsSent).await?;
    call.run(Lane::Database, move |core, asker| {
        let caller = asker.authenticate(core)?;
        let question = UpdateProfileRequest::read(&body, asker.context, &caller, core)?;
        let updated = question.execute(core, &caller).map_err(|error| Rejection::of_update(error, &body))?;
        Ok(Profile::new(&updated.user, &core.policy))
    })
    .await
}

/// Change Password
///
/// Change the current user's password. Every other sign-in ends; every verified address is told.
#[utoipa::path(
    post,
    path = "/api/v1/me/password",
    operation_id = "profile_api_change_password",
    tag = "profile_api",
    security(("bearer" = [])),
    request_body = ChangePasswordRequest,
    responses(
        (status = 200, description = "Changed. A client that has a refresh token goes on with the new pair.", body = PasswordChange),
        (status = 400, description = "The current password is another one.", body = Detail,
            example = json!(Detail::new("Current password is incorrect"))),
        WithBody<Detail>,
        Unauthorized,
        (status = 422, description = "What is wrong with the body. Every `input` is masked.", body = HttpValidationError),
        Limited<Detail>,
        Always<Detail>,
    )
)]
pub(super) async fn change_password(call: Call, payload: Payload) -> Result<Json<PasswordChange>, Error> {
    let body = call.body(payload, Echo::Masked).await?;
    call.run(Lane::Password, move |core, asker| {
        let caller = asker.authenticate(core)?;
        let question = ChangePasswordRequest::read(&body, asker.context, &caller, core)?;
        let changed = question.execute(core, &caller).map_err(|error| Rejection::of_password_change(error, &body))?;
        Ok(PasswordChange::of(changed))
    })
    .await
}

/// Request Email Verification
///
/// Request email verification (sends verification email): a link and a code. A body is not read.
#[utoipa::path(
    post,
    path = "/api/v1/me/verify-email",
    operation_id = "profile_api_request_email_verification",
    tag = "profile_api",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Sent, or there was nothing to verify.", body = Message),
        (status = 400, description = "The account has no email address.", body = Detail,
            example = json!(Detail::new("The account has no email address"))),
        Unauthorized,
        Limited<Detail>,
        Always<Detail>,
    )
)]
pub(super) async fn request_email_verification(call: Call) -> Result<Json<Message>, Error> {
    call.run(Lane::Database, |core, asker| {
        let caller = asker.authenticate(core)?;
        Ok(RequestEmailVerification { context: asker.context }.execute(core, &caller)?.into())
    })
    .await
}

/// Confirm Email
///
/// Confirm the email address by what the mail brought: the token of its link, from anybody, or its code, from the
/// account's owner.
#[utoipa::path(
    post,
    path = "/api/v1/me/verify-email/confirm",
    operation_id = "profile_api_confirm_email",
    tag = "profile_api",
    security((), ("bearer" = [])),
    request_body = ConfirmEmailRequest,
    responses(
        (status = 200, description = "The address is verified.", body = EmailConfirmation),
        (status = 400, description = "The token or code is wrong or was used.", body = Detail,
            example = json!(Detail::new("Invalid token or code"))),
        WithBody<Detail>,
        Unauthorized,
        (status = 410, description = "The token or code has expired.", body = Detail,
            example = json!(Detail::new("The token or code has expired"))),
        (status = 422, description = "What is wrong with the body. Every `input` is masked.", body = HttpValidationError),
        Limited<Detail>,
        Always<Detail>,
    )
)]
pub(super) async fn confirm_email(call: Call, payload: Payload) -> Result<Json<EmailConfirmation>, Error> {
    let body = call.body(payload, Echo::Masked).await?;
    call.run(Lane::Database, move |core, asker| {
        let caller = ConfirmEmailRequest::needs_caller(&body).then(|| asker.authenticate(core)).transpose()?;
        let proof = ConfirmEmailRequest::read(&body, caller, asker.cookie)?;
        let verified = VerifyEmail { proof, sign_in: None, context: asker.context }.execute(core)?;
        Ok(EmailConfirmation::of(&verified))
    })
    .await
}

/// 405 for every method but those routed. `allowed` names only the path's first one, as the model's router does.
pub(super) fn not_allowed(request: &HttpRequest, allowed: &'static str) -> HttpResponse {
    let mut response = Failure::MethodNotAllowed.respond(request);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// The same path without its trailing slash, for any method.
pub(super) fn without_slash(request: &HttpRequest) -> HttpResponse {
    let path = request.path().trim_end_matches('/');
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, format!("{path}{query}"))).finish()
}
