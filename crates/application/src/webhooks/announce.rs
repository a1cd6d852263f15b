//! From what is recorded to what is told: events are collected while a unit runs, and enqueued at its end.

use selfsame_domain::{
    Action, Actor, Difference, EndpointName, EventType, Instant, OutboxId, SignInId, User, WebhookEventId,
};
use selfsame_ports::{Channel, WebhookEvent, WebhookMessage};

use super::{event_context, message_id, payload};
use crate::{Core, Fault, LONGEST_MAIL_USE, account::Event, core::Work};

/// A recorded event that concerns others.
pub(crate) struct Announcement {
    pub(crate) types: Vec<EventType>,
    pub(super) action: Action,
    pub(super) actor: Actor,
    pub(super) sign_in: Option<SignInId>,
    pub(super) occurred_at: Instant,
    /// Place in the account's audit trail.
    pub(super) sequence: i64,
    /// The claims that changed.
    pub(super) changed: Vec<String>,
}

impl Announcement {
    /// The same event of an account that is removed by it.
    pub(crate) fn of_deletion(self) -> Self {
        Self { types: vec![EventType::UserDeleted], changed: Vec::new(), ..self }
    }

    /// The event with the account as it was saved with it.
    pub(crate) fn about(self, user: &User) -> Announced {
        Announced { announcement: self, user: user.clone() }
    }
}

/// A recorded event, and the account after it.
pub(crate) struct Announced {
    pub(super) announcement: Announcement,
    pub(super) user: User,
}

/// The claim that a JSON Pointer leads into.
fn claim(change: &Difference) -> Option<String> {
    change.pointer.split('/').nth(1).map(ToOwned::to_owned)
}

impl Core {
    /// What others are told of an event that is recorded next; `None` where there are no endpoints. It has no types if nobody
    /// is told, unless the account is removed with it.
    pub(crate) fn announcement(&self, account: &User, event: &Event) -> Option<Announcement> {
        if self.policy.webhooks.endpoints.is_empty() {
            return None;
        }
        let is_told = |event: &EventType| {
            // The end of an account erases its events, whoever subscribes.
            *event == EventType::UserDeleted || self.policy.webhooks.subscribers(*event).next().is_some()
        };
        let mut changed: Vec<String> = event.changes.iter().filter_map(claim).collect();
        changed.dedup();
        Some(Announcement {
            types: EventType::all_of(event.action, &event.changes).into_iter().filter(is_told).collect(),
            action: event.action,
            actor: event.actor,
            sign_in: event.sign_in,
            occurred_at: self.clock.now(),
            sequence: account.audit_head.sequence + 1,
            changed,
        })
    }

    /// Enqueues the events of a unit, once for each endpoint that subscribes, as its last statements.
    pub(crate) fn enqueue_announced(&self, work: &mut Work<'_>) -> Result<(), Fault> {
        for announced in std::mem::take(&mut work.announced) {
            for event in &announced.announcement.types {
                self.enqueue_event(work, *event, &announced)?;
            }
        }
        Ok(())
    }

    fn enqueue_event(&self, work: &mut Work<'_>, event: EventType, announced: &Announced) -> Result<(), Fault> {
        let user = announced.user.id;
        if event == EventType::UserDeleted {
            // They contain what is to be forgotten (R77).
            work.webhook_events().erase(user)?;
        }
        let mut subscribers = self.policy.webhooks.subscribers(event).peekable();
        if subscribers.peek().is_none() {
            return Ok(()); // The end of an account.
        }
        let id: WebhookEventId = self.id();
        let body = payload::body(&self.policy, event, announced)?;
        let message = WebhookMessage { id: message_id(id), event: event.as_str().to_owned(), body };
        if self.policy.webhooks.keep > chrono::Duration::zero() {
            let json = serde_json::to_vec(&message).map_err(|error| Fault::Internal(error.to_string()))?;
            let sealed = self.vault.seal(&event_context(id), &json)?;
            work.webhook_events().insert(&WebhookEvent { id, user_id: user, sealed })?;
        }
        for endpoint in subscribers {
            self.enqueue_message(work, endpoint.clone(), &message)?;
        }
        Ok(())
    }

    /// Enqueues a message to one endpoint.
    pub(crate) fn enqueue_message(
        &self,
        work: &mut Work<'_>,
        endpoint: EndpointName,
        message: &WebhookMessage,
    ) -> Result<(), Fault> {
        let id: OutboxId = self.id();
        self.enqueue(work, id, Channel::Webhook(endpoint), None, message, self.clock.now() + LONGEST_MAIL_USE)
    }
}
