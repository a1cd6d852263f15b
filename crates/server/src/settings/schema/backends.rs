//! `[database]`, `[mail]`, `[sms]`, `[blobs]`, `[keys]`: storage, mail and text messages.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::settings::{
    secret::{Secret, SecretUrl},
    units::{Span, choice, list},
};

/// `[database]`: scheme `sqlite`, `postgres` or `postgresql`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    pub(crate) url: SecretUrl,
    pub(crate) auto_migrate: bool,
    pub(crate) pool_size: u32,
    pub(crate) readers: u32,
    pub(crate) acquire_timeout: Span,
    pub(crate) statement_timeout: Span,
    pub(crate) lock_timeout: Span,
}

/// `[mail]`: scheme `smtp`, `smtps` or `file`, and the worker that drains the outbox (R88).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    pub(crate) url: SecretUrl,
    pub(crate) from: String,
    pub(crate) from_name: String,
    pub(crate) poll: Span,
    pub(crate) lease: Span,
    pub(crate) max_attempts: u32,
    pub(crate) retry_first: Span,
    pub(crate) retry_longest: Span,
    pub(crate) timeout: Span,
}

/// `[sms]`: scheme `https`, `http` or `file`; an empty URL means that there are no text messages.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sms {
    pub(crate) url: SecretUrl,
    pub(crate) from: String,
    #[serde(deserialize_with = "choice")]
    pub(crate) format: SmsFormat,
    pub(crate) body: String,
    pub(crate) auth_scheme: String,
    pub(crate) secret: Secret,
    pub(crate) timeout: Span,
    #[serde(deserialize_with = "list")]
    pub(crate) countries: Vec<String>,
    pub(crate) sign_in: bool,
    pub(crate) second_factor: bool,
}

/// How the body for the gateway is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SmsFormat {
    /// A form.
    Form,
    /// JSON.
    Json,
}

/// `[blobs]`: scheme `file` or `database`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Blobs {
    pub(crate) url: SecretUrl,
}

/// `[keys]`: the key files in the data directory (R95).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    pub(crate) create_missing: bool,
    pub(crate) activate_after: Span,
    pub(crate) reload: Span,
}
