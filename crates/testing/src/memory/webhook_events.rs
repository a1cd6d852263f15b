//! Events for a replay, in memory.

use std::ops::Bound;

use selfsame_domain::{UserId, WebhookEventId};
use selfsame_ports::{StorageError, WebhookEvent, WebhookEvents};

use super::{
    tables::{insert_new, remove_where},
    unit::MemoryUnit,
};

impl WebhookEvents for MemoryUnit<'_> {
    fn insert(&mut self, event: &WebhookEvent) -> Result<(), StorageError> {
        self.run(|tables| insert_new(&mut tables.webhook_events, event.id, event.clone()))
    }

    fn find(&mut self, id: WebhookEventId) -> Result<Option<WebhookEvent>, StorageError> {
        self.run(|tables| Ok(tables.webhook_events.get(&id).cloned()))
    }

    fn page(&mut self, after: WebhookEventId, limit: i64) -> Result<Vec<WebhookEvent>, StorageError> {
        self.run(|tables| {
            let later = tables.webhook_events.range((Bound::Excluded(after), Bound::Unbounded));
            Ok(later.map(|(_, event)| event.clone()).take(usize::try_from(limit).unwrap_or(0)).collect())
        })
    }

    fn erase(&mut self, user: UserId) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.webhook_events, i64::MAX, |event| event.user_id == user)))
    }

    fn purge(&mut self, before: WebhookEventId, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.webhook_events, limit, |event| event.id < before)))
    }
}
