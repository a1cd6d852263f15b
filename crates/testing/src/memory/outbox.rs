//! The outbox in memory.

use std::{borrow::Cow, collections::BTreeMap};

use selfsame_domain::{Instant, OutboxId};
use selfsame_ports::{
    ChannelStatus, Lease, LeaseToken, Leased, Outbox, OutboxMessage, OutboxRow, OutboxStatus, StorageError,
};

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
    /// Greater than that of every message that was enqueued before.
    place: usize,
    due_at: Instant,
    lease: Option<(LeaseToken, Instant)>,
    dead_at: Option<Instant>,
    last_error: Option<String>,
}

impl Row {
    fn is_held_by(&self, token: LeaseToken) -> bool {
        self.lease.is_some_and(|(held, _)| held == token)
    }

    /// None is left to give back after a requeue.
    fn give_try_back(&mut self) {
        self.message.attempts = (self.message.attempts - 1).max(0);
    }

    fn requeue(&mut self, now: Instant) {
        (self.dead_at, self.due_at, self.message.attempts) = (None, now, 0);
    }
}

impl OutboxTable {
    /// What is still to leave, oldest first, and of one instant in the order in which it was enqueued.
    pub(super) fn waiting(&self) -> Vec<OutboxMessage> {
        let mut waiting: Vec<_> = self.0.values().filter(|row| row.dead_at.is_none()).collect();
        waiting.sort_by_key(|row| (row.message.created_at, row.place));
        waiting.into_iter().map(|row| row.message.clone()).collect()
    }

    /// Ends a lease and changes the row, if the token holds.
    fn end_lease(&mut self, id: OutboxId, token: LeaseToken, change: impl FnOnce(&mut Row)) -> bool {
        let held = self.0.get_mut(&id).filter(|row| row.is_held_by(token));
        held.is_some_and(|row| {
            row.lease = None;
            change(row);
            true
        })
    }

    fn lease(&mut self, lease: &Lease) -> Vec<Leased> {
        let is_due = |row: &&mut Row| {
            let is_free = row.lease.is_none_or(|(_, until)| until <= lease.now);
            row.dead_at.is_none() && row.due_at <= lease.now && row.message.channel == lease.channel && is_free
        };
        let mut due: Vec<&mut Row> = self.0.values_mut().filter(is_due).collect();
        due.sort_by_key(|row| (row.due_at, row.place));
        let leased = due.into_iter().take(rows(lease.limit)).map(|row| {
            row.lease = Some((lease.token, lease.until));
            row.message.attempts += 1;
            Leased { message: row.message.clone(), token: lease.token }
        });
        leased.collect()
    }

    pub(super) fn page(&self, dead_only: bool, after: Option<OutboxId>, limit: i64) -> Vec<OutboxRow> {
        let is_wanted =
            |row: &&Row| after.is_none_or(|after| row.message.id > after) && (!dead_only || row.dead_at.is_some());
        self.0.values().filter(is_wanted).take(rows(limit)).map(listed).collect()
    }

    pub(super) fn status(&self) -> OutboxStatus {
        let mut channels = BTreeMap::<Cow<'_, str>, ChannelStatus>::new();
        for row in self.0.values() {
            let word = row.message.channel.to_text();
            let status = channels.entry(word.clone()).or_default();
            status.channel = word.into_owned();
            if row.dead_at.is_some() {
                status.dead += 1;
            } else {
                status.waiting += 1;
                status.oldest_due_at = Some(status.oldest_due_at.map_or(row.due_at, |oldest| oldest.min(row.due_at)));
            }
        }
        OutboxStatus::of(channels.into_values().collect())
    }
}

