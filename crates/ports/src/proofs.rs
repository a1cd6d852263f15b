//! What somebody is in the middle of proving, inside a unit of work: attempts, mailed proofs, tickets.

use selfsame_domain::{
    Attempt, AttemptId, Challenge, ChallengeId, Instant, Purpose, Ticket, TicketKind, TokenHash, UserId,
};

use crate::StorageError;

/// Sign-ups and sign-ins under way, the proofs that were mailed, and one-time tickets.
///
/// A challenge is live while it is neither consumed nor voided; whether its code or link has expired is for the caller to
/// judge. Single use is one conditional statement (R12).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Proofs {
    /// Adds an attempt.
    fn insert_attempt(&mut self, attempt: &Attempt) -> Result<(), StorageError>;
    /// The attempt, locked against other units until this one ends.
    fn lock_attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError>;
    /// Writes account, credential epoch, factors, sealed state, token hash, sign-in and completion. `false`, and nothing
    /// written, if it was completed before.
    fn save_attempt(&mut self, attempt: &Attempt) -> Result<bool, StorageError>;
    /// Removes up to `limit` attempts that expired before an instant, with the challenges that are part of them; answers
    /// how many attempts.
    fn purge_attempts(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;

    /// Adds a challenge and voids the live one of its user, purpose and target (R12).
    fn insert_challenge(&mut self, challenge: &Challenge) -> Result<(), StorageError>;
    /// Uses a challenge up. `false` if somebody was faster, or if it is void.
    fn consume_challenge(&mut self, id: ChallengeId, now: Instant) -> Result<bool, StorageError>;
    /// Voids the live challenges of a user and purpose, whatever their target.
    fn void_challenges(&mut self, user: UserId, purpose: Purpose, now: Instant) -> Result<(), StorageError>;
    /// Removes up to `limit` challenges that were made before an instant; answers how many.
    fn purge_challenges(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;

    /// Adds a ticket.
    fn insert_ticket(&mut self, ticket: &Ticket) -> Result<(), StorageError>;
    /// Uses a ticket of a kind up, if it is neither used nor past its expiry at `now`, and answers it.
    fn consume_ticket(
        &mut self,
        hash: &TokenHash,
        kind: TicketKind,
        now: Instant,
    ) -> Result<Option<Ticket>, StorageError>;
    /// Voids the unused tickets of a user and kind.
    fn void_tickets(&mut self, user: UserId, kind: TicketKind, now: Instant) -> Result<(), StorageError>;
    /// Removes up to `limit` tickets that expired before an instant; answers how many.
    fn purge_tickets(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
