//! [`Proofs`]: attempts, challenges and tickets, each in its own file.

mod attempts;
pub(crate) mod challenges;
pub(crate) mod tickets;

use selfsame_domain::{
    Attempt, AttemptId, Challenge, ChallengeId, Instant, Purpose, Ticket, TicketKind, TokenHash, UserId,
};
use selfsame_ports::{Proofs, StorageError};

use crate::unit::Unit;

impl Proofs for Unit {
    fn insert_attempt(&mut self, attempt: &Attempt) -> Result<(), StorageError> {
        attempts::insert(self, attempt)
    }

    fn lock_attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
        attempts::lock(self, id)
    }

    fn save_attempt(&mut self, attempt: &Attempt) -> Result<bool, StorageError> {
        attempts::save(self, attempt)
    }

    fn purge_attempts(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        attempts::purge(self, before, limit)
    }

    fn insert_challenge(&mut self, challenge: &Challenge) -> Result<(), StorageError> {
        challenges::insert(self, challenge)
    }

    fn consume_challenge(&mut self, id: ChallengeId, now: Instant) -> Result<bool, StorageError> {
        challenges::consume(self, id, now)
    }

    fn void_challenges(&mut self, user: UserId, purpose: Purpose, now: Instant) -> Result<(), StorageError> {
        challenges::void(self, user, purpose, now)
    }

    fn purge_challenges(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        challenges::purge(self, before, limit)
    }

    fn insert_ticket(&mut self, ticket: &Ticket) -> Result<(), StorageError> {
        tickets::insert(self, ticket)
    }

    fn consume_ticket(
        &mut self,
        hash: &TokenHash,
        kind: TicketKind,
        now: Instant,
    ) -> Result<Option<Ticket>, StorageError> {
        tickets::consume(self, hash, kind, now)
    }

    fn void_tickets(&mut self, user: UserId, kind: TicketKind, now: Instant) -> Result<(), StorageError> {
        tickets::void(self, user, kind, now)
    }

    fn purge_tickets(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        tickets::purge(self, before, limit)
    }
}
