//! The user object: one shape for `GET /me`, for the writes of `/me`, and inside each sign-in (README, User).
//! Ids are decimal strings, instants RFC 3339 in UTC with milliseconds.

use selfsame_application::Policy;
use selfsame_domain::{self as domain, Identifier, IdentifierKind, PhoneNumber, Picture, SecondFactorPolicy, Username};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::time::timestamp;

/// A user. An unset text is empty.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::User)]
#[expect(clippy::struct_excessive_bools, clippy::struct_field_names, reason = "the contract's shape")]
pub(super) struct User {
    #[schema(format = "uint64", example = "123456789012345678")]
    id: String,
    #[schema(example = "John")]
    first_name: String,
    #[schema(example = "Doe")]
    last_name: String,
    #[schema(example = "johndoe")]
    username: String,
    #[schema(required, format = "email", example = "john@example.com")]
    email: Option<String>,
    /// In E.164.
    #[schema(required, example = "+1234567890")]
    phone_number: Option<String>,
    /// An absolute URL; empty if there is no picture.
    #[schema(example = "https://cdn.wacht.dev/avatars/123.jpg")]
    profile_picture_url: String,
    /// The same as `profile_picture_url`.
    #[schema(example = "https://cdn.wacht.dev/avatars/123.jpg")]
    image_url: String,
    #[schema(example = true)]
    has_profile_picture: bool,
    #[schema(format = "date-time", example = "2023-11-07T05:31:56.000Z")]
    created_at: String,
    #[schema(format = "date-time", example = "2023-11-07T05:31:56.000Z")]
    updated_at: String,
    #[schema(required, format = "uint64", example = "123456789012345678")]
    primary_email_address_id: Option<String>,
    #[schema(required, format = "uint64", example = "987654321098765432")]
    primary_phone_number_id: Option<String>,
    #[schema(required)]
    primary_email_address: Option<Email>,
    #[schema(required)]
    primary_phone_number: Option<Phone>,
    user_email_addresses: Vec<Email>,
    user_phone_numbers: Vec<Phone>,
    /// Always empty: there are no social connections.
    #[schema(value_type = Vec<Object>)]
    social_connections: [Value; 0],
    /// The choice of the user. It takes effect when a second factor is enrolled.
    second_factor_policy: PolicyValue,
    /// Whether a second factor is enrolled.
    two_factor_enabled: bool,
    /// The enrolled authenticator; `null` if there is none.
    #[schema(required)]
    user_authenticator: Option<UserAuthenticator>,
    backup_codes_generated: bool,
    #[schema(example = true)]
    has_password: bool,
    has_passkeys: bool,
    #[schema(example = true)]
    email_verified: bool,
    phone_verified: bool,
    disabled: bool,
    #[schema(example = "available")]
    availability: &'static str,
    #[schema(value_type = Object)]
    public_metadata: Map<String, Value>,
    #[schema(value_type = Vec<Object>)]
    segments: [Value; 0],
    /// Changes with every change of the account. A write that has it is refused when the account was changed in between.
    #[schema(format = "uint64", example = "7")]
    selfsame_version: String,
}

/// An enrolled authenticator. An account has at most one, so it has the id of the user.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::UserAuthenticator)]
struct UserAuthenticator {
    #[schema(format = "uint64", example = "123456789012345678")]
    id: String,
}

/// Whether a second factor is required. `optional` is accepted as `none` and never returned.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = wacht::SecondFactorPolicy)]
#[serde(rename_all = "snake_case")]
pub(super) enum PolicyValue {
    None,
    Optional,
    Enforced,
}

/// An e-mail address of a user.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::EmailAddress)]
#[expect(clippy::struct_field_names, reason = "the contract's shape")]
pub(super) struct Email {
    #[schema(format = "uint64", example = "123456789012345678")]
    id: String,
    #[schema(format = "email", example = "john@example.com")]
    email: String,
    #[schema(example = true)]
    is_primary: bool,
    #[schema(example = true)]
    verified: bool,
    #[schema(required, format = "date-time", example = "2023-11-07T05:31:56.000Z")]
    verified_at: Option<String>,
    /// The method of verification: `otp`, a mailed code.
    #[schema(example = "otp")]
    verification_strategy: &'static str,
}

