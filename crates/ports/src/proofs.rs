//! Attempts, mailed proofs and tickets, inside a unit of work.

use selfsame_domain::{
    Attempt, AttemptId, Challenge, ChallengeId, Instant, Purpose, Ticket, TicketKind, TokenHash, UserId,
};

use crate::StorageError;

/// Sign-ups and sign-ins in progress, mailed proofs, and single-use tickets.
///
/// A challenge is live while it is neither consumed nor void; the caller checks whether its code or link has expired.
/// Single use is one conditional statement (R12).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Proofs {
    /// Adds an attempt.
    fn insert_attempt(&mut self, attempt: &Attempt) -> Result<(), StorageError>;
    /// The attempt, locked against other units until this one ends.
    fn lock_attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError>;
    /// Writes account, credential epoch, factors, sealed state, token hash, sign-in and completion. If it was completed
    /// before, writes nothing and returns `false`.
    fn save_attempt(&mut self, attempt: &Attempt) -> Result<bool, StorageError>;
    /// Removes up to `limit` attempts that expired before an instant, with the challenges that are part of them; answers
    /// how many attempts.
    fn purge_attempts(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;

    /// Adds a challenge and voids the live one of its user, purpose and target (R12).
    fn insert_challenge(&mut self, challenge: &Challenge) -> Result<(), StorageError>;
    /// Consumes a challenge. `false` if it was consumed before or is void.
    fn consume_challenge(&mut self, id: ChallengeId, now: Instant) -> Result<bool, StorageError>;
    /// Voids the live challenges of a user and purpose, whatever their target.
    fn void_challenges(&mut self, user: UserId, purpose: Purpose, now: Instant) -> Result<(), StorageError>;
    /// Removes up to `limit` challenges that were made before an instant; returns how many.
    fn purge_challenges(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;

    /// Adds a ticket.
    fn insert_ticket(&mut self, ticket: &Ticket) -> Result<(), StorageError>;
    /// Consumes a ticket of a kind and returns it; `None` if it was consumed before or has expired at `now`.
    fn consume_ticket(
        &mut self,
        hash: &TokenHash,
        kind: TicketKind,
        now: Instant,
    ) -> Result<Option<Ticket>, StorageError>;
    /// Voids the unused tickets of a user and kind.
    fn void_tickets(&mut self, user: UserId, kind: TicketKind, now: Instant) -> Result<(), StorageError>;
    /// Removes up to `limit` tickets that expired before an instant; returns how many.
    fn purge_tickets(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
