//! Rate limits: budgets that limit the number or the size of operations, shared by every process on one database (R35,
//! R86). An adapter does not know to whom a budget belongs: its key is a MAC.

use std::time::Duration;

use selfsame_domain::Instant;

use crate::StorageError;

/// The key of a budget: a MAC of its name and its subject, so that the store contains no plain address.
pub type BudgetKey = [u8; 32];

/// A charge to one budget, by GCRA. Budgets are measured in time: a charge is restored evenly, and completely after
/// `cost`.
///
/// "Five at once and one more each minute" is a cost of one minute and a capacity of five minutes. Amounts are rounded
/// down to milliseconds, and are at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The budget.
    pub key: BudgetKey,
    /// The amount. More than `capacity` counts as `capacity`.
    pub cost: Duration,
    /// The amount in a full budget. The same in every charge to one budget.
    pub capacity: Duration,
}

/// A budget that has too little left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted {
    /// The budget.
    pub key: BudgetKey,
    /// The time until it has enough; at least a millisecond.
    pub wait: Duration,
}

/// The budgets. Each call is a transaction of its own and durable when it returns: charges stay when the caller's unit
/// fails.
///
/// Never call it inside a unit of work of the same database on the same thread: on SQLite the call would wait for that
/// unit, so it fails with [`StorageError::Internal`]. Charge first, then begin the unit.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait RateLimits: Send + Sync {
    /// Takes one charge from every budget or from none, also under concurrent calls. Returns what is left of each budget
    /// after it, in the order of the charges; the inner error if one or more budgets have too little left: the one with the
    /// longest wait. Keys must be distinct.
    fn take(&self, charges: &[Charge], now: Instant) -> Result<Result<Vec<Duration>, Exhausted>, StorageError>;
    /// Gives charges back, because the operation did not happen through no fault of the caller.
    fn refund(&self, charges: &[Charge]) -> Result<(), StorageError>;
    /// Makes these budgets full again.
    fn clear(&self, keys: &[BudgetKey]) -> Result<(), StorageError>;
    /// Removes at most `limit` keys whose budget is full again, longest full first; returns how many. Keys that another
    /// call is using are left out.
    fn purge(&self, now: Instant, limit: i64) -> Result<usize, StorageError>;
}
