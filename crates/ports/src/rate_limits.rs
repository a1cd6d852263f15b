//! Budgets of things that may be done only so often, or be so large in sum, shared by every process on one database (R35,
//! R86). An adapter does not know whose a budget is: its key is a MAC.

use std::time::Duration;

use selfsame_domain::Instant;

use crate::StorageError;

/// Which budget: a MAC of its name and of whose it is, so that the store holds no address in clear.
pub type BudgetKey = [u8; 32];

/// What is taken from one budget, by GCRA. Budgets are counted in time: what is taken comes back evenly, and is all back
/// after `cost`.
///
/// Five at once and one more each minute is a cost of one minute of a capacity of five. Amounts are rounded down to
/// milliseconds, and are at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// From which budget.
    pub key: BudgetKey,
    /// How much. More than `capacity` counts as `capacity`.
    pub cost: Duration,
    /// How much a full budget holds. The same at every charge of one budget.
    pub capacity: Duration,
}

/// A budget that has too little left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted {
    /// Which.
    pub key: BudgetKey,
    /// After how long there will be enough; at least a millisecond.
    pub wait: Duration,
}

/// The budgets. Each call is a transaction of its own: what was spent stays spent when the caller's unit fails, and is on disk
/// when the call returns.
///
/// Never called inside a unit of work of the same database on the same thread: on SQLite the call would wait for that unit,
/// so it fails with [`StorageError::Internal`]. Spend first, begin after.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait RateLimits: Send + Sync {
    /// Takes every charge or none, against any number of others at once. `Ok(Some(_))` if one or more budgets have too
    /// little left: the one that takes longest, so that after its wait there is enough of each. No key comes twice.
    fn take(&self, charges: &[Charge], now: Instant) -> Result<Option<Exhausted>, StorageError>;
    /// Gives charges back: what was paid for did not happen, through no fault of the caller.
    fn refund(&self, charges: &[Charge]) -> Result<(), StorageError>;
    /// Makes these budgets full again.
    fn clear(&self, keys: &[BudgetKey]) -> Result<(), StorageError>;
    /// Removes at most `limit` keys whose budget is full again, longest full first; answers how many. Keys that another
    /// call is using are left out.
    fn purge(&self, now: Instant, limit: i64) -> Result<usize, StorageError>;
}
