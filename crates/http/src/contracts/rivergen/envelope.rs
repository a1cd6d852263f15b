//! The envelope of every success, and wire types of several resources.
//!
//! Ids are JSON integers; instants are RFC 3339 in UTC, with milliseconds and `Z`.

use actix_web::{HttpResponse, http::StatusCode};
use selfsame_application::attempts::{Access, SignedIn, TokenSet};
use selfsame_domain::User;
use serde::Serialize;
use utoipa::ToSchema;

/// The body of every success except `/refresh`.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Success)]
#[expect(clippy::struct_field_names, reason = "the names are the contract's")]
pub(super) struct Success<T> {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// The result.
    data: T,
    /// A sentence for people.
    #[schema(example = "Profile updated successfully")]
    message: &'static str,
}

/// The `data` of a success that has only a message.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::MessageData)]
pub(super) struct MessageData {
    /// The `message` of the envelope.
    #[schema(example = "Password changed successfully")]
    message: &'static str,
}

/// 200 with an envelope.
pub(super) fn ok(data: impl Serialize, message: &'static str) -> HttpResponse {
    success(StatusCode::OK, data, message)
}

/// 200 with only a message.
pub(super) fn message(message: &'static str) -> HttpResponse {
    ok(MessageData { message }, message)
}

/// 201 with an envelope.
pub(super) fn created(data: impl Serialize, message: &'static str) -> HttpResponse {
    success(StatusCode::CREATED, data, message)
}

fn success(status: StatusCode, data: impl Serialize, message: &'static str) -> HttpResponse {
    HttpResponse::build(status).json(Success { success: true, data, message })
}

/// The tokens of a sign-in.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Tokens)]
pub(super) struct Tokens {
    /// A signed token for `Authorization: Bearer`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    pub(super) access_token: String,
    /// Valid for one `/refresh`, which returns the next one.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    pub(super) refresh_token: String,
    #[schema(example = "bearer")]
    pub(super) token_type: &'static str,
    /// Lifetime of the access token, in seconds.
    #[schema(example = 3600)]
    pub(super) expires_in: u64,
}

impl Tokens {
    pub(super) fn of_set(set: &TokenSet) -> Self {
        Self {
            access_token: set.access_token.token.clone(),
            refresh_token: set.refresh_token.expose().to_owned(),
            token_type: "bearer",
            expires_in: set.access_token.expires_in.as_secs(),
        }
    }

    /// The tokens of a sign-in; `None` for that of a browser.
    pub(super) fn of(signed_in: &SignedIn) -> Option<Self> {
        match &signed_in.access {
            Access::Tokens(set) => Some(Self::of_set(set)),
            Access::Cookie(_) => None,
        }
    }
}

pub(super) fn primary_email(user: &User) -> Option<String> {
    user.primary_email().map(|email| email.value.clone())
}

pub(super) fn has_verified_email(user: &User) -> bool {
    user.primary_email().is_some_and(selfsame_domain::Identifier::is_verified)
}
