//! Mailed proofs, inside a unit of work.

use selfsame_domain::{AttemptId, Challenge, ChallengeId, Instant, Purpose, TokenHash, UserId};

use crate::StorageError;

/// The challenges. "Live" means neither consumed nor voided; whether code or link has expired is for the caller to judge.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Challenges {
    /// Adds a challenge and voids the live ones of its user and purpose (R12).
    fn insert(&mut self, challenge: &Challenge) -> Result<(), StorageError>;
    /// The live challenge of a user and purpose.
    fn live(&mut self, user: UserId, purpose: Purpose) -> Result<Option<Challenge>, StorageError>;
    /// The live challenge of an attempt.
    fn live_of_attempt(&mut self, attempt: AttemptId) -> Result<Option<Challenge>, StorageError>;
    /// The challenge that a link names, live or not, and whether it is live.
    fn by_link(&mut self, link: &TokenHash) -> Result<Option<(Challenge, bool)>, StorageError>;
    /// Counts one try of a code. `false`, and nothing counted, if `max` tries were made or it is not live: then the code
    /// must not even be looked at.
    fn count_try(&mut self, id: ChallengeId, max: i32) -> Result<bool, StorageError>;
    /// Uses a challenge up, in one conditional statement. `false` if somebody was faster (R12).
    fn consume(&mut self, id: ChallengeId, now: Instant) -> Result<bool, StorageError>;
    /// Voids the live challenges of a user and purpose.
    fn void(&mut self, user: UserId, purpose: Purpose, now: Instant) -> Result<(), StorageError>;
    /// Removes up to `limit` challenges that were made before an instant; answers how many.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
