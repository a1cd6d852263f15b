//! The outbox: messages to be sent, written inside a unit of work. Nothing is sent for work that was rolled back, and
//! nothing is lost for work that was committed (R88).
//!
//! A worker leases messages under a fencing token. Its later calls have an effect only while the token is valid: a
//! worker whose lease has expired changes nothing that belongs to the next one.

use std::borrow::Cow;

use selfsame_domain::{EndpointName, Instant, OutboxId};
use serde::{Deserialize, Serialize};

use crate::StorageError;

/// How a message is processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A mail, sent to a mail server.
    Mail,
    /// A job that this server runs later.
    Job,
    /// A text message, sent to a gateway.
    Sms,
    /// An event, sent to one endpoint. Each endpoint has a channel of its own, so that none holds up another.
    Webhook(EndpointName),
    /// An export of an account, which this server makes. Apart from the jobs, because it may take long.
    Export,
}

impl Channel {
    /// What comes before the name of an endpoint in the stored value.
    pub const WEBHOOK: &str = "webhook:";

    /// The stored value.
    pub fn to_text(&self) -> Cow<'static, str> {
        match self {
            Self::Mail => "mail".into(),
            Self::Job => "job".into(),
            Self::Sms => "sms".into(),
            Self::Webhook(endpoint) => format!("{}{endpoint}", Self::WEBHOOK).into(),
            Self::Export => "export".into(),
        }
    }
}

/// A message in the queue.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Its row. The Message-ID of the mail is made of it, so that a mail sent twice is one mail.
    pub id: OutboxId,
    /// How it is processed.
    pub channel: Channel,
    /// The language of the recipient (BCP 47), if known.
    pub locale: Option<String>,
    /// Its content, sealed by the vault: codes and links are secrets, also in a backup.
    pub sealed: Vec<u8>,
    /// When it was enqueued.
    pub created_at: Instant,
    /// When it expires. It is not sent after that.
    pub expires_at: Instant,
    /// The number of tries, this one included. A lease that was released or deferred is not a try.
    pub attempts: i32,
}

/// A fencing token: the worker's random number for one lease. It is valid until the worker ends the lease, or until
/// another worker leases the message after the lease has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseToken(pub i64);

/// Parameters of a lease.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The channel. A build does not lease channels that it does not know.
    pub channel: Channel,
    /// A token that was never used before.
    pub token: LeaseToken,
    /// The current time: messages that are due and not leased are leased.
    pub now: Instant,
    /// When the lease expires.
    pub until: Instant,
    /// The greatest number of messages.
    pub limit: i64,
}

/// A message and the token of its lease.
#[derive(Clone, PartialEq, Eq)]
pub struct Leased {
    /// The message.
    pub message: OutboxMessage,
    /// The token, for the call that ends the lease.
    pub token: LeaseToken,
}

/// The status of one channel of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelStatus {
    /// The stored value; one that this build does not know is written by another build.
    pub channel: String,
    /// Messages that are still to be sent.
    pub waiting: i64,
    /// Dead messages.
    pub dead: i64,
    /// When the oldest waiting message was due.
    pub oldest_due_at: Option<Instant>,
}

/// The status of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxStatus {
    /// Messages that are still to be sent.
    pub waiting: i64,
    /// Dead messages.
    pub dead: i64,
    /// When the oldest waiting message was due.
    pub oldest_due_at: Option<Instant>,
    /// The same by channel, ordered by the stored value. Channels without messages are not listed.
    pub channels: Vec<ChannelStatus>,
}

impl OutboxStatus {
    /// Sums up the channels.
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
    /// The stored value, known to this build or not.
    pub channel: String,
    /// Its content, sealed.
    pub sealed: Vec<u8>,
    /// When it was enqueued.
    pub created_at: Instant,
    /// When it is tried next, or was to be tried when it was given up.
    pub due_at: Instant,
    /// When it expires.
    pub expires_at: Instant,
    /// The number of tries.
    pub attempts: i32,
    /// When it was marked as dead.
    pub dead_at: Option<Instant>,
    /// Why the last try failed, without secrets.
    pub last_error: Option<String>,
}

/// The queue.
///
/// Methods with a [`LeaseToken`] change nothing if it is no longer valid, and return that.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Outbox {
    /// Adds a message, due at once.
    fn enqueue(&mut self, message: &OutboxMessage) -> Result<(), StorageError>;
    /// Adds a message that is due later.
    fn enqueue_at(&mut self, message: &OutboxMessage, due_at: Instant) -> Result<(), StorageError>;
    /// Leases messages that are due, those due longest first, and counts a try for each.
    fn lease(&mut self, lease: &Lease) -> Result<Vec<Leased>, StorageError>;
    /// Makes a lease last until a later instant. Returns whether the token was valid.
    fn renew(&mut self, id: OutboxId, token: LeaseToken, until: Instant) -> Result<bool, StorageError>;
    /// Removes a message that was sent or has expired. Returns whether the token was valid.
    fn sent(&mut self, id: OutboxId, token: LeaseToken) -> Result<bool, StorageError>;
    /// Makes a message whose try failed due again at `due_at`. `error` is the reason, without secrets. Returns whether
    /// the token was valid.
    fn retry(&mut self, id: OutboxId, token: LeaseToken, due_at: Instant, error: &str) -> Result<bool, StorageError>;
    /// As [`Outbox::retry`], but the lease does not count as a try: this worker could not begin.
    fn defer(&mut self, id: OutboxId, token: LeaseToken, due_at: Instant, error: &str) -> Result<bool, StorageError>;
    /// Marks a message as dead and keeps it for the operator. Returns whether the token was valid.
    fn mark_dead(&mut self, id: OutboxId, token: LeaseToken, now: Instant, error: &str) -> Result<bool, StorageError>;
    /// Releases leases: the messages are due at once, and the lease does not count as a try. Returns the number of
    /// messages for which the token was valid.
    fn release(&mut self, ids: &[OutboxId], token: LeaseToken) -> Result<usize, StorageError>;
    /// One message.
    fn find(&mut self, id: OutboxId) -> Result<Option<OutboxRow>, StorageError>;
    /// Makes a message due, dead or not, with its count of tries reset. One that is being sent stays leased. Returns
    /// whether there is such a message.
    fn requeue(&mut self, id: OutboxId, now: Instant) -> Result<bool, StorageError>;
    /// As [`Outbox::requeue`], for up to `limit` dead messages that have not expired; returns how many.
    fn requeue_dead(&mut self, now: Instant, limit: i64) -> Result<usize, StorageError>;
    /// Removes a message, leased or not; returns whether there was one.
    fn remove(&mut self, id: OutboxId) -> Result<bool, StorageError>;
    /// Removes up to `limit` messages that were given up before an instant; returns how many.
    fn purge_dead(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
    /// Removes up to `limit` messages with a lesser id that are not dead; returns how many. Such are left where no worker drains
    /// their channel any more.
    fn purge_left(&mut self, before: OutboxId, limit: i64) -> Result<usize, StorageError>;
}
