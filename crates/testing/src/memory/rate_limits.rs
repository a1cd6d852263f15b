//! Budgets in memory, by GCRA: of each key only the instant is kept at which its budget is full again.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use selfsame_domain::Instant;
use selfsame_ports::{Limit, RateLimits, StorageError};

use super::{MemoryStorage, locked};

/// When each key's budget is full again.
pub(super) type Budgets = BTreeMap<String, Instant>;

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).expect("a limit of less than a geological age")
}

impl RateLimits for MemoryStorage {
    fn take(&self, key: &str, limit: Limit, now: Instant) -> Result<Option<Duration>, StorageError> {
        self.up()?;
        let mut budgets = locked(&self.budgets);
        let full_at = budgets.get(key).map_or(now, |&full_at| full_at.max(now));
        let next = full_at + delta(limit.every);
        let allowed_at = next - delta(limit.every * limit.burst);
        if allowed_at > now {
            let wait = (allowed_at - now).to_std().expect("later than now");
            return Ok(Some(wait));
        }
        budgets.insert(key.to_owned(), next);
        Ok(None)
    }

    fn refund(&self, key: &str, limit: Limit) -> Result<(), StorageError> {
        self.up()?;
        if let Some(full_at) = locked(&self.budgets).get_mut(key) {
            *full_at -= delta(limit.every);
        }
        Ok(())
    }

    fn clear(&self, key: &str) -> Result<(), StorageError> {
        self.up()?;
        locked(&self.budgets).remove(key);
        Ok(())
    }

    fn purge(&self, now: Instant) -> Result<usize, StorageError> {
        self.up()?;
        let mut budgets = locked(&self.budgets);
        let before = budgets.len();
        budgets.retain(|_, full_at| *full_at > now);
        Ok(before - budgets.len())
    }
}
