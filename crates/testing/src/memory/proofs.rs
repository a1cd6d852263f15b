//! The proofs port in memory. The tables of its three kinds of rows have a file each.

use selfsame_domain::{
    Attempt, AttemptId, Challenge, ChallengeId, Instant, Purpose, Ticket, TicketKind, TokenHash, UserId,
};
use selfsame_ports::{Proofs, StorageError};

use super::unit::MemoryUnit;

impl Proofs for MemoryUnit<'_> {
    fn insert_attempt(&mut self, attempt: &Attempt) -> Result<(), StorageError> {
        self.run(|tables| tables.insert_attempt(attempt))
    }

    fn lock_attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
        self.run(|tables| Ok(tables.attempts.get(&id).cloned()))
    }

    fn save_attempt(&mut self, attempt: &Attempt) -> Result<bool, StorageError> {
        self.run(|tables| tables.save_attempt(attempt))
    }

    fn purge_attempts(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(tables.purge_attempts(before, limit)))
    }

    fn insert_challenge(&mut self, challenge: &Challenge) -> Result<(), StorageError> {
        self.run(|tables| tables.insert_challenge(challenge))
    }

    fn consume_challenge(&mut self, id: ChallengeId, _now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.consume_challenge(id)))
    }

    fn void_challenges(&mut self, user: UserId, purpose: Purpose, _now: Instant) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.void_challenges_where(|challenge| challenge.user_id == user && challenge.purpose == purpose);
            Ok(())
        })
    }

    fn purge_challenges(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(tables.purge_challenges(before, limit)))
    }

    fn insert_ticket(&mut self, ticket: &Ticket) -> Result<(), StorageError> {
        self.run(|tables| tables.insert_ticket(ticket))
    }

    fn consume_ticket(
        &mut self,
        hash: &TokenHash,
        kind: TicketKind,
        now: Instant,
    ) -> Result<Option<Ticket>, StorageError> {
        self.run(|tables| Ok(tables.consume_ticket(hash, kind, now)))
    }

    fn void_tickets(&mut self, user: UserId, kind: TicketKind, _now: Instant) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.void_tickets(user, kind);
            Ok(())
        })
    }

    fn purge_tickets(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(tables.purge_tickets(before, limit)))
    }
}
