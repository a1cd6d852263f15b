//! The types of the settings: one struct per section of `config/default.toml`, which documents every key. A test fails
//! if a key is only in one of the two. Loaded values are complete: empty ones are filled in.

mod backends;
mod content;
mod credentials;
mod issuers;
mod oauth;
mod service;
mod webhooks;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::units::tables;

pub(crate) use self::{
    backends::{Blobs, Database, Keys, Mail, Sms, SmsFormat},
    content::{Account, Brand, FieldRight, Notices, Pictures, Profile, ProfileFields, Wacht, WachtMode},
    credentials::{
        Deletion, Exports, Identifiers, Passkeys, Passwords, Sessions, Tokens, Undo, Usernames, Verification,
    },
    issuers::{Issuer, TokenType},
    oauth::{IdTokenAlgorithm, OAuth},
    service::{Http, Limits, Log, LogFormat, SameSite, Server, WellKnown},
    webhooks::{WebhookEndpoint, Webhooks},
};

/// Everything an operator can set.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) data_dir: PathBuf,
    #[serde(deserialize_with = "tables")]
    pub(crate) issuers: Vec<Issuer>,
    pub(crate) server: Server,
    pub(crate) brand: Brand,
    pub(crate) http: Http,
    pub(crate) well_known: WellKnown,
    pub(crate) database: Database,
    pub(crate) mail: Mail,
    pub(crate) sms: Sms,
    pub(crate) webhooks: Webhooks,
    pub(crate) blobs: Blobs,
    pub(crate) keys: Keys,
    pub(crate) passwords: Passwords,
    pub(crate) passkeys: Passkeys,
    pub(crate) usernames: Usernames,
    pub(crate) identifiers: Identifiers,
    pub(crate) tokens: Tokens,
    pub(crate) oauth: OAuth,
    pub(crate) sessions: Sessions,
    pub(crate) verification: Verification,
    pub(crate) deletion: Deletion,
    pub(crate) exports: Exports,
    pub(crate) undo: Undo,
    pub(crate) notices: Notices,
    pub(crate) limits: Limits,
    pub(crate) pictures: Pictures,
    pub(crate) profile: Profile,
    pub(crate) account: Account,
    pub(crate) wacht: Wacht,
    pub(crate) log: Log,
}
