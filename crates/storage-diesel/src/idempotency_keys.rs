//! [`IdempotencyKeys`] (R69).

use diesel::{dsl::auto_type, prelude::*};
use selfsame_domain::{IdempotencyClaim, IdempotencyKey, Instant};
use selfsame_ports::{IdempotencyKeys, StorageError};

use crate::{
    locking::LockDsl as _, prepared::prepared, rows::IdempotencyKeyRow, schema::idempotency_keys, sql_types::At,
    unit::Unit,
};

/// The key, if the request of this claim has it.
#[auto_type(no_type_alias)]
fn of_claim<'a>(hash: &'a [u8], claim: &'a [u8]) -> _ {
    idempotency_keys::hash.eq(hash).and(idempotency_keys::claim.eq(claim))
}

impl IdempotencyKeys for Unit {
    fn lock(&mut self, hash: &[u8; 32]) -> Result<Option<IdempotencyKey>, StorageError> {
        let key = idempotency_keys::table.find(&hash[..]).locked_no_key();
        let row: Option<IdempotencyKeyRow> = self.run(|connection| prepared!(key).get_result(connection).optional())?;
        row.map(IdempotencyKey::try_from).transpose()
    }

    fn insert(&mut self, key: &IdempotencyKey) -> Result<(), StorageError> {
        let insert = diesel::insert_into(idempotency_keys::table).values(IdempotencyKeyRow::from(key));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn remove(&mut self, claim: &IdempotencyClaim) -> Result<bool, StorageError> {
        let removed = diesel::delete(idempotency_keys::table.filter(of_claim(&claim.key, &claim.claim)));
        self.run(|connection| prepared!(removed).execute(connection)).map(|rows| rows > 0)
    }

    fn mark_applied(&mut self, claim: &IdempotencyClaim, now: Instant) -> Result<bool, StorageError> {
        let key = idempotency_keys::table.filter(of_claim(&claim.key, &claim.claim));
        let marked = diesel::update(key).set(idempotency_keys::applied_at.eq(At(now)));
        self.run(|connection| prepared!(marked).execute(connection)).map(|rows| rows > 0)
    }

    fn keep_response(&mut self, claim: &IdempotencyClaim, sealed: &[u8]) -> Result<bool, StorageError> {
        let key = idempotency_keys::table.filter(of_claim(&claim.key, &claim.claim));
        let kept = diesel::update(key).set(idempotency_keys::response.eq(sealed));
        self.run(|connection| prepared!(kept).execute(connection)).map(|rows| rows > 0)
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let expired = idempotency_keys::table
            .filter(idempotency_keys::expires_at.lt(At(before)))
            .order(idempotency_keys::expires_at)
            .limit(limit)
            .select(idempotency_keys::hash)
            .locked_unless_held();
        let hashes: Vec<Vec<u8>> = self.run(|connection| prepared!(expired).load(connection))?;
        if hashes.is_empty() {
            return Ok(0);
        }
        let purged = diesel::delete(idempotency_keys::table.filter(idempotency_keys::hash.eq_any(hashes)));
        self.run(|connection| purged.execute(connection))
    }
}
