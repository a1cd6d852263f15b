//! What goes over the wire, and what it means: the contract's own words stop here.

use std::time::Duration;

use chrono::SecondsFormat;
use selfsame_application::{
    Caller, Core, Policy,
    identifiers::{
        request_verification::EmailVerificationRequest,
        verify::{EmailProof, EmailVerified},
    },
    password::change::{ChangePassword, OwnSignIn, PasswordChanged},
    profile::update::UpdateProfile,
};
use selfsame_domain::{
    Change, Identifier, Instant, OpaqueToken, Password, Picture, ProfilePatch, RequestContext, User, Violations,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{body::Body, rejection::Rejection, validation::ValidationError};

/// The account as its owner sees it. What is unset is `null`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Profile)]
pub(super) struct Profile {
    #[schema(example = "445301278613501")]
    id: String,
    #[schema(required, example = "ada@example.com")]
    email: Option<String>,
    #[schema(example = true)]
    email_verified: bool,
    #[schema(required, example = "ada")]
    username: Option<String>,
    #[schema(required, example = "Ada")]
    first_name: Option<String>,
    #[schema(required, example = "Lovelace")]
    last_name: Option<String>,
    #[schema(required, example = "Ada Lovelace")]
    display_name: Option<String>,
    /// E.164.
    #[schema(required, example = "+31612345678")]
    phone: Option<String>,
    phone_verified: bool,
    /// BCP 47.
    #[schema(required, example = "en-GB")]
    locale: Option<String>,
    /// IANA.
    #[schema(required, example = "Europe/London")]
    timezone: Option<String>,
    #[schema(required, example = "https://id.example.com/avatars/9f86d081.webp")]
    picture: Option<String>,
    mfa_enabled: bool,
    status: Status,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    updated_at: String,
}

/// Whether the account may be used.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Status)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Active,
    Suspended,
}

impl Profile {
    pub(super) fn new(user: &User, policy: &Policy) -> Self {
        let (email, phone) = (user.primary_email(), user.primary_phone());
        Self {
            id: user.id.to_string(),
            email: email.map(|email| email.value.clone()),
            email_verified: email.is_some_and(Identifier::is_verified),
            username: user.preferred_username.as_ref().map(|username| username.as_str().to_owned()),
            first_name: user.given_name.clone(),
            last_name: user.family_name.clone(),
            display_name: user.name.clone(),
            phone: phone.map(|phone| phone.value.clone()),
            phone_verified: phone.is_some_and(Identifier::is_verified),
            locale: user.locale.clone(),
            timezone: user.zoneinfo.clone(),
            picture: user.picture.as_ref().map(|picture| match picture {
                Picture::Stored(name) => policy.avatar_url(name),
                Picture::Link(url) => url.clone(),
            }),
            mfa_enabled: user.has_second_factor(),
            status: if user.is_disabled() { Status::Suspended } else { Status::Active },
            created_at: timestamp(user.created_at),
            updated_at: timestamp(user.updated_at),
        }
    }
}

fn timestamp(instant: Instant) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// It is done; the sentence is for people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::Message)]
pub(super) struct Message {
    #[schema(example = "Verification email sent.")]
    message: &'static str,
}

/// The password is changed. A client that has a refresh token gets another pair of tokens: the earlier refresh token is of no
/// use any more.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = profile_api::PasswordChange)]
pub(super) struct PasswordChange {
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
    /// Life of the access token, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 300)]
    expires_in: Option<u64>,
}