/// A phone number of a user.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::PhoneNumber)]
#[expect(clippy::struct_field_names, reason = "the contract's shape")]
pub(super) struct Phone {
    #[schema(format = "uint64", example = "987654321098765432")]
    id: String,
    /// In E.164.
    #[schema(example = "+1234567890")]
    phone_number: String,
    /// Its dialling code.
    #[schema(example = "+1")]
    country_code: String,
    verified: bool,
    #[schema(required, format = "date-time")]
    verified_at: Option<String>,
}

impl User {
    /// The wire format of an account.
    pub(super) fn of(user: &domain::User, policy: &Policy) -> Self {
        let user = &*policy.fields.shown(user);
        let (email, phone) = (user.primary_email(), user.primary_phone());
        let picture = user.picture.as_ref().map_or_else(String::new, |picture| picture_url(picture, policy));
        Self {
            id: user.id.to_string(),
            first_name: user.given_name.clone().unwrap_or_default(),
            last_name: user.family_name.clone().unwrap_or_default(),
            username: user.preferred_username.as_ref().map(Username::as_str).unwrap_or_default().to_owned(),
            email: email.map(|email| email.value.clone()),
            phone_number: phone.map(|phone| phone.value.clone()),
            has_profile_picture: !picture.is_empty(),
            image_url: picture.clone(),
            profile_picture_url: picture,
            created_at: timestamp(user.created_at),
            updated_at: timestamp(user.updated_at),
            primary_email_address_id: email.map(|email| email.id.to_string()),
            primary_phone_number_id: phone.map(|phone| phone.id.to_string()),
            primary_email_address: email.map(Email::of),
            primary_phone_number: phone.map(Phone::of),
            user_email_addresses: user.identifiers_of(IdentifierKind::Email).map(Email::of).collect(),
            user_phone_numbers: user.identifiers_of(IdentifierKind::Phone).map(Phone::of).collect(),
            social_connections: [],
            second_factor_policy: user.second_factor_policy.into(),
            two_factor_enabled: user.has_second_factor(),
            user_authenticator: user.has_totp().then(|| UserAuthenticator { id: user.id.to_string() }),
            backup_codes_generated: user.has_backup_codes(),
            has_password: user.has_password(),
            has_passkeys: user.has_passkey(),
            email_verified: email.is_some_and(Identifier::is_verified),
            phone_verified: phone.is_some_and(Identifier::is_verified),
            disabled: user.is_disabled(),
            availability: "available",
            public_metadata: Map::new(),
            segments: [],
            selfsame_version: user.version.to_string(),
        }
    }
}

impl Email {
    pub(super) fn of(email: &Identifier) -> Self {
        Self {
            id: email.id.to_string(),
            email: email.value.clone(),
            is_primary: email.is_primary,
            verified: email.is_verified(),
            verified_at: email.verified_at.map(timestamp),
            verification_strategy: "otp",
        }
    }
}

impl Phone {
    pub(super) fn of(phone: &Identifier) -> Self {
        Self {
            id: phone.id.to_string(),
            phone_number: phone.value.clone(),
            country_code: PhoneNumber::dialling_code(&phone.value),
            verified: phone.is_verified(),
            verified_at: phone.verified_at.map(timestamp),
        }
    }
}

impl From<SecondFactorPolicy> for PolicyValue {
    fn from(policy: SecondFactorPolicy) -> Self {
        match policy {
            SecondFactorPolicy::None => Self::None,
            SecondFactorPolicy::Enforced => Self::Enforced,
        }
    }
}

impl From<PolicyValue> for SecondFactorPolicy {
    fn from(value: PolicyValue) -> Self {
        match value {
            PolicyValue::None | PolicyValue::Optional => Self::None,
            PolicyValue::Enforced => Self::Enforced,
        }
    }
}

/// The absolute URL of a picture, because the pages may be on another host.
fn picture_url(picture: &Picture, policy: &Policy) -> String {
    match picture {
        Picture::Stored(name) => policy.avatar_url(name),
        Picture::Link(url) => url.clone(),
    }
}
