//! Helpers of the suites: units that run again after a conflict, and changes of accounts.

use std::thread;

use selfsame_domain::{User, UserId};
use selfsame_ports::{Queries, Storage, StorageError, UnitOfWork};

use crate::builders::t0_plus;

/// How often a unit is run before a conflict is taken for a fault.
const MAX_RUNS: u32 = 500;

/// Runs work as a unit and commits it; runs it again after a conflict, as a use case would.
pub(super) fn unit<T>(storage: &dyn Storage, work: impl Fn(&mut dyn UnitOfWork) -> Result<T, StorageError>) -> T {
    retried(storage, work).expect("the unit succeeds")
}

/// As [`unit()`], but hands the error out unless it is a conflict.
pub(super) fn retried<T>(
    storage: &dyn Storage,
    work: impl Fn(&mut dyn UnitOfWork) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    for _ in 0..MAX_RUNS {
        match once(storage, &work) {
            Err(StorageError::Conflict) => thread::yield_now(),
            done => return done,
        }
    }
    panic!("a unit met {MAX_RUNS} conflicts in a row");
}

/// Runs work as a unit once and commits it if it went well.
pub(super) fn once<T>(
    storage: &dyn Storage,
    work: impl Fn(&mut dyn UnitOfWork) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    let mut unit = storage.begin()?;
    let done = work(&mut *unit)?;
    unit.commit()?;
    Ok(done)
}

/// Reads once.
pub(super) fn read<T>(storage: &dyn Storage, query: impl FnOnce(&mut dyn Queries) -> Result<T, StorageError>) -> T {
    let mut queries = storage.read().expect("a connection for reading");
    query(&mut *queries).expect("the read succeeds")
}

/// The account as it is stored.
pub(super) fn account(storage: &dyn Storage, id: UserId) -> Option<User> {
    read(storage, |queries| queries.user(id))
}

/// Saves an account in a unit of its own, once, and without a lock.
pub(super) fn save(storage: &dyn Storage, before: &User, after: &User) -> Result<(), StorageError> {
    once(storage, |unit| unit.accounts().save(before, after))
}

/// The account after a change, as a use case would hand it to `save`.
pub(super) fn changed(user: &User, change: impl FnOnce(&mut User)) -> User {
    let mut next = user.clone();
    change(&mut next);
    next.touch(t0_plus(60));
    next
}
