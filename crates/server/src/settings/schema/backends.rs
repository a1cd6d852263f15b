//! `[database]`, `[mail]`, `[blobs]`, `[keys]`: storage and mail.

use serde::{Deserialize, Serialize};

use crate::settings::{secret::SecretUrl, units::Span};

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
