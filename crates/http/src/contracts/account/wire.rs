//! The account on the wire, and the merge patch that changes it (RFC 7396), in OpenID Connect's words.

use chrono::SecondsFormat;
use selfsame_application::{
    Policy,
    profile::update::{NewPicture, UpdateProfile},
};
use selfsame_domain::{
    Attributes, Change, DataUri, Identifier, Instant, Picture, ProfilePatch, RequestContext, SecondFactorPolicy, User,
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::rejection::{MemberError, Rejection};
use crate::Lane;

/// Most errors that one answer lists: a body may hold any number of unknown members.
const MAX_ERRORS: usize = 100;

/// The account as its owner sees it. What is unset is `null`. Times are RFC 3339, `updated_at` too.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = account::Account)]
pub(super) struct Account {
    /// The account, as in the access tokens' `sub`.
    #[schema(example = "445301278613501")]
    sub: String,
    #[schema(required, example = "ada@example.com")]
    email: Option<String>,
    #[schema(example = true)]
    email_verified: bool,
    #[schema(required, example = "ada")]
    preferred_username: Option<String>,
    #[schema(required, example = "Ada")]
    given_name: Option<String>,
    #[schema(required, example = "Lovelace")]
    family_name: Option<String>,
    #[schema(required, example = "Ada Lovelace")]
    name: Option<String>,
    /// E.164.
    #[schema(required, example = "+31612345678")]
    phone_number: Option<String>,
    phone_number_verified: bool,
    /// BCP 47.
    #[schema(required, example = "en-GB")]
    locale: Option<String>,
    /// IANA.
    #[schema(required, example = "Europe/London")]
    zoneinfo: Option<String>,
    #[schema(required, example = "https://id.example.com/avatars/9f86d081.webp")]
    picture: Option<String>,
    #[schema(value_type = Object, example = json!({"theme": "dark"}))]
    attributes: Map<String, Value>,
    #[schema(example = "none")]
    second_factor_policy: &'static str,
    second_factor_enrolled: bool,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    updated_at: String,
}

impl Account {
    pub(super) fn new(user: &User, attributes: Attributes, policy: &Policy) -> Self {
        let (email, phone) = (user.primary_email(), user.primary_phone());
        Self {
            sub: user.id.to_string(),
            email: email.map(|email| email.value.clone()),
            email_verified: email.is_some_and(Identifier::is_verified),
            preferred_username: user.preferred_username.as_ref().map(|username| username.as_str().to_owned()),
            given_name: user.given_name.clone(),
            family_name: user.family_name.clone(),
            name: user.name.clone(),
            phone_number: phone.map(|phone| phone.value.clone()),
            phone_number_verified: phone.is_some_and(Identifier::is_verified),
            locale: user.locale.clone(),
            zoneinfo: user.zoneinfo.clone(),
            picture: user.picture.as_ref().map(|picture| match picture {
                Picture::Stored(name) => policy.avatar_url(name),
                Picture::Link(url) => url.clone(),
            }),
            attributes: attributes.0,
            second_factor_policy: user.second_factor_policy.as_str(),
            second_factor_enrolled: user.has_second_factor(),
            created_at: timestamp(user.created_at),
            updated_at: timestamp(user.updated_at),
        }
    }
}

fn timestamp(instant: Instant) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Members that are absent stay as they are, `null` clears, any other member is refused.
#[derive(Default, ToSchema)]
#[schema(as = account::AccountPatch)]
pub(super) struct AccountPatch {
    #[schema(value_type = Option<String>, required = false, example = "Ada")]
    given_name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Lovelace")]
    family_name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Ada Lovelace")]
    name: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "ada")]
    preferred_username: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "en-GB")]
    locale: Change<String>,
    #[schema(value_type = Option<String>, required = false, example = "Europe/London")]
    zoneinfo: Change<String>,
    /// An international number. Another number than before is unverified.
    #[schema(value_type = Option<String>, required = false, example = "+31 6 12345678")]
    phone_number: Change<String>,
    /// An https URL, which is never fetched, or a `data:` URI in base64, which is stored.
    #[schema(value_type = Option<String>, required = false, example = "https://example.com/ada.jpg")]
    picture: Change<String>,
    /// Merged into the stored attributes; a `null` inside removes a member.
    #[schema(value_type = Object, required = false, example = json!({"theme": "dark", "beta": null}))]
    attributes: Option<Attributes>,
    /// `none` or `enforced`.
    #[schema(value_type = String, required = false, example = "none")]
    second_factor_policy: Option<SecondFactorPolicy>,
}

