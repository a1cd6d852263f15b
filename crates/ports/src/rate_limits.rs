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

/// A budget that has nothing left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhausted {
    /// Whose.
    pub key: String,
    /// After how long there will be one; at least a millisecond.
    pub wait: Duration,
}

/// The budgets. Each call is a transaction of its own: what was spent stays spent when the caller's unit fails, and is on disk
/// when the call returns.
///
/// Never called inside a unit of work of the same database on the same thread: on SQLite the call would wait for that unit,
/// so it fails with [`StorageError::Internal`]. Spend first, begin after.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait RateLimits: Send + Sync {
    /// Spends one of each key's budget, all of them or none, against any number of others at once. `Ok(Some(_))` if one or
    /// more have nothing left: the one that takes longest, so that after its wait there is one of each. No key comes twice.
    fn take(&self, budgets: &[(String, Limit)], now: Instant) -> Result<Option<Exhausted>, StorageError>;
    /// Gives one of each back: what was paid for did not happen, through no fault of the caller.
    fn refund(&self, budgets: &[(String, Limit)]) -> Result<(), StorageError>;
    /// Forgets what these keys spent.
    fn clear(&self, keys: &[String]) -> Result<(), StorageError>;
    /// Removes keys whose budget is full again; answers how many.
    fn purge(&self, now: Instant) -> Result<usize, StorageError>;
}
