//! What goes over the wire, and how it becomes and comes of what the use cases know.
//!
//! Ids are JSON integers; instants are RFC 3339 in UTC, with milliseconds and `Z`.

mod account;
mod email;
mod passwords;
mod profile;
mod proof;
mod sign_in;
mod sign_up;

use actix_web::{HttpResponse, http::StatusCode};
use chrono::SecondsFormat;
use selfsame_application::Policy;
use selfsame_domain::{Instant, Picture, User};
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use self::{
    account::CurrentUser,
    email::{EmailChangeData, EmailRequestData, RequestEmailRequest, VerifyEmailChangeRequest},
    passwords::{ChangePasswordRequest, ForgotPasswordRequest, ResetPasswordRequest},
    profile::{ProfileData, UpdateProfileRequest},
    proof::{ResendData, ResendOtpRequest, VerifiedData, VerifyEmailRequest, VerifyOtpRequest},
    sign_in::{LoginData, LoginRequest, RefreshRequest, RefreshedTokens},
    sign_up::{SignupData, SignupRequest, temporary_token},
};

/// What every success with a body answers, but for `/refresh`.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Success)]
#[expect(clippy::struct_field_names, reason = "the names are the contract's")]
pub(super) struct Success<T> {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// The answer.
    data: T,
    /// For people.
    #[schema(example = "Profile updated successfully")]
    message: &'static str,
}

/// Where the text of the envelope is all there is to say, or is said again.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::MessageData)]
pub(super) struct MessageData {
    /// The envelope's `message`.
    #[schema(example = "Password changed successfully")]
    message: &'static str,
}

/// 200 with an envelope.
pub(super) fn ok(data: impl Serialize, message: &'static str) -> HttpResponse {
    success(StatusCode::OK, data, message)
}

/// 200 with an envelope that says no more than `message`.
pub(super) fn said(message: &'static str) -> HttpResponse {
    ok(MessageData { message }, message)
}

/// 201 with an envelope.
pub(super) fn created(data: impl Serialize, message: &'static str) -> HttpResponse {
    success(StatusCode::CREATED, data, message)
}

fn success(status: StatusCode, data: impl Serialize, message: &'static str) -> HttpResponse {
    HttpResponse::build(status).json(Success { success: true, data, message })
}

fn timestamp(instant: Instant) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn image_url(user: &User, policy: &Policy) -> Option<String> {
    user.picture.as_ref().map(|picture| match picture {
        Picture::Stored(name) => policy.avatar_url(name),
        Picture::Link(url) => url.clone(),
    })
}

fn primary_email(user: &User) -> Option<String> {
    user.primary_email().map(|email| email.value.clone())
}

fn has_verified_email(user: &User) -> bool {
    user.primary_email().is_some_and(selfsame_domain::Identifier::is_verified)
}
