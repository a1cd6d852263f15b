//! Webhooks: the message to an endpoint, the port that sends it, and the events that are kept for a replay.

use std::time::Duration;

use selfsame_domain::{Instant, UserId, WebhookEventId};
use serde::{Deserialize, Serialize};

use crate::StorageError;

/// A message to an endpoint, the same for every endpoint and at every try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookMessage {
    /// `webhook-id` of Standard Webhooks, by which a receiver recognises a repetition.
    pub id: String,
    /// The type of the event.
    pub event: String,
    /// The body, byte for byte as it is signed and sent: JSON.
    pub body: String,
}

/// Sends messages to one endpoint.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait WebhookSender: Send + Sync {
    /// Signs and sends one message. `Ok` means that the endpoint has accepted it. A try that failed in between may have been
    /// accepted all the same, and is repeated.
    fn send(&self, message: &WebhookMessage, now: Instant) -> Result<(), WebhookError>;
}

/// Why a message was not accepted. The text contains neither the message nor the answer of the endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// Worth another try: no connection, time-out, or any status but success and 410.
    #[error("not accepted yet: {reason}")]
    Temporary {
        /// Why.
        reason: String,
        /// The least time until the next try, if the endpoint named one (Retry-After).
        retry_after: Option<Duration>,
    },
    /// 410: the endpoint wants no messages any more.
    #[error("the endpoint is gone (410)")]
    Gone,
}

/// An event that is kept for a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEvent {
    /// Its row, of which the id of its message is made. It tells when the event was.
    pub id: WebhookEventId,
    /// The account that it is about, which may be gone.
    pub user_id: UserId,
    /// The message, sealed by the vault: it contains personal data.
    pub sealed: Vec<u8>,
}

/// The events that are kept for a replay.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait WebhookEvents {
    /// Adds an event. An id that is in use is a [`StorageError::Conflict`].
    fn insert(&mut self, event: &WebhookEvent) -> Result<(), StorageError>;
    /// One event.
    fn find(&mut self, id: WebhookEventId) -> Result<Option<WebhookEvent>, StorageError>;
    /// Up to `limit` events with an id greater than `after`, in ascending order.
    fn page(&mut self, after: WebhookEventId, limit: i64) -> Result<Vec<WebhookEvent>, StorageError>;
    /// Removes the events about an account; returns how many.
    fn erase(&mut self, user: UserId) -> Result<usize, StorageError>;
    /// Removes up to `limit` events with a lesser id; returns how many.
    fn purge(&mut self, before: WebhookEventId, limit: i64) -> Result<usize, StorageError>;
}
