//! The body of a message, which `docs/webhooks.md` describes: what happened, and the account after it, without any secret and
//! without claims that are off.
//!
//! [`VERSION`] counts changes that a receiver would notice other than members that are new.

use selfsame_domain::{Actor, EventType, Identifier, IdentifierKind, Instant, User, Username, timestamp};
use serde::Serialize;

use super::announce::Announced;
use crate::{Fault, Policy};

/// The version of the bodies.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Body<'a, D> {
    r#type: &'a str,
    timestamp: String,
    version: u32,
    data: D,
}

/// The data of a test.
#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
struct Data<'a> {
    action: &'static str,
    actor: &'static str,
    sequence: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in_id: Option<String>,
    changed: &'a [String],
    user: Account<'a>,
}

/// Of an account that is gone, only who it was.
#[derive(Serialize)]
#[serde(untagged)]
enum Account<'a> {
    Gone { sub: String },
    There(Box<Claims<'a>>),
}

/// The claims of OpenID Connect Core 1.0 section 5.1, and the account's other addresses and numbers.
#[derive(Serialize)]
struct Claims<'a> {
    sub: String,
    preferred_username: Option<&'a str>,
    name: Option<&'a str>,
    given_name: Option<&'a str>,
    family_name: Option<&'a str>,
    picture: Option<String>,
    locale: Option<&'a str>,
    zoneinfo: Option<&'a str>,
    email: Option<&'a str>,
    email_verified: bool,
    phone_number: Option<&'a str>,
    phone_number_verified: bool,
    emails: Vec<Address<'a>>,
    phone_numbers: Vec<Address<'a>>,
    disabled: bool,
    deletion_at: Option<String>,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
struct Address<'a> {
    value: &'a str,
    verified: bool,
    primary: bool,
}

/// The body of the message about an event, as JSON.
pub(super) fn body(policy: &Policy, event: EventType, announced: &Announced) -> Result<String, Fault> {
    let Announced { announcement, user } = announced;
    let shown = policy.fields.shown(user);
    let account = match event {
        EventType::UserDeleted => Account::Gone { sub: user.id.to_string() },
        _ => Account::There(Box::new(claims(policy, &shown))),
    };
    json(&Body {
        r#type: event.as_str(),
        timestamp: timestamp(announcement.occurred_at),
        version: VERSION,
        data: Data {
            action: announcement.action.as_str(),
            actor: match announcement.actor {
                Actor::User(_) => "user",
                Actor::Anonymous => "anonymous",
                Actor::Operator => "operator",
            },
            sequence: announcement.sequence,
            sign_in_id: announcement.sign_in.map(|id| id.to_string()),
            changed: &announcement.changed,
            user: account,
        },
    })
}

/// The body of a test.
pub(super) fn test(r#type: &str, now: Instant) -> Result<String, Fault> {
    json(&Body { r#type, timestamp: timestamp(now), version: VERSION, data: Nothing {} })
}

fn json<D: Serialize>(body: &Body<'_, D>) -> Result<String, Fault> {
    serde_json::to_string(body).map_err(|error| Fault::Internal(error.to_string()))
}

fn claims<'a>(policy: &Policy, user: &'a User) -> Claims<'a> {
    let (email, phone) = (user.primary_email(), user.primary_phone());
    Claims {
        sub: user.id.to_string(),
        preferred_username: user.preferred_username.as_ref().map(Username::as_str),
        name: user.name.as_deref(),
        given_name: user.given_name.as_deref(),
        family_name: user.family_name.as_deref(),
        picture: user.picture.as_ref().map(|picture| policy.picture_url(picture)),
        locale: user.locale.as_deref(),
        zoneinfo: user.zoneinfo.as_deref(),
        email: email.map(|email| email.value.as_str()),
        email_verified: email.is_some_and(Identifier::is_verified),
        phone_number: phone.map(|phone| phone.value.as_str()),
        phone_number_verified: phone.is_some_and(Identifier::is_verified),
        emails: addresses(user, IdentifierKind::Email),
        phone_numbers: addresses(user, IdentifierKind::Phone),
        disabled: user.is_disabled(),
        deletion_at: user.deletion_at.map(timestamp),
        created_at: timestamp(user.created_at),
        updated_at: timestamp(user.updated_at),
    }
}

fn addresses(user: &User, kind: IdentifierKind) -> Vec<Address<'_>> {
    let own = user.identifiers_of(kind);
    own.map(|own| Address { value: &own.value, verified: own.is_verified(), primary: own.is_primary }).collect()
}
