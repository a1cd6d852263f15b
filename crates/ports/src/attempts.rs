//! Sign-ups and sign-ins under way, inside a unit of work.

use selfsame_domain::{Attempt, AttemptId, Instant};

use crate::StorageError;

/// The attempts.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Attempts {
    /// Adds an attempt.
    fn insert(&mut self, attempt: &Attempt) -> Result<(), StorageError>;
    /// The attempt, locked against other units until this one ends.
    fn lock(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError>;
    /// Writes step, token hash, sign-in and completion. `false`, and nothing written, if it was completed before.
    fn save(&mut self, attempt: &Attempt) -> Result<bool, StorageError>;
    /// Removes up to `limit` attempts that expired before an instant, with the challenges that are part of them; answers
    /// how many attempts.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