impl PasswordChange {
    pub(super) fn of(changed: PasswordChanged) -> Self {
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

/// The address is proven.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = profile_api::EmailConfirmation)]
pub(super) struct EmailConfirmation {
    #[schema(example = "Email address verified.")]
    message: &'static str,
    /// For `/api/v1/auth/reset-password`: after a link that was followed elsewhere than where it was asked for, the password is
    /// the owner's to set, whoever chose the one from before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    set_password_token: Option<String>,
}

impl EmailConfirmation {
    pub(super) fn of(verified: &EmailVerified) -> Self {
        let set_password_token = verified.set_password.as_ref().map(|token| token.expose().to_owned());
        Self { message: "Email address verified.", set_password_token }
    }
}

impl From<EmailVerificationRequest> for Message {
    fn from(request: EmailVerificationRequest) -> Self {
        let message = match request {
            EmailVerificationRequest::Sent => "Verification email sent.",
            EmailVerificationRequest::AlreadyVerified => "Email address is already verified.",
        };
        Self { message }
    }
}

/// Fields that are absent stay as they are; `null` and the empty string clear. Other fields are ignored.
#[derive(Debug, ToSchema)]
#[schema(as = profile_api::UpdateProfileRequest)]
pub(super) struct UpdateProfileRequest {
    #[schema(value_type = Option<String>, required = false, example = "Ada")]
    first_name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Lovelace")]
    last_name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Ada Lovelace")]
    display_name: Change<String>,
    /// An international number. Another number than before is unverified.
    #[schema(value_type = Option<String>, required = false, example = "+31 6 12345678")]
    phone: Change<String>,
    /// A BCP 47 language tag.
    #[schema(value_type = Option<String>, required = false, example = "en-GB")]
    locale: Change<String>,
    /// A name of the IANA time zone database.
    #[schema(value_type = Option<String>, required = false, example = "Europe/London")]
    timezone: Change<String>,
}

impl UpdateProfileRequest {
    /// Reads the model off a body, as the question that it asks.
    pub(super) fn read(
        body: &Body,
        context: RequestContext,
        caller: &Caller,
        core: &Core,
    ) -> Result<UpdateProfile, Rejection> {
        let mut fields = body.fields()?;
        let mut field = |name| fields.optional(name).empty_clears();
        let request = Self {
            first_name: field("first_name"),
            last_name: field("last_name"),
            display_name: field("display_name"),
            phone: field("phone"),
            locale: field("locale"),
            timezone: field("timezone"),
        };
        fields.finish(request.into_question(context), |question: &UpdateProfile| question.violations(core, caller))
    }

    fn into_question(self, context: RequestContext) -> UpdateProfile {
        let patch = ProfilePatch {
            given_name: self.first_name,
            family_name: self.last_name,
            name: self.display_name,
            phone_number: self.phone,
            locale: self.locale,
            zoneinfo: self.timezone,
            ..ProfilePatch::default()
        };
        UpdateProfile { patch, context, ..UpdateProfile::default() }
    }
}

/// The password in force, and the one to be.
#[derive(ToSchema)]
#[schema(as = profile_api::ChangePasswordRequest)]
pub(super) struct ChangePasswordRequest {
    #[schema(value_type = String, format = Password, example = "correct horse battery staple")]
    current_password: Password,
    #[schema(value_type = String, format = Password, example = "seven gentle otters juggle pebbles")]
    new_password: Password,
}

impl ChangePasswordRequest {
    /// Reads the model off a body, as the question that it asks.
    pub(super) fn read(
        body: &Body,
        context: RequestContext,
        caller: &Caller,
        core: &Core,
    ) -> Result<ChangePassword, Rejection> {
        let mut fields = body.fields()?;
        let mut field = |name| Password::new(&fields.required(name));
        let request = Self { current_password: field("current_password"), new_password: field("new_password") };
        let access_ttl = core.policy.access_ttl;
        fields.finish(request.into_question(context, access_ttl), |question: &ChangePassword| {
            question.violations(core, &caller.user)
        })
    }

    fn into_question(self, context: RequestContext, access_ttl: Duration) -> ChangePassword {
        let Self { current_password, new_password } = self;
        ChangePassword { current_password, new_password, own_sign_in: OwnSignIn::GoesOn { access_ttl }, context }
    }
}

/// What the mail brought: the token of its link, from anybody, or its code, from the account's owner. One of the two.
#[derive(ToSchema)]
#[schema(as = profile_api::ConfirmEmailRequest)]
pub(super) struct ConfirmEmailRequest {
    #[schema(value_type = Option<String>, required = false, example = "1kq0wX3vYk4o6JY3Yw2mJ9nS8hQe5Zt7Rb0uLc4dPfA")]
    token: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "481516")]
    code: Change<String>,
}

impl ConfirmEmailRequest {
    /// Whether a body names a code, which is good only from the account's owner. One that names a token too is good from
    /// nobody, whoever it is.
    pub(super) fn needs_caller(body: &Body) -> bool {
        body.has("code") && !body.has("token")
    }

    /// Reads the model off a body. `caller` is there if [`ConfirmEmailRequest::needs_caller`].
    pub(super) fn read(
        body: &Body,
        caller: Option<Caller>,
        cookie: Option<OpaqueToken>,
    ) -> Result<EmailProof, Rejection> {
        let mut fields = body.fields()?;
        let request = Self { token: fields.optional("token"), code: fields.optional("code") };
        let request = fields.finish(request, |_| Violations::default())?;
        match (request.token, request.code, caller) {
            (Change::Set(token), Change::Keep | Change::Clear, _) => Ok(EmailProof::Link { token, cookie }),
            (Change::Keep | Change::Clear, Change::Set(code), Some(caller)) => {
                Ok(EmailProof::Code { code, caller: Box::new(caller) })
            }
            _ => Err(ValidationError::value_error(None, body.input(None), "Exactly one of token and code is required")
                .into()),
        }
    }
}
