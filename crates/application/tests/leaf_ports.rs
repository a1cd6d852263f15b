//! A change when one leaf port fails, over mocks.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use common::*;
use selfsame_application::{
    Caller, Core, Fault,
    profile::update::{UpdateProfile, UpdateProfileError},
};
use selfsame_domain::{Change, ProfilePatch, Rule, User};
use selfsame_ports::{Queries, Storage, StorageError, Unique, UnitOfWork, mock::FakeUnitOfWork};

/// Hands out one prepared unit after the other.
struct Units {
    units: Mutex<Vec<FakeUnitOfWork>>,
    begun: AtomicUsize,
}

impl Storage for Units {
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError> {
        Err(StorageError::Internal("no reads here".into()))
    }
    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(self.units.lock().unwrap().remove(0)))
    }
    fn ready(&self) -> Result<(), StorageError> {
        Ok(())
    }
}

/// A caller, and a core in which the next units are these.
fn over(units: Vec<FakeUnitOfWork>) -> (Arc<Core>, Arc<Units>, Caller) {
    let test = TestCore::new();
    test.verified_user("ada@example.com");
    let caller = test.caller(&test.tokens("ada@example.com"));
    let storage = Arc::new(Units { units: Mutex::new(units), begun: AtomicUsize::new(0) });
    (test.over(|ports| ports.storage = storage.clone()).core, storage, caller)
}

fn unit(user: &User) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    let user = user.clone();
    unit.accounts.expect_lock().returning(move |_| Ok(Some(user.clone())));
    unit.sessions.expect_is_live().returning(|_, _| Ok(true));
    unit
}

fn a_user() -> User {
    let test = TestCore::new();
    test.verified_user("ada@example.com")
}

fn rename() -> UpdateProfile {
    let patch = ProfilePatch { name: Change::Set("Ada".into()), ..ProfilePatch::default() };
    UpdateProfile { patch, context: context(), ..UpdateProfile::default() }
}

#[test]
fn r79_a_change_whose_audit_row_cannot_be_written_fails() {
    let mut unit = unit(&a_user());
    unit.accounts.expect_save().returning(|_, _| Ok(()));
    unit.audit.expect_append().times(1).returning(|_| Err(StorageError::Internal("full".into())));
    unit.commits = Err(StorageError::Internal("must not be committed".into()));
    let (core, _, caller) = over(vec![unit]);
    let refused = rename().execute(&core, &caller).unwrap_err();
    assert!(matches!(&refused, UpdateProfileError::Fault(Fault::Internal(why)) if why.contains("full")), "{refused:?}");
}

#[test]
fn a_username_that_another_writer_took_meanwhile_is_a_broken_rule_not_a_fault() {
    let mut unit = unit(&a_user());
    unit.audit.expect_append().returning(|_| Ok(()));
    unit.accounts.expect_save().returning(|_, _| Err(StorageError::Taken(Unique::PreferredUsername)));
    let mut charging = self::unit(&a_user());
    charging.accounts.expect_save().times(1).returning(|_, _| Ok(()));
    let (core, storage, caller) = over(vec![unit, charging]);
    let patch = ProfilePatch { preferred_username: Change::Set("ada".into()), ..ProfilePatch::default() };
    let update = UpdateProfile { patch, context: context(), ..UpdateProfile::default() };
    let UpdateProfileError::Invalid(violations) = update.execute(&core, &caller).unwrap_err() else { panic!() };
    assert_eq!(violations.0[0].rule, Rule::Taken);
    assert_eq!(storage.begun.load(Ordering::SeqCst), 2, "it is not tried again, but charged");
}

#[test]
fn a_conflict_is_tried_four_times_and_then_told() {
    let user = a_user();
    let conflicting = || {
        let mut unit = unit(&user);
        unit.audit.expect_append().returning(|_| Ok(()));
        unit.accounts.expect_save().returning(|_, _| Err(StorageError::Conflict));
        unit
    };
    let (core, storage, caller) = over((0..4).map(|_| conflicting()).collect());
    assert_eq!(rename().execute(&core, &caller).unwrap_err(), UpdateProfileError::Fault(Fault::Contended));
    assert_eq!(storage.begun.load(Ordering::SeqCst), 4);
}