impl AccountPatch {
    /// Reads a body, or says all that is wrong with its members (R63).
    pub(super) fn read(body: Value) -> Result<Self, Rejection> {
        let Value::Object(members) = body else { return Err(Rejection::not_an_object()) };
        let mut patch = Self::default();
        let wrong = members.into_iter().filter_map(|(name, value)| patch.set(&name, value).err());
        let wrong: Vec<_> = wrong.take(MAX_ERRORS).collect();
        if wrong.is_empty() { Ok(patch) } else { Err(Rejection::Invalid(wrong)) }
    }

    fn set(&mut self, name: &str, value: Value) -> Result<(), MemberError> {
        match name {
            "given_name" => self.given_name = text(name, value)?,
            "family_name" => self.family_name = text(name, value)?,
            "name" => self.name = text(name, value)?,
            "preferred_username" => self.preferred_username = text(name, value)?,
            "locale" => self.locale = text(name, value)?,
            "zoneinfo" => self.zoneinfo = text(name, value)?,
            "phone_number" => self.phone_number = text(name, value)?,
            "picture" => self.picture = text(name, value)?,
            "attributes" => self.attributes = Some(attributes(name, &value)?),
            "second_factor_policy" => self.second_factor_policy = Some(second_factor_policy(name, &value)?),
            unknown => return Err(MemberError::new(unknown, "unknown_member", "is not a member that can be changed")),
        }
        Ok(())
    }

    /// Where the change is best made.
    pub(super) fn lane(&self) -> Lane {
        match &self.picture {
            Change::Set(uri) if DataUri::is(uri) => Lane::Picture,
            _ => Lane::Database,
        }
    }

    pub(super) fn into_question(self, expected_version: Option<i64>, context: RequestContext) -> UpdateProfile {
        let patch = ProfilePatch {
            given_name: self.given_name,
            family_name: self.family_name,
            name: self.name,
            preferred_username: self.preferred_username,
            locale: self.locale,
            zoneinfo: self.zoneinfo,
            phone_number: self.phone_number,
            attributes: self.attributes,
            second_factor_policy: self.second_factor_policy,
            ..ProfilePatch::default()
        };
        UpdateProfile { patch, picture: self.picture.map(NewPicture::Uri), expected_version, context }
    }
}

fn text(name: &str, value: Value) -> Result<Change<String>, MemberError> {
    match value {
        Value::Null => Ok(Change::Clear),
        Value::String(text) => Ok(Change::Set(text)),
        _ => Err(MemberError::new(name, "type", "must be a string or null")),
    }
}

fn attributes(name: &str, value: &Value) -> Result<Attributes, MemberError> {
    if !value.is_object() {
        return Err(MemberError::new(name, "type", "must be an object"));
    }
    Attributes::parse(&value.to_string()).map_err(|rule| MemberError::of_rule(name, &rule))
}

fn second_factor_policy(name: &str, value: &Value) -> Result<SecondFactorPolicy, MemberError> {
    [SecondFactorPolicy::None, SecondFactorPolicy::Enforced]
        .into_iter()
        .find(|policy| value == policy.as_str())
        .ok_or_else(|| MemberError::new(name, "type", "must be none or enforced"))
}