impl Outbox for MemoryUnit<'_> {
    fn enqueue(&mut self, message: &OutboxMessage) -> Result<(), StorageError> {
        self.enqueue_at(message, message.created_at)
    }

    fn enqueue_at(&mut self, message: &OutboxMessage, due_at: Instant) -> Result<(), StorageError> {
        self.run(|tables| {
            let place = tables.outbox.0.values().map(|row| row.place + 1).max().unwrap_or_default();
            let row = Row { message: message.clone(), place, due_at, lease: None, dead_at: None, last_error: None };
            insert_new(&mut tables.outbox.0, message.id, row)
        })
    }

    fn lease(&mut self, lease: &Lease) -> Result<Vec<Leased>, StorageError> {
        self.run(|tables| Ok(tables.outbox.lease(lease)))
    }

    fn renew(&mut self, id: OutboxId, token: LeaseToken, until: Instant) -> Result<bool, StorageError> {
        self.run(|tables| {
            let held = tables.outbox.0.get_mut(&id).filter(|row| row.is_held_by(token));
            Ok(held.map(|row| row.lease = Some((token, until))).is_some())
        })
    }

    fn sent(&mut self, id: OutboxId, token: LeaseToken) -> Result<bool, StorageError> {
        self.run(|tables| {
            let is_held = tables.outbox.end_lease(id, token, |_| ());
            Ok(is_held && tables.outbox.0.remove(&id).is_some())
        })
    }

    fn retry(&mut self, id: OutboxId, token: LeaseToken, due_at: Instant, error: &str) -> Result<bool, StorageError> {
        let change = |row: &mut Row| (row.due_at, row.last_error) = (due_at, Some(error.to_owned()));
        self.run(|tables| Ok(tables.outbox.end_lease(id, token, change)))
    }

    fn defer(&mut self, id: OutboxId, token: LeaseToken, due_at: Instant, error: &str) -> Result<bool, StorageError> {
        let change = |row: &mut Row| {
            (row.due_at, row.last_error) = (due_at, Some(error.to_owned()));
            row.give_try_back();
        };
        self.run(|tables| Ok(tables.outbox.end_lease(id, token, change)))
    }

    fn mark_dead(&mut self, id: OutboxId, token: LeaseToken, now: Instant, error: &str) -> Result<bool, StorageError> {
        let change = |row: &mut Row| (row.dead_at, row.last_error) = (Some(now), Some(error.to_owned()));
        self.run(|tables| Ok(tables.outbox.end_lease(id, token, change)))
    }

    fn release(&mut self, ids: &[OutboxId], token: LeaseToken) -> Result<usize, StorageError> {
        self.run(|tables| {
            let release = |id: &&OutboxId| tables.outbox.end_lease(**id, token, Row::give_try_back);
            Ok(ids.iter().filter(release).count())
        })
    }

    fn find(&mut self, id: OutboxId) -> Result<Option<OutboxRow>, StorageError> {
        self.run(|tables| Ok(tables.outbox.0.get(&id).map(listed)))
    }

    fn requeue(&mut self, id: OutboxId, now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.outbox.0.get_mut(&id).map(|row| row.requeue(now)).is_some()))
    }

    fn requeue_dead(&mut self, now: Instant, limit: i64) -> Result<usize, StorageError> {
        let is_wanted = |row: &&mut Row| row.dead_at.is_some() && row.message.expires_at > now;
        self.run(|tables| {
            let mut dead: Vec<&mut Row> = tables.outbox.0.values_mut().filter(is_wanted).collect();
            dead.sort_by_key(|row| row.dead_at);
            Ok(dead.into_iter().take(rows(limit)).map(|row| row.requeue(now)).count())
        })
    }

    fn remove(&mut self, id: OutboxId) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.outbox.0.remove(&id).is_some()))
    }

    fn purge_dead(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let is_old = |row: &Row| row.dead_at.is_some_and(|dead_at| dead_at < before);
        self.run(|tables| Ok(remove_where(&mut tables.outbox.0, limit, is_old)))
    }

    fn purge_left(&mut self, before: OutboxId, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| {
            Ok(remove_where(&mut tables.outbox.0, limit, |row| row.message.id < before && row.dead_at.is_none()))
        })
    }
}

fn rows(limit: i64) -> usize {
    usize::try_from(limit).unwrap_or(0)
}

fn listed(row: &Row) -> OutboxRow {
    OutboxRow {
        id: row.message.id,
        channel: row.message.channel.to_text().into_owned(),
        sealed: row.message.sealed.clone(),
        created_at: row.message.created_at,
        due_at: row.due_at,
        expires_at: row.message.expires_at,
        attempts: row.message.attempts,
        dead_at: row.dead_at,
        last_error: row.last_error.clone(),
    }
}
