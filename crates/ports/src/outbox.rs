//! Messages that wait to be sent, inside a unit of work: nothing is sent for work that was rolled back, and nothing is
//! lost for work that was not (R88).

use selfsame_domain::{Instant, OutboxId};

use crate::StorageError;

/// A message in the queue.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Its row. The Message-ID of the mail is made of it, so that a mail sent twice is one mail.
    pub id: OutboxId,
    /// The message, sealed by the vault: codes and links are secrets, also in a backup.
    pub sealed: Vec<u8>,
    /// When it was enqueued.
    pub created_at: Instant,
    /// After this it is of no use and is not sent.
    pub expires_at: Instant,
    /// How often sending was begun, this time included. A lease that is given back was no try.
    pub attempts: i32,
}

/// How the queue stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxStatus {
    /// Messages that are still to be sent.
    pub waiting: i64,
    /// Messages that were given up.
    pub dead: i64,
}

/// The queue.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Outbox {
    /// Adds a message, due at once.
    fn enqueue(&mut self, message: &OutboxMessage) -> Result<(), StorageError>;
    /// Leases up to `limit` messages that are due, oldest first: until `leased_until` no other worker gets them.
    fn lease(&mut self, now: Instant, leased_until: Instant, limit: i64) -> Result<Vec<OutboxMessage>, StorageError>;
    /// A message was sent, or is of no use any more: it goes.
    fn sent(&mut self, id: OutboxId) -> Result<(), StorageError>;
    /// A message could not be sent: it is due again at `due_at`. `error` says why, without secrets.
    fn retry(&mut self, id: OutboxId, due_at: Instant, error: &str) -> Result<(), StorageError>;
    /// A message is given up and kept for the operator.
    fn bury(&mut self, id: OutboxId, now: Instant, error: &str) -> Result<(), StorageError>;
    /// Gives leases back at shutdown: the messages are due at once, and have as many tries left as before. Those that are
    /// not leased are left alone.
    fn release(&mut self, ids: &[OutboxId]) -> Result<(), StorageError>;
    /// Makes every dead message due again; answers how many.
    fn requeue_dead(&mut self, now: Instant) -> Result<usize, StorageError>;
    /// Removes up to `limit` messages that were given up before an instant; answers how many.
    fn purge_dead(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
    /// How the queue stands.
    fn status(&mut self) -> Result<OutboxStatus, StorageError>;
}
