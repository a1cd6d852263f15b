//! Budgets of things that may be done only so often, shared by every process on one database (R35, R86).

use std::time::Duration;

use selfsame_domain::Instant;

use crate::StorageError;

/// A budget by GCRA: `burst` at once, and one more after each `every`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many may come at once; at least 1.
    pub burst: u32,
    /// After how long one more may come.
    pub every: Duration,
}

/// The budgets. Each call is a transaction of its own: what was spent stays spent when the caller's unit fails.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait RateLimits: Send + Sync {
    /// Spends one of `key`'s budget in one atomic statement. `Ok(Some(wait))` if there is none left: nothing was spent,
    /// and after `wait` there will be one.
    fn take(&self, key: &str, limit: Limit, now: Instant) -> Result<Option<Duration>, StorageError>;
    /// Gives one back: what was paid for did not happen, through no fault of the caller.
    fn refund(&self, key: &str, limit: Limit) -> Result<(), StorageError>;
    /// Forgets what `key` spent.
    fn clear(&self, key: &str) -> Result<(), StorageError>;
    /// Removes keys whose budget is full again; answers how many.
    fn purge(&self, now: Instant) -> Result<usize, StorageError>;
}
