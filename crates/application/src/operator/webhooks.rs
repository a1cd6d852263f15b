//! Lists the endpoints of webhooks for the operator, and sends events again. Requests and results can be serialised.

use selfsame_domain::{
    EndpointName, EventType, Instant, RequestContext, WebhookEventId,
    id::{self, Id as _},
};
use selfsame_ports::{Channel, StorageError, WebhookEvent, WebhookMessage};
use serde::{Deserialize, Serialize};

use crate::{
    Core, Fault,
    core::Work,
    fault::faults,
    webhooks::{event_context, event_of},
};

/// Events that one unit replays at most.
const PORTION: i64 = 200;

/// Lists the endpoints.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ListEndpoints;

/// An endpoint as it is shown to the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointEntry {
    /// Its name.
    pub name: EndpointName,
    /// Its address, without secrets.
    pub url: String,
    /// The patterns that it subscribes to.
    pub events: Vec<String>,
    /// Messages that are still to be sent.
    pub waiting: i64,
    /// Dead messages.
    pub dead: i64,
    /// When the oldest waiting message was due.
    pub oldest_due_at: Option<Instant>,
}

/// Enqueues events again, under the id that they had, for the endpoints that subscribe to them now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplayEvents {
    /// Which events.
    pub events: ReplayedEvents,
    /// The only endpoint to send them to.
    pub endpoint: Option<EndpointName>,
}

/// The events that are sent again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplayedEvents {
    /// The one of this message.
    One(String),
    /// Those that happened since, to the second.
    Since(Instant),
}

/// What was enqueued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// Events of which a message was enqueued.
    pub events: usize,
    /// Messages.
    pub messages: usize,
}

/// Why nothing, or not everything, was enqueued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManageWebhooksError {
    /// No such event: it never was, or is not kept any more.
    #[error("no such message is kept")]
    UnknownMessage,
    /// No endpoint has this name.
    #[error("no endpoint has this name")]
    UnknownEndpoint,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ManageWebhooksError: StorageError);

impl ListEndpoints {
    /// Lists them in the order of the settings.
    pub fn execute(&self, core: &Core) -> Result<Vec<EndpointEntry>, ManageWebhooksError> {
        let status = core.storage.read()?.outbox_status()?;
        let endpoints = core.policy.webhooks.endpoints.iter().map(|endpoint| {
            let channel = Channel::Webhook(endpoint.name.clone()).to_text();
            let channel = status.channels.iter().find(|status| status.channel == channel);
            EndpointEntry {
                name: endpoint.name.clone(),
                url: endpoint.url.clone(),
                events: endpoint.events.iter().map(ToString::to_string).collect(),
                waiting: channel.map_or(0, |channel| channel.waiting),
                dead: channel.map_or(0, |channel| channel.dead),
                oldest_due_at: channel.and_then(|channel| channel.oldest_due_at),
            }
        });
        Ok(endpoints.collect())
    }
}

impl ReplayEvents {
    /// Enqueues them, in portions. A message that waits still, or is dead, stays as it is beside the new one.
    pub fn execute(&self, core: &Core) -> Result<Replayed, ManageWebhooksError> {
        let is_wanted = |name: &EndpointName| self.endpoint.as_ref().is_none_or(|only| only == name);
        if !core.policy.webhooks.endpoints.iter().any(|endpoint| is_wanted(&endpoint.name)) {
            return Err(ManageWebhooksError::UnknownEndpoint);
        }
        match &self.events {
            ReplayedEvents::One(message) => {
                let id = event_of(message).ok_or(ManageWebhooksError::UnknownMessage)?;
                core.unit(&RequestContext::default(), |work| {
                    let event = work.webhook_events().find(id)?.ok_or(ManageWebhooksError::UnknownMessage)?;
                    let mut replayed = Replayed::default();
                    replay(core, work, &event, &is_wanted, &mut replayed)?;
                    Ok(replayed)
                })
            }
            ReplayedEvents::Since(since) => {
                let mut replayed = Replayed::default();
                let mut after = WebhookEventId::from_number(id::compose(*since, 0) - 1);
                loop {
                    let (portion, page) = core.unit::<_, ManageWebhooksError>(&RequestContext::default(), |work| {
                        let page = work.webhook_events().page(after, PORTION)?;
                        let mut portion = Replayed::default();
                        page.iter().try_for_each(|event| replay(core, work, event, &is_wanted, &mut portion))?;
                        Ok((portion, page))
                    })?;
                    replayed.events += portion.events;
                    replayed.messages += portion.messages;
                    let Some(last) = page.last() else { return Ok(replayed) };
                    after = last.id;
                }
            }
        }
    }
}

/// Enqueues one event for the endpoints that are wanted and subscribe to it.
fn replay(
    core: &Core,
    work: &mut Work<'_>,
    event: &WebhookEvent,
    is_wanted: &dyn Fn(&EndpointName) -> bool,
    replayed: &mut Replayed,
) -> Result<(), Fault> {
    let json = core.vault.open(&event_context(event.id), &event.sealed)?;
    let message: WebhookMessage =
        serde_json::from_slice(&json).map_err(|_| Fault::Internal("an event of another version".to_owned()))?;
    let Some(event) = EventType::ALL.iter().find(|event| event.as_str() == message.event) else {
        // Of a newer build, which can replay it.
        return Ok(());
    };
    let mut messages = 0;
    for endpoint in core.policy.webhooks.subscribers(*event).filter(|endpoint| is_wanted(endpoint)) {
        core.enqueue_message(work, endpoint.clone(), &message)?;
        messages += 1;
    }
    replayed.events += usize::from(messages > 0);
    replayed.messages += messages;
    Ok(())
}
