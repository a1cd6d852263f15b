//! [`Outbox`].

use diesel::{
    dsl::{count, count_star},
    prelude::*,
};
use selfsame_domain::{Instant, OutboxId, id::Id as _};
use selfsame_ports::{Outbox, OutboxMessage, OutboxStatus, StorageError};

use crate::{locking::LockDsl as _, schema::outbox, sql_types::At, unit::Unit};

/// What of a row the worker wants to know.
type Waiting = (i64, Vec<u8>, At, At, i32);

impl Outbox for Unit {
    fn enqueue(&mut self, message: &OutboxMessage) -> Result<(), StorageError> {
        let row = (
            outbox::id.eq(message.id.number()),
            outbox::sealed.eq(&message.sealed),
            outbox::created_at.eq(At(message.created_at)),
            outbox::expires_at.eq(At(message.expires_at)),
            outbox::attempts.eq(message.attempts),
            outbox::due_at.eq(At(message.created_at)),
        );
        self.run(|connection| diesel::insert_into(outbox::table).values(row).execute(connection)).map(drop)
    }

    /// Workers that lease at once get different messages, without waiting for each other.
    fn lease(&mut self, now: Instant, leased_until: Instant, limit: i64) -> Result<Vec<OutboxMessage>, StorageError> {
        let is_free = outbox::leased_until.is_null().or(outbox::leased_until.le(At(now)));
        let due = outbox::table
            .filter(outbox::dead_at.is_null())
            .filter(outbox::due_at.le(At(now)))
            .filter(is_free)
            .order((outbox::created_at, outbox::id))
            .limit(limit)
            .select(outbox::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| due.load(connection))?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let leased = diesel::update(outbox::table.filter(outbox::id.eq_any(ids)))
            .set((outbox::leased_until.eq(At(leased_until)), outbox::attempts.eq(outbox::attempts + 1)))
            .returning((outbox::id, outbox::sealed, outbox::created_at, outbox::expires_at, outbox::attempts));
        let mut rows: Vec<Waiting> = self.run(|connection| leased.get_results(connection))?;
        rows.sort_unstable_by_key(|(id, _, created_at, ..)| (*created_at, *id));
        Ok(rows.into_iter().map(message).collect())
    }

    fn sent(&mut self, id: OutboxId) -> Result<(), StorageError> {
        self.run(|connection| diesel::delete(outbox::table.find(id.number())).execute(connection)).map(drop)
    }

    fn retry(&mut self, id: OutboxId, due_at: Instant, error: &str) -> Result<(), StorageError> {
        let values = (outbox::due_at.eq(At(due_at)), outbox::leased_until.eq(None::<At>), outbox::last_error.eq(error));
        let message = diesel::update(outbox::table.find(id.number())).set(values);
        self.run(|connection| message.execute(connection)).map(drop)
    }

    fn bury(&mut self, id: OutboxId, now: Instant, error: &str) -> Result<(), StorageError> {
        let values = (outbox::dead_at.eq(At(now)), outbox::leased_until.eq(None::<At>), outbox::last_error.eq(error));
        let message = diesel::update(outbox::table.find(id.number())).set(values);
        self.run(|connection| message.execute(connection)).map(drop)
    }

    fn release(&mut self, ids: &[OutboxId]) -> Result<(), StorageError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.number()).collect();
        let leased = outbox::table.filter(outbox::id.eq_any(ids)).filter(outbox::leased_until.is_not_null());
        let values = (outbox::leased_until.eq(None::<At>), outbox::attempts.eq(outbox::attempts - 1));
        self.run(|connection| diesel::update(leased).set(values).execute(connection)).map(drop)
    }

    /// They start over: as many tries as a new message has.
    fn requeue_dead(&mut self, now: Instant) -> Result<usize, StorageError> {
        let values = (
            outbox::dead_at.eq(None::<At>),
            outbox::due_at.eq(At(now)),
            outbox::leased_until.eq(None::<At>),
            outbox::attempts.eq(0),
        );
        let requeued = diesel::update(outbox::table.filter(outbox::dead_at.is_not_null())).set(values);
        self.run(|connection| requeued.execute(connection))
    }

    /// Messages that somebody is about to requeue are left out.
    fn purge_dead(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let old = outbox::table
            .filter(outbox::dead_at.lt(At(before)))
            .order(outbox::dead_at)
            .limit(limit)
            .select(outbox::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| old.load(connection))?;
        self.run(|connection| diesel::delete(outbox::table.filter(outbox::id.eq_any(ids))).execute(connection))
    }

    fn status(&mut self) -> Result<OutboxStatus, StorageError> {
        let counts = outbox::table.select((count_star(), count(outbox::dead_at)));
        let (all, dead): (i64, i64) = self.run(|connection| counts.get_result(connection))?;
        Ok(OutboxStatus { waiting: all - dead, dead })
    }
}

fn message((id, sealed, created_at, expires_at, attempts): Waiting) -> OutboxMessage {
    OutboxMessage {
        id: OutboxId::from_number(id),
        sealed,
        created_at: created_at.0,
        expires_at: expires_at.0,
        attempts,
    }
}
