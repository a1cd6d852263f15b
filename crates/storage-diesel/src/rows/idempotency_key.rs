//! Rows of idempotency keys.

use diesel::prelude::*;
use selfsame_domain::IdempotencyKey;
use selfsame_ports::StorageError;

use crate::{schema::idempotency_keys, sql_types::At, stored_values::fixed};

/// A row of `idempotency_keys`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub(crate) struct IdempotencyKeyRow {
    hash: Vec<u8>,
    fingerprint: Vec<u8>,
    claim: Vec<u8>,
    applied_at: Option<At>,
    response: Option<Vec<u8>>,
    created_at: At,
    leased_until: At,
    expires_at: At,
}

impl From<&IdempotencyKey> for IdempotencyKeyRow {
    fn from(key: &IdempotencyKey) -> Self {
        Self {
            hash: key.hash.to_vec(),
            fingerprint: key.fingerprint.to_vec(),
            claim: key.claim.to_vec(),
            applied_at: key.applied_at.map(At),
            response: key.response.clone(),
            created_at: At(key.created_at),
            leased_until: At(key.leased_until),
            expires_at: At(key.expires_at),
        }
    }
}

impl TryFrom<IdempotencyKeyRow> for IdempotencyKey {
    type Error = StorageError;

    fn try_from(row: IdempotencyKeyRow) -> Result<Self, StorageError> {
        Ok(Self {
            hash: fixed(row.hash)?,
            fingerprint: fixed(row.fingerprint)?,
            claim: fixed(row.claim)?,
            applied_at: row.applied_at.map(|at| at.0),
            response: row.response,
            created_at: row.created_at.0,
            leased_until: row.leased_until.0,
            expires_at: row.expires_at.0,
        })
    }
}
