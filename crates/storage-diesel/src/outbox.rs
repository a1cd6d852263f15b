//! [`Outbox`].

use diesel::{dsl::case_when, prelude::*};
use selfsame_domain::{Instant, OutboxId, id::Id as _};
use selfsame_ports::{Lease, LeaseToken, Leased, Outbox, OutboxMessage, OutboxRow, StorageError};

use crate::{
    locking::LockDsl as _,
    prepared::prepared,
    rows::{LISTED, Listed, Waiting, leased_row, listed_row},
    schema::outbox,
    sql_types::At,
    unit::Unit,
};

/// The message with this id, if the token is valid.
macro_rules! held {
    ($id:expr, $token:expr) => {
        outbox::table.find($id.number()).filter(outbox::lease_token.eq($token.0))
    };
}

/// Without a lease.
macro_rules! unleased {
    () => {
        (outbox::lease_token.eq(None::<i64>), outbox::leased_until.eq(None::<At>))
    };
}

/// One try fewer; after a requeue there is none to take back.
macro_rules! one_try_less {
    () => {
        case_when(outbox::attempts.gt(0), outbox::attempts - 1).otherwise(0)
    };
}

impl Outbox for Unit {
    fn enqueue(&mut self, message: &OutboxMessage) -> Result<(), StorageError> {
        self.enqueue_at(message, message.created_at)
    }

    fn enqueue_at(&mut self, message: &OutboxMessage, due_at: Instant) -> Result<(), StorageError> {
        let row = (
            outbox::id.eq(message.id.number()),
            outbox::channel.eq(message.channel.to_text()),
            outbox::locale.eq(&message.locale),
            outbox::sealed.eq(&message.sealed),
            outbox::created_at.eq(At(message.created_at)),
            outbox::expires_at.eq(At(message.expires_at)),
            outbox::attempts.eq(message.attempts),
            outbox::due_at.eq(At(due_at)),
        );
        self.run(|connection| diesel::insert_into(outbox::table).values(row).execute(connection)).map(drop)
    }

    /// Workers that lease at the same time get different messages, without waiting for each other.
    fn lease(&mut self, lease: &Lease) -> Result<Vec<Leased>, StorageError> {
        let is_free = outbox::leased_until.is_null().or(outbox::leased_until.le(At(lease.now)));
        let due = outbox::table
            .filter(outbox::dead_at.is_null())
            .filter(outbox::due_at.le(At(lease.now)))
            .filter(outbox::channel.eq(lease.channel.to_text()))
            .filter(is_free)
            .order((outbox::due_at, outbox::id))
            .limit(lease.limit)
            .select(outbox::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| due.load(connection))?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let leased = diesel::update(outbox::table.filter(outbox::id.eq_any(ids)))
            .set((
                outbox::lease_token.eq(lease.token.0),
                outbox::leased_until.eq(At(lease.until)),
                outbox::attempts.eq(outbox::attempts + 1),
            ))
            .returning((
                outbox::id,
                outbox::locale,
                outbox::sealed,
                outbox::created_at,
                outbox::expires_at,
                outbox::attempts,
                outbox::due_at,
            ));
        let mut rows: Vec<Waiting> = self.run(|connection| leased.get_results(connection))?;
        rows.sort_unstable_by_key(|(id, .., due_at)| (*due_at, *id));
        Ok(rows.into_iter().map(|row| leased_row(lease, row)).collect())
    }

    fn renew(&mut self, id: OutboxId, token: LeaseToken, until: Instant) -> Result<bool, StorageError> {
        let message = diesel::update(held!(id, token)).set(outbox::leased_until.eq(At(until)));
        self.run(|connection| prepared!(message).execute(connection)).map(|count| count == 1)
    }

    fn sent(&mut self, id: OutboxId, token: LeaseToken) -> Result<bool, StorageError> {
        let message = diesel::delete(held!(id, token));
        self.run(|connection| message.execute(connection)).map(|count| count == 1)
    }

