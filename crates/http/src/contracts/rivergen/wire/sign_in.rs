//! `POST /login` and `/refresh` (rivergen.md section A7).

use std::time::Duration;

use selfsame_application::{
    attempts::{Access, Holder, SignedIn, TokenSet},
    sessions::refresh::RefreshAccess,
    sign_in::with_password::{Identity, SignIn},
};
use selfsame_domain::{Password, RequestContext, User, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{has_verified_email, primary_email};
use crate::contracts::rivergen::members::{Body, Members};

/// E-mail address and password. `workspace_id` and `remember_me` are ignored: there are no workspaces, and how long a
/// sign-in lasts is the operator's to say.
#[derive(ToSchema)]
#[schema(as = rivergen::LoginRequest)]
pub(in super::super) struct LoginRequest {
    #[schema(example = "jane@example.com", format = Email)]
    email: String,
    #[schema(value_type = String, format = Password, example = "correct horse battery staple")]
    password: Password,
}

impl Body for LoginRequest {
    fn decode(members: &mut Members) -> Self {
        Self { email: members.required_text("email"), password: members.required_password("password") }
    }
}

impl LoginRequest {
    pub(in super::super) fn into_use_case(self, holder: Holder, context: RequestContext) -> SignIn {
        SignIn { identity: Identity::Email(self.email), password: self.password, holder, context }
    }
}

/// What a client holds after a sign-in.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Tokens)]
pub(super) struct Tokens {
    /// A signed token for `Authorization: Bearer`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    pub(super) access_token: String,
    /// Good for one `/refresh`, which answers with the next.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    pub(super) refresh_token: String,
    #[schema(example = "bearer")]
    pub(super) token_type: &'static str,
    /// Life of the access token, in seconds.
    #[schema(example = 3600)]
    pub(super) expires_in: u64,
}

impl Tokens {
    fn of_set(set: &TokenSet) -> Self {
        Self {
            access_token: set.access_token.token.clone(),
            refresh_token: set.refresh_token.expose().to_owned(),
            token_type: "bearer",
            expires_in: set.access_token.expires_in.as_secs(),
        }
    }

    /// Of a sign-in that was made for a client that keeps tokens; a browser's has none.
    pub(super) fn of(signed_in: &SignedIn) -> Option<Self> {
        match &signed_in.access {
            Access::Tokens(set) => Some(Self::of_set(set)),
            Access::Cookie(_) => None,
        }
    }
}

/// Signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::LoginData)]
pub(in super::super) struct LoginData {
    #[serde(flatten)]
    #[schema(value_type = Tokens)]
    tokens: Option<Tokens>,
    #[schema(example = 123)]
    user_id: i64,
    #[schema(example = "jane@example.com", required)]
    email: Option<String>,
    #[schema(example = "Jane Smith", required)]
    display_name: Option<String>,
    #[schema(example = true)]
    is_verified: bool,
}

impl LoginData {
    pub(in super::super) fn of(signed_in: SignedIn) -> Self {
        let tokens = Tokens::of(&signed_in);
        let user: User = signed_in.user;
        Self {
            tokens,
            user_id: user.id.number(),
            email: primary_email(&user),
            is_verified: has_verified_email(&user),
            display_name: user.name,
        }
    }
}

/// The refresh token in force.
#[derive(ToSchema)]
#[schema(as = rivergen::RefreshRequest)]
pub(in super::super) struct RefreshRequest {
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: String,
}

impl Body for RefreshRequest {
    fn decode(members: &mut Members) -> Self {
        Self { refresh_token: members.required_text("refresh_token") }
    }
}

impl RefreshRequest {
    pub(in super::super) fn into_use_case(self, access_ttl: Duration, context: RequestContext) -> RefreshAccess {
        RefreshAccess { refresh_token: self.refresh_token, access_ttl, context }
    }
}

/// New tokens, without an envelope.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::RefreshedTokens)]
#[serde(transparent)]
pub(in super::super) struct RefreshedTokens(Tokens);

impl RefreshedTokens {
    pub(in super::super) fn of(set: &TokenSet) -> Self {
        Self(Tokens::of_set(set))
    }
}
