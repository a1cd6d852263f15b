//! Events for other services: the endpoints of the operator, and the messages to them. The outbox carries the messages, so
//! there are none for a change that was rolled back, and none is lost of one that was committed (R88).

pub(crate) mod announce;
mod payload;

use chrono::Duration;
use selfsame_domain::{EndpointName, EventPattern, EventType, Instant, WebhookEventId};
use selfsame_ports::WebhookMessage;

use crate::Fault;

/// The endpoints that are told of events, and how long events are kept for a replay.
#[derive(Clone, Debug, Default)]
pub struct Webhooks {
    /// The endpoints.
    pub endpoints: Vec<Endpoint>,
    /// How long events are kept, [`LONGEST_MAIL_USE`](crate::LONGEST_MAIL_USE) at most. Zero: not at all.
    pub keep: Duration,
}

/// An endpoint, as far as the core knows it; its adapter has the address and the secret.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Its name.
    pub name: EndpointName,
    /// Its address, for the operator to see.
    pub url: String,
    /// What it subscribes to.
    pub events: Vec<EventPattern>,
}

impl Endpoint {
    /// Whether it subscribes to this type of event.
    pub fn subscribes_to(&self, event: EventType) -> bool {
        self.events.iter().any(|pattern| pattern.matches(event))
    }
}

impl Webhooks {
    /// The endpoints that subscribe to a type of event.
    pub fn subscribers(&self, event: EventType) -> impl Iterator<Item = &EndpointName> {
        self.endpoints.iter().filter(move |endpoint| endpoint.subscribes_to(event)).map(|endpoint| &endpoint.name)
    }
}

/// What comes before the number in the id of a message.
const MESSAGE_ID: &str = "evt_";

/// A message about nothing, by which the operator tests an endpoint.
pub fn test_message(now: Instant) -> Result<WebhookMessage, Fault> {
    let event = "webhook.test".to_owned();
    Ok(WebhookMessage { id: format!("test_{}", now.timestamp_millis()), body: payload::test(&event, now)?, event })
}

/// The id of the message about an event.
pub(crate) fn message_id(event: WebhookEventId) -> String {
    format!("{MESSAGE_ID}{event}")
}

/// The event of a message.
pub(crate) fn event_of(message_id: &str) -> Option<WebhookEventId> {
    message_id.strip_prefix(MESSAGE_ID)?.parse().ok()
}

/// The context for sealing an event that is kept.
pub(crate) fn event_context(id: WebhookEventId) -> String {
    format!("webhook event:{id}")
}