    fn retry(&mut self, id: OutboxId, token: LeaseToken, due_at: Instant, error: &str) -> Result<bool, StorageError> {
        let message = diesel::update(held!(id, token)).set((
            unleased!(),
            outbox::due_at.eq(At(due_at)),
            outbox::last_error.eq(error),
        ));
        self.run(|connection| prepared!(message).execute(connection)).map(|count| count == 1)
    }

    fn defer(&mut self, id: OutboxId, token: LeaseToken, due_at: Instant, error: &str) -> Result<bool, StorageError> {
        let message = diesel::update(held!(id, token)).set((
            unleased!(),
            outbox::attempts.eq(one_try_less!()),
            outbox::due_at.eq(At(due_at)),
            outbox::last_error.eq(error),
        ));
        self.run(|connection| prepared!(message).execute(connection)).map(|count| count == 1)
    }

    fn mark_dead(&mut self, id: OutboxId, token: LeaseToken, now: Instant, error: &str) -> Result<bool, StorageError> {
        let message = diesel::update(held!(id, token)).set((
            unleased!(),
            outbox::dead_at.eq(At(now)),
            outbox::last_error.eq(error),
        ));
        self.run(|connection| prepared!(message).execute(connection)).map(|count| count == 1)
    }

    fn release(&mut self, ids: &[OutboxId], token: LeaseToken) -> Result<usize, StorageError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.number()).collect();
        let leased = outbox::table.filter(outbox::id.eq_any(ids)).filter(outbox::lease_token.eq(token.0));
        let released = diesel::update(leased).set((unleased!(), outbox::attempts.eq(one_try_less!())));
        self.run(|connection| released.execute(connection))
    }

    fn find(&mut self, id: OutboxId) -> Result<Option<OutboxRow>, StorageError> {
        let row = outbox::table.find(id.number()).select(LISTED);
        let row: Option<Listed> = self.run(|connection| row.first(connection).optional())?;
        Ok(row.map(listed_row))
    }

    fn requeue(&mut self, id: OutboxId, now: Instant) -> Result<bool, StorageError> {
        let values = (outbox::dead_at.eq(None::<At>), outbox::due_at.eq(At(now)), outbox::attempts.eq(0));
        let message = diesel::update(outbox::table.find(id.number())).set(values);
        self.run(|connection| message.execute(connection)).map(|count| count == 1)
    }

    /// Messages that are locked by another requeue or purge are skipped.
    fn requeue_dead(&mut self, now: Instant, limit: i64) -> Result<usize, StorageError> {
        let dead = outbox::table
            .filter(outbox::dead_at.is_not_null())
            .filter(outbox::expires_at.gt(At(now)))
            .order(outbox::dead_at)
            .limit(limit)
            .select(outbox::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| dead.load(connection))?;
        let values = (outbox::dead_at.eq(None::<At>), outbox::due_at.eq(At(now)), outbox::attempts.eq(0));
        let requeued = diesel::update(outbox::table.filter(outbox::id.eq_any(ids))).set(values);
        self.run(|connection| requeued.execute(connection))
    }

    fn remove(&mut self, id: OutboxId) -> Result<bool, StorageError> {
        let message = diesel::delete(outbox::table.find(id.number()));
        self.run(|connection| message.execute(connection)).map(|count| count == 1)
    }

    /// Messages that are locked by a requeue are skipped.
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

    fn purge_left(&mut self, before: OutboxId, limit: i64) -> Result<usize, StorageError> {
        let left = outbox::table
            .filter(outbox::id.lt(before.number()))
            .filter(outbox::dead_at.is_null())
            .order(outbox::id)
            .limit(limit)
            .select(outbox::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| prepared!(left).load(connection))?;
        if ids.is_empty() {
            return Ok(0);
        }
        self.run(|connection| diesel::delete(outbox::table.filter(outbox::id.eq_any(ids))).execute(connection))
    }
}
