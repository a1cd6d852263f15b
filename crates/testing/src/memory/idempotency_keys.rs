//! Idempotency keys in memory.

use selfsame_domain::{IdempotencyClaim, IdempotencyKey, Instant};
use selfsame_ports::{IdempotencyKeys, StorageError};

use super::{
    tables::{Tables, insert_new, remove_where},
    unit::MemoryUnit,
};

/// The key, if the request of this claim has it.
fn claimed<'t>(tables: &'t mut Tables, claim: &IdempotencyClaim) -> Option<&'t mut IdempotencyKey> {
    tables.idempotency_keys.get_mut(&claim.key).filter(|key| key.claim == claim.claim)
}

impl IdempotencyKeys for MemoryUnit<'_> {
    fn lock(&mut self, hash: &[u8; 32]) -> Result<Option<IdempotencyKey>, StorageError> {
        self.run(|tables| Ok(tables.idempotency_keys.get(hash).cloned()))
    }

    fn insert(&mut self, key: &IdempotencyKey) -> Result<(), StorageError> {
        self.run(|tables| insert_new(&mut tables.idempotency_keys, key.hash, key.clone()))
    }

    fn remove(&mut self, claim: &IdempotencyClaim) -> Result<bool, StorageError> {
        self.run(|tables| {
            let is_claimed = claimed(tables, claim).is_some();
            Ok(is_claimed && tables.idempotency_keys.remove(&claim.key).is_some())
        })
    }

    fn mark_applied(&mut self, claim: &IdempotencyClaim, now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| Ok(claimed(tables, claim).map(|key| key.applied_at = Some(now)).is_some()))
    }

    fn keep_response(&mut self, claim: &IdempotencyClaim, sealed: &[u8]) -> Result<bool, StorageError> {
        self.run(|tables| Ok(claimed(tables, claim).map(|key| key.response = Some(sealed.to_vec())).is_some()))
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.idempotency_keys, limit, |key| key.expires_at < before)))
    }
}
