//! The outbox in memory.

use std::collections::BTreeMap;

use selfsame_domain::{Instant, OutboxId};
use selfsame_ports::{Outbox, OutboxMessage, OutboxStatus, StorageError};

use super::{
    tables::{insert_new, remove_where},
    unit::MemoryUnit,
};

/// The queue.
#[derive(Clone, Default)]
pub(super) struct OutboxTable(BTreeMap<OutboxId, Row>);

#[derive(Clone)]
struct Row {
    message: OutboxMessage,
    due_at: Instant,
    leased_until: Option<Instant>,
    dead_at: Option<Instant>,
}

impl OutboxTable {
    /// What is still to be sent, oldest first.
    pub(super) fn waiting(&self) -> Vec<OutboxMessage> {
        let waiting = self.0.values().filter(|row| row.dead_at.is_none());
        let mut waiting: Vec<_> = waiting.map(|row| row.message.clone()).collect();
        waiting.sort_by_key(|message| (message.created_at, message.id));
        waiting
    }

    fn change(&mut self, id: OutboxId, change: impl FnOnce(&mut Row)) {
        if let Some(row) = self.0.get_mut(&id) {
            row.leased_until = None;
            change(row);
        }
    }

    fn lease(&mut self, now: Instant, leased_until: Instant, limit: usize) -> Vec<OutboxMessage> {
        let is_due = |row: &&mut Row| {
            row.dead_at.is_none() && row.due_at <= now && row.leased_until.is_none_or(|until| until <= now)
        };
        let mut due: Vec<&mut Row> = self.0.values_mut().filter(is_due).collect();
        due.sort_by_key(|row| (row.message.created_at, row.message.id));
        let leased = due.into_iter().take(limit).map(|row| {
            row.leased_until = Some(leased_until);
            row.message.attempts += 1;
            row.message.clone()
        });
        leased.collect()
    }
}

impl Outbox for MemoryUnit<'_> {
    fn enqueue(&mut self, message: &OutboxMessage) -> Result<(), StorageError> {
        let row = Row { message: message.clone(), due_at: message.created_at, leased_until: None, dead_at: None };
        self.run(|tables| insert_new(&mut tables.outbox.0, message.id, row))
    }

    fn lease(&mut self, now: Instant, leased_until: Instant, limit: i64) -> Result<Vec<OutboxMessage>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or(0);
        self.run(|tables| Ok(tables.outbox.lease(now, leased_until, limit)))
    }

    fn sent(&mut self, id: OutboxId) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.outbox.0.remove(&id);
            Ok(())
        })
    }

    fn retry(&mut self, id: OutboxId, due_at: Instant, _error: &str) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.outbox.change(id, |row| row.due_at = due_at);
            Ok(())
        })
    }

    fn bury(&mut self, id: OutboxId, now: Instant, _error: &str) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.outbox.change(id, |row| row.dead_at = Some(now));
            Ok(())
        })
    }

    fn release(&mut self, ids: &[OutboxId]) -> Result<(), StorageError> {
        self.run(|tables| {
            for id in ids {
                let row = tables.outbox.0.get_mut(id);
                if let Some(row) = row.filter(|row| row.leased_until.is_some()) {
                    row.leased_until = None;
                    row.message.attempts -= 1;
                }
            }
            Ok(())
        })
    }

    fn requeue_dead(&mut self, now: Instant) -> Result<usize, StorageError> {
        self.run(|tables| {
            let dead = tables.outbox.0.values_mut().filter(|row| row.dead_at.is_some());
            let requeued = dead.map(|row| {
                (row.dead_at, row.due_at) = (None, now);
                // It starts over: as many tries as a new message has.
                row.message.attempts = 0;
            });
            Ok(requeued.count())
        })
    }

    fn purge_dead(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let is_old = |row: &Row| row.dead_at.is_some_and(|dead_at| dead_at < before);
        self.run(|tables| Ok(remove_where(&mut tables.outbox.0, limit, is_old)))
    }

    fn status(&mut self) -> Result<OutboxStatus, StorageError> {
        self.run(|tables| {
            let count = |is_dead| tables.outbox.0.values().filter(|row| row.dead_at.is_some() == is_dead).count();
            let rows = |count: usize| i64::try_from(count).expect("fewer than 2^63 messages");
            Ok(OutboxStatus { waiting: rows(count(false)), dead: rows(count(true)) })
        })
    }
}
