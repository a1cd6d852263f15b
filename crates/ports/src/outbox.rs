//! Messages that wait to leave, inside a unit of work: nothing leaves for work that was rolled back, and nothing is lost
//! for work that was not (R88).
//!
//! A worker leases messages under a fencing token. Whatever it says about them afterwards counts only while the token
//! holds: a worker that outlived its lease changes nothing of what the next one does.

use selfsame_domain::{Instant, OutboxId};
use serde::{Deserialize, Serialize};

use crate::StorageError;

/// How a message leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A mail, handed to a mail server.
    Mail,
    /// Work that this server does itself, later.
    Job,
}

impl Channel {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Job => "job",
        }
    }
}

/// A message in the queue.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Its row. The Message-ID of the mail is made of it, so that a mail sent twice is one mail.
    pub id: OutboxId,
    /// How it leaves.
    pub channel: Channel,
    /// The language of its reader (BCP 47), if known.
    pub locale: Option<String>,
    /// What it says, sealed by the vault: codes and links are secrets, also in a backup.
    pub sealed: Vec<u8>,
    /// When it was enqueued.
    pub created_at: Instant,
    /// After this it is of no use and does not leave.
    pub expires_at: Instant,
    /// How often sending was begun, this time included. A lease that is given back or deferred was no try.
    pub attempts: i32,
}

/// A fencing token: the worker's random number for one lease. It holds until the worker ends the lease, or until somebody
/// else leases the message after the lease has run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseToken(pub i64);

/// What a worker asks for.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// Messages of this channel only: a build leaves alone what it does not know.
    pub channel: Channel,
    /// Never used before.
    pub token: LeaseToken,
    /// What is due by then, and not under a lease that lasts longer.
    pub now: Instant,
    /// Until then no other worker gets them.
    pub until: Instant,
    /// Messages at most.
    pub limit: i64,
}

/// A message and the token that it is held by.
#[derive(Clone, PartialEq, Eq)]
pub struct Leased {
    /// The message.
    pub message: OutboxMessage,
    /// To be shown with whatever becomes of it.
    pub token: LeaseToken,
}

/// How one channel of the queue stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelStatus {
    /// The stored word; one that this build does not know is written by another build.
    pub channel: String,
    /// Messages that are still to leave.
    pub waiting: i64,
    /// Messages that were given up.
    pub dead: i64,
    /// When the one that waits longest was due.
    pub oldest_due_at: Option<Instant>,
}

/// How the queue stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxStatus {
    /// Messages that are still to leave.
    pub waiting: i64,
    /// Messages that were given up.
    pub dead: i64,
    /// When the one that waits longest was due.
    pub oldest_due_at: Option<Instant>,
    /// The same by channel, ordered by its word. Channels without messages are not listed.
    pub channels: Vec<ChannelStatus>,
}

impl OutboxStatus {
    /// Adds the channels up.
    pub fn of(mut channels: Vec<ChannelStatus>) -> Self {
        channels.sort_by(|a, b| a.channel.cmp(&b.channel));
        Self {
            waiting: channels.iter().map(|channel| channel.waiting).sum(),
            dead: channels.iter().map(|channel| channel.dead).sum(),
            oldest_due_at: channels.iter().filter_map(|channel| channel.oldest_due_at).min(),
            channels,
        }
    }
}

/// A row of the queue as the operator sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its id.
    pub id: OutboxId,
    /// The stored word, known to this build or not.
    pub channel: String,
    /// What it says, sealed.
    pub sealed: Vec<u8>,
    /// When it was enqueued.
    pub created_at: Instant,
    /// When it is tried next, or was to be tried when it was given up.
    pub due_at: Instant,
    /// After this it is of no use.
    pub expires_at: Instant,
    /// How often sending was begun.
    pub attempts: i32,
    /// When it was given up.
    pub dead_at: Option<Instant>,
    /// Why it did not leave the last time, without secrets.
    pub last_error: Option<String>,
}

/// The queue.
///
/// Methods that take a [`LeaseToken`] change nothing where it does not hold any more, and say so.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Outbox {
    /// Adds a message, due at once.
    fn enqueue(&mut self, message: &OutboxMessage) -> Result<(), StorageError>;
    /// Leases messages that are due, those due longest first, and counts a try for each.
    fn lease(&mut self, lease: &Lease) -> Result<Vec<Leased>, StorageError>;
    /// A message has left, or is of no use any more: it goes. Answers whether the token held.
    fn sent(&mut self, id: OutboxId, token: LeaseToken) -> Result<bool, StorageError>;
    /// A message could not be sent: it is due again at `due_at`. `error` says why, without secrets. Answers whether the token
    /// held.
    fn retry(&mut self, id: OutboxId, token: LeaseToken, due_at: Instant, error: &str) -> Result<bool, StorageError>;
    /// As [`Outbox::retry`], but the lease was no try: this worker could not even begin.
    fn defer(&mut self, id: OutboxId, token: LeaseToken, due_at: Instant, error: &str) -> Result<bool, StorageError>;
    /// A message is given up and kept for the operator. Answers whether the token held.
    fn bury(&mut self, id: OutboxId, token: LeaseToken, now: Instant, error: &str) -> Result<bool, StorageError>;
    /// Gives leases back: the messages are due at once, and have as many tries left as before. Answers for how many the token
    /// held.
    fn release(&mut self, ids: &[OutboxId], token: LeaseToken) -> Result<usize, StorageError>;
    /// One message.
    fn find(&mut self, id: OutboxId) -> Result<Option<OutboxRow>, StorageError>;
    /// Makes a message due, given up or not; its tries start over. One that is being sent stays with its worker. Answers whether
    /// there is such a message.
    fn requeue(&mut self, id: OutboxId, now: Instant) -> Result<bool, StorageError>;
    /// As [`Outbox::requeue`] for up to `limit` messages that were given up and are not past their use; answers how many.
    fn requeue_dead(&mut self, now: Instant, limit: i64) -> Result<usize, StorageError>;
    /// Removes a message, whoever holds it; answers whether there was one.
    fn remove(&mut self, id: OutboxId) -> Result<bool, StorageError>;
    /// Removes up to `limit` messages that were given up before an instant; answers how many.
    fn purge_dead(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
