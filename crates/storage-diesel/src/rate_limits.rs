//! [`RateLimits`] by the generic cell rate algorithm.
//!
//! All that is stored of a budget is when the next one would arrive if they came evenly, one after each `every`. One
//! more may come as long as that instant is less than `burst` times `every` ahead.

use std::time::Duration;

use diesel::{dsl::case_when, prelude::*, query_dsl};
use selfsame_domain::Instant;
use selfsame_ports::{Exhausted, Limit, RateLimits, StorageError, UnitOfWork as _};

use crate::{
    DieselStorage,
    connection::{AnyConnection, on_backend},
    prepared::prepared,
    schema::rate_limits,
    unit::Unit,
};

impl RateLimits for DieselStorage {
    /// One statement where there is one budget.
    fn take(&self, budgets: &[(String, Limit)], now: Instant) -> Result<Option<Exhausted>, StorageError> {
        let exhausted = |(key, _): &(String, Limit), wait| Exhausted { key: key.clone(), wait };
        if let [budget] = budgets {
            let wait = self.writer()?.run(|connection| take(connection, budget, now))?;
            return Ok(wait.map(|wait| exhausted(budget, wait)));
        }
        let mut unit = Box::new(Unit::new(self.writer()?));
        let mut longest: Option<Exhausted> = None;
        for budget in in_order(budgets, |(key, _)| key) {
            if let Some(wait) = unit.run(|connection| take(connection, budget, now))?
                && longest.as_ref().is_none_or(|longest| longest.wait < wait)
            {
                longest = Some(exhausted(budget, wait));
            }
        }
        if longest.is_none() {
            unit.commit()?;
        }
        Ok(longest)
    }

    fn refund(&self, budgets: &[(String, Limit)]) -> Result<(), StorageError> {
        let mut unit = Box::new(Unit::new(self.writer()?));
        for (key, limit) in in_order(budgets, |(key, _)| key) {
            let earlier = rate_limits::theoretical_arrival - interval(*limit);
            let spent = diesel::update(rate_limits::table.find(key));
            let refunded = spent.set(rate_limits::theoretical_arrival.eq(earlier));
            unit.run(|connection| prepared!(refunded).execute(connection))?;
        }
        unit.commit()
    }

    fn clear(&self, keys: &[String]) -> Result<(), StorageError> {
        let mut unit = Box::new(Unit::new(self.writer()?));
        for key in in_order(keys, |key| key) {
            unit.run(|connection| diesel::delete(rate_limits::table.find(key)).execute(connection))?;
        }
        unit.commit()
    }

    fn purge(&self, now: Instant) -> Result<usize, StorageError> {
        let full = rate_limits::table.filter(rate_limits::theoretical_arrival.le(now.timestamp_millis()));
        self.writer()?.run(|connection| diesel::delete(full).execute(connection))
    }
}

/// By key: whoever holds several rows got them in this order, so nobody waits in a circle.
fn in_order<T>(all: &[T], key: fn(&T) -> &String) -> Vec<&T> {
    let mut all: Vec<&T> = all.iter().collect();
    all.sort_by_key(|one| key(one));
    all
}

/// Spends one of a budget in one statement; if there is none left, a second one tells the wait.
fn take(connection: &mut AnyConnection, (key, limit): &(String, Limit), now: Instant) -> QueryResult<Option<Duration>> {
    let (now, every) = (now.timestamp_millis(), interval(*limit));
    let furthest = now.saturating_add(every.saturating_mul(i64::from(limit.burst.max(1)) - 1));
    let arrival = rate_limits::theoretical_arrival;
    let from_now_on = case_when(arrival.gt(now), arrival).otherwise(now) + every;
    let first = (rate_limits::key.eq(key), arrival.eq(now + every));
    let insert = diesel::insert_into(rate_limits::table).values(first);
    let update = insert.on_conflict(rate_limits::key).do_update().set(arrival.eq(from_now_on));
    let within_burst = query_dsl::methods::FilterDsl::filter(update, arrival.le(furthest));
    let within_burst = prepared!(within_burst);
    if on_backend!(connection, |connection| within_burst.execute(connection))? == 1 {
        return Ok(None);
    }
    let arrival = rate_limits::table.find(key).select(arrival);
    let arrival: Option<i64> = arrival.get_result(connection).optional()?;
    // It may have been cleared a moment ago; then one may come at once.
    let wait = arrival.map_or(0, |arrival| arrival - furthest);
    Ok(Some(Duration::from_millis(u64::try_from(wait).unwrap_or(0).max(1))))
}

/// `every` in whole milliseconds, at least one.
fn interval(limit: Limit) -> i64 {
    i64::try_from(limit.every.as_millis()).unwrap_or(i64::MAX / 2).max(1)
}
