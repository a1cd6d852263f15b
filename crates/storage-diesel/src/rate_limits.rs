//! [`RateLimits`] by the generic cell rate algorithm.
//!
//! All that is stored of a budget is when the next one would arrive if they came evenly, one after each `every`. One
//! more may come as long as that instant is less than `burst` times `every` ahead.

use std::time::Duration;

use diesel::{dsl::case_when, prelude::*, query_dsl};
use selfsame_domain::Instant;
use selfsame_ports::{Limit, RateLimits, StorageError};

use crate::{DieselStorage, connection::on_backend, prepared::prepared, schema::rate_limits};

impl RateLimits for DieselStorage {
    fn take(&self, key: &str, limit: Limit, now: Instant) -> Result<Option<Duration>, StorageError> {
        let (now, every) = (now.timestamp_millis(), interval(limit));
        let furthest = now.saturating_add(every.saturating_mul(i64::from(limit.burst.max(1)) - 1));
        let mut connection = self.writer()?;
        let spent = connection.run(|connection| {
            let arrival = rate_limits::theoretical_arrival;
            let from_now_on = case_when(arrival.gt(now), arrival).otherwise(now) + every;
            let first = (rate_limits::key.eq(key), arrival.eq(now + every));
            let insert = diesel::insert_into(rate_limits::table).values(first);
            let update = insert.on_conflict(rate_limits::key).do_update().set(arrival.eq(from_now_on));
            let within_burst = query_dsl::methods::FilterDsl::filter(update, arrival.le(furthest));
            let within_burst = prepared!(within_burst);
            on_backend!(connection, |connection| within_burst.execute(connection))
        })?;
        if spent == 1 {
            return Ok(None);
        }
        let arrival = rate_limits::table.find(key).select(rate_limits::theoretical_arrival);
        let arrival: Option<i64> = connection.run(|connection| arrival.get_result(connection).optional())?;
        // It may have been cleared a moment ago; then one may come at once.
        let wait = arrival.map_or(0, |arrival| arrival - furthest);
        Ok(Some(Duration::from_millis(u64::try_from(wait).unwrap_or(0).max(1))))
    }

    fn refund(&self, key: &str, limit: Limit) -> Result<(), StorageError> {
        let earlier = rate_limits::theoretical_arrival - interval(limit);
        let refunded = diesel::update(rate_limits::table.find(key)).set(rate_limits::theoretical_arrival.eq(earlier));
        self.writer()?.run(|connection| prepared!(refunded).execute(connection)).map(drop)
    }

    fn clear(&self, key: &str) -> Result<(), StorageError> {
        let cleared = diesel::delete(rate_limits::table.find(key));
        self.writer()?.run(|connection| cleared.execute(connection)).map(drop)
    }

    fn purge(&self, now: Instant) -> Result<usize, StorageError> {
        let full = rate_limits::table.filter(rate_limits::theoretical_arrival.le(now.timestamp_millis()));
        self.writer()?.run(|connection| diesel::delete(full).execute(connection))
    }
}

/// `every` in whole milliseconds, at least one.
fn interval(limit: Limit) -> i64 {
    i64::try_from(limit.every.as_millis()).unwrap_or(i64::MAX / 2).max(1)
}
