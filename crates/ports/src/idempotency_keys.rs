//! Idempotency keys, inside a unit of work.

use selfsame_domain::{IdempotencyClaim, IdempotencyKey, Instant};

use crate::StorageError;

/// The keys of requests that took effect or are in progress (R69).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait IdempotencyKeys {
    /// The key with this hash, locked against other units until this one ends.
    fn lock(&mut self, hash: &[u8; 32]) -> Result<Option<IdempotencyKey>, StorageError>;
    /// Adds a key. A hash that is in use is a [`StorageError::Conflict`].
    fn insert(&mut self, key: &IdempotencyKey) -> Result<(), StorageError>;
    /// Removes the key of a claim; `false` if another request has it, or none.
    fn remove(&mut self, claim: &IdempotencyClaim) -> Result<bool, StorageError>;
    /// Notes that the request of a claim changes something in this unit; `false` if it does not have the key any more.
    fn mark_applied(&mut self, claim: &IdempotencyClaim, now: Instant) -> Result<bool, StorageError>;
    /// Keeps the sealed response to the request of a claim; `false` if it does not have the key any more.
    fn keep_response(&mut self, claim: &IdempotencyClaim, sealed: &[u8]) -> Result<bool, StorageError>;
    /// Removes up to `limit` keys that expired before an instant; returns how many.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
