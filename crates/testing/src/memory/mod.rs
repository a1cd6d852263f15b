//! Storage in memory, for tests of use cases: as strict as a database, and able to fail on request.
//!
//! One unit runs at a time. It works on a copy of all tables, which replaces the tables on commit and is discarded on
//! drop. As on PostgreSQL, a unit in which a statement failed can only be dropped.

mod accounts;
mod attempts;
mod audit;
mod challenges;
mod consents;
mod devices;
mod exports;
mod external_identities;
mod faults;
mod idempotency_keys;
mod outbox;
mod passkeys;
mod proofs;
mod queries;
mod rate_limits;
mod second_factors;
mod sessions;
mod sign_ins;
mod tables;
mod tickets;
mod turn;
mod undo_points;
mod uniqueness;
mod unit;
mod webhook_events;

use std::sync::{Mutex, MutexGuard, PoisonError};

use selfsame_ports::{OutboxMessage, Queries, Storage, StorageError, UnitOfWork};

use self::{faults::Faults, queries::MemoryQueries, tables::Tables, turn::Turns, unit::MemoryUnit};

/// The database. It is its own rate limiter too.
#[derive(Default)]
pub struct MemoryStorage {
    committed: Mutex<Tables>,
    turns: Turns,
    faults: Mutex<Faults>,
    budgets: Mutex<rate_limits::Budgets>,
}

impl MemoryStorage {
    /// An empty database.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything answers with this error from now on, open units included, until [`MemoryStorage::recover`].
    pub fn fail_with(&self, error: StorageError) {
        locked(&self.faults).outage = Some(error);
    }

    /// Ends the outage.
    pub fn recover(&self) {
        locked(&self.faults).outage = None;
    }

    /// The next commit answers with this error and changes nothing. Called again, the commit after that one too.
    pub fn fail_next_commit(&self, error: StorageError) {
        locked(&self.faults).commits.push_back(Err(error));
    }

    /// The next commit works, so that the failure after it is that of a later one.
    pub fn spare_next_commit(&self) {
        locked(&self.faults).commits.push_back(Ok(()));
    }

    /// How many units were committed so far.
    pub fn commits(&self) -> usize {
        locked(&self.faults).committed
    }

    /// The messages and jobs that wait in the outbox, oldest first.
    pub fn outbox(&self) -> Vec<OutboxMessage> {
        locked(&self.committed).outbox.waiting()
    }

    /// Whether there is an outage now.
    fn up(&self) -> Result<(), StorageError> {
        locked(&self.faults).outage.clone().map_or(Ok(()), Err)
    }
}

impl Storage for MemoryStorage {
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError> {
        self.up()?;
        Ok(Box::new(MemoryQueries(self)))
    }

    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError> {
        self.up()?;
        Ok(Box::new(MemoryUnit::begin(self)))
    }

    fn ready(&self) -> Result<(), StorageError> {
        self.up()
    }
}

/// Locks, also after a test has panicked with the lock in its hand: what is inside is replaced whole or not at all.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
