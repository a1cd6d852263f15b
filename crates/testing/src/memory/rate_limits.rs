//! Budgets in memory, by GCRA: of each key only the instant is kept at which its budget is full again.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use selfsame_domain::Instant;
use selfsame_ports::{BudgetKey, Charge, Exhausted, RateLimits, StorageError};

use super::{MemoryStorage, locked};

/// When each key's budget is full again.
pub(super) type Budgets = BTreeMap<BudgetKey, Instant>;

/// In whole milliseconds, at least one.
fn delta(amount: Duration) -> TimeDelta {
    let millis = i64::try_from(amount.as_millis()).expect("a limit of less than a geological age");
    TimeDelta::milliseconds(millis.max(1))
}

fn cost(charge: &Charge) -> TimeDelta {
    delta(charge.cost.min(charge.capacity))
}

impl RateLimits for MemoryStorage {
    fn take(&self, charges: &[Charge], now: Instant) -> Result<Result<Vec<Duration>, Exhausted>, StorageError> {
        self.up()?;
        let mut stored = locked(&self.budgets);
        let full_at = |charge: &Charge| stored.get(&charge.key).map_or(now, |&full_at| full_at.max(now)) + cost(charge);
        let all: Vec<_> = charges.iter().map(|charge| (charge.key, full_at(charge))).collect();
        let waits = all.iter().zip(charges).filter_map(|(&(key, full_at), charge)| {
            let wait = (full_at - delta(charge.capacity) - now).to_std().ok()?;
            (!wait.is_zero()).then_some(Exhausted { key, wait })
        });
        if let Some(longest) = waits.max_by_key(|exhausted| exhausted.wait) {
            return Ok(Err(longest));
        }
        let left = all
            .iter()
            .zip(charges)
            .map(|(&(_, full_at), charge)| (delta(charge.capacity) - (full_at - now)).to_std().unwrap_or_default());
        let left = left.collect();
        stored.extend(all);
        Ok(Ok(left))
    }

    fn refund(&self, charges: &[Charge]) -> Result<(), StorageError> {
        self.up()?;
        let mut stored = locked(&self.budgets);
        for charge in charges {
            if let Some(full_at) = stored.get_mut(&charge.key) {
                *full_at -= cost(charge);
            }
        }
        Ok(())
    }

    fn clear(&self, keys: &[BudgetKey]) -> Result<(), StorageError> {
        self.up()?;
        locked(&self.budgets).retain(|key, _| !keys.contains(key));
        Ok(())
    }

    fn purge(&self, now: Instant, limit: i64) -> Result<usize, StorageError> {
        self.up()?;
        let mut stored = locked(&self.budgets);
        let mut full: Vec<_> = stored.iter().filter(|(_, full_at)| **full_at <= now).map(|(&k, &at)| (at, k)).collect();
        full.sort_unstable();
        full.truncate(usize::try_from(limit).unwrap_or(0));
        for (_, key) in &full {
            stored.remove(key);
        }
        Ok(full.len())
    }
}
