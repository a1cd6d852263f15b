//! [`RateLimits`] by the generic cell rate algorithm.
//!
//! A budget is stored as its theoretical arrival time: the instant at which it is full again. A charge moves that
//! instant by its cost, and is accepted if the instant is then no further ahead than the capacity.

use std::{collections::HashMap, time::Duration};

use diesel::{dsl::case_when, prelude::*, query_dsl};
use selfsame_domain::Instant;
use selfsame_ports::{BudgetKey, Charge, Exhausted, RateLimits, StorageError};

use crate::{
    DieselStorage,
    connection::{AnyConnection, on_backend},
    locking::LockDsl as _,
    prepared::prepared,
    schema::rate_limits,
    transaction::Transaction,
};

impl RateLimits for DieselStorage {
    /// One statement if there is one charge.
    fn take(&self, charges: &[Charge], now: Instant) -> Result<Result<Vec<Duration>, Exhausted>, StorageError> {
        if let [charge] = charges {
            let taken = self.writer()?.run(|connection| take(connection, charge, now))?;
            return Ok(taken.map(|left| vec![left]));
        }
        let mut transaction = Transaction::new(self.writer()?);
        let mut longest: Option<Exhausted> = None;
        let mut left = HashMap::new();
        for charge in in_order(charges, |charge| &charge.key) {
            match transaction.run(|connection| take(connection, charge, now))? {
                Ok(rest) => {
                    left.insert(charge.key, rest);
                }
                Err(exhausted) if longest.is_none_or(|longest| longest.wait < exhausted.wait) => {
                    longest = Some(exhausted);
                }
                Err(_) => {}
            }
        }
        if let Some(exhausted) = longest {
            return Ok(Err(exhausted));
        }
        transaction.commit()?;
        Ok(Ok(charges.iter().filter_map(|charge| left.get(&charge.key).copied()).collect()))
    }

    fn refund(&self, charges: &[Charge]) -> Result<(), StorageError> {
        let mut transaction = Transaction::new(self.writer()?);
        for charge in in_order(charges, |charge| &charge.key) {
            let (cost, _) = millis(charge);
            let spent = diesel::update(rate_limits::table.find(charge.key.as_slice()));
            let refunded = spent.set(rate_limits::theoretical_arrival.eq(rate_limits::theoretical_arrival - cost));
            transaction.run(|connection| prepared!(refunded).execute(connection))?;
        }
        transaction.commit()
    }

    fn clear(&self, keys: &[BudgetKey]) -> Result<(), StorageError> {
        let mut transaction = Transaction::new(self.writer()?);
        for key in in_order(keys, |key| key) {
            transaction
                .run(|connection| diesel::delete(rate_limits::table.find(key.as_slice())).execute(connection))?;
        }
        transaction.commit()
    }

    fn purge(&self, now: Instant, limit: i64) -> Result<usize, StorageError> {
        let full = rate_limits::table
            .filter(rate_limits::theoretical_arrival.le(now.timestamp_millis()))
            .order(rate_limits::theoretical_arrival)
            .limit(limit)
            .select(rate_limits::key)
            .locked_unless_held();
        let mut transaction = Transaction::new(self.writer()?);
        let keys: Vec<Vec<u8>> = transaction.run(|connection| full.load(connection))?;
        let full = rate_limits::table.filter(rate_limits::key.eq_any(keys));
        let removed = transaction.run(|connection| diesel::delete(full).execute(connection))?;
        transaction.commit()?;
        Ok(removed)
    }
}

/// By key: all units lock several rows in this order, so they do not deadlock.
fn in_order<T>(all: &[T], key: fn(&T) -> &BudgetKey) -> Vec<&T> {
    let mut all: Vec<&T> = all.iter().collect();
    all.sort_by_key(|one| key(one));
    all
}

/// Takes one charge in one statement, and returns what is left; if that is too little, a second statement reads the wait.
fn take(connection: &mut AnyConnection, charge: &Charge, now: Instant) -> QueryResult<Result<Duration, Exhausted>> {
    let (now, (cost, capacity)) = (now.timestamp_millis(), millis(charge));
    let furthest = now.saturating_add(capacity - cost);
    let (key, arrival) = (charge.key.as_slice(), rate_limits::theoretical_arrival);
    let from_now_on = case_when(arrival.gt(now), arrival).otherwise(now) + cost;
    let first = (rate_limits::key.eq(key), arrival.eq(now.saturating_add(cost)));
    let insert = diesel::insert_into(rate_limits::table).values(first);
    let update = insert.on_conflict(rate_limits::key).do_update().set(arrival.eq(from_now_on));
    let within_capacity = query_dsl::methods::FilterDsl::filter(update, arrival.le(furthest));
    let within_capacity = prepared!(within_capacity.returning(arrival));
    let full_at: Option<i64> = on_backend!(connection, |connection| within_capacity.get_result(connection).optional())?;
    if let Some(full_at) = full_at {
        return Ok(Ok(duration(capacity - (full_at - now))));
    }
    let arrival = rate_limits::table.find(key).select(arrival);
    let arrival: Option<i64> = arrival.get_result(connection).optional()?;
    // It may have been cleared in the meantime; then there is no wait.
    let wait = arrival.map_or(0, |arrival| arrival - furthest);
    Ok(Err(Exhausted { key: charge.key, wait: duration(wait.max(1)) }))
}

/// Milliseconds; none if there are fewer.
fn duration(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// Cost and capacity in whole milliseconds, at least one.
fn millis(charge: &Charge) -> (i64, i64) {
    let millis = |amount: Duration| i64::try_from(amount.as_millis()).unwrap_or(i64::MAX).clamp(1, i64::MAX / 4);
    (millis(charge.cost.min(charge.capacity)), millis(charge.capacity))
}
