//! Budgets in memory, by GCRA: of each key only the instant is kept at which its budget is full again.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use selfsame_domain::Instant;
use selfsame_ports::{Exhausted, Limit, RateLimits, StorageError};

use super::{MemoryStorage, locked};

/// When each key's budget is full again.
pub(super) type Budgets = BTreeMap<String, Instant>;

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).expect("a limit of less than a geological age")
}

impl RateLimits for MemoryStorage {
    fn take(&self, budgets: &[(String, Limit)], now: Instant) -> Result<Option<Exhausted>, StorageError> {
        self.up()?;
        let mut stored = locked(&self.budgets);
        let next = |key: &String, limit: Limit| {
            let full_at = stored.get(key).map_or(now, |&full_at| full_at.max(now));
            full_at + delta(limit.every)
        };
        let all: Vec<_> = budgets.iter().map(|(key, limit)| (key.clone(), next(key, *limit))).collect();
        let waits = all.iter().zip(budgets).filter_map(|((key, next), (_, limit))| {
            let wait = (*next - delta(limit.every * limit.burst) - now).to_std().ok()?;
            (!wait.is_zero()).then(|| Exhausted { key: key.clone(), wait })
        });
        let longest = waits.max_by_key(|exhausted| exhausted.wait);
        if longest.is_none() {
            stored.extend(all);
        }
        Ok(longest)
    }

    fn refund(&self, budgets: &[(String, Limit)]) -> Result<(), StorageError> {
        self.up()?;
        let mut stored = locked(&self.budgets);
        for (key, limit) in budgets {
            if let Some(full_at) = stored.get_mut(key) {
                *full_at -= delta(limit.every);
            }
        }
        Ok(())
    }

    fn clear(&self, keys: &[String]) -> Result<(), StorageError> {
        self.up()?;
        locked(&self.budgets).retain(|key, _| !keys.contains(key));
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
