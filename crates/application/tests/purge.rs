//! Purging, over memory.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use common::*;
use selfsame_application::{
    Fault,
    data::purge::{Purge, PurgeError},
};
use selfsame_ports::{
    Channel, Lease, LeaseToken, Leased, OutboxMessage, Queries, Storage, StorageError, UnitOfWork,
    rate_limits::MockRateLimits,
};
use selfsame_testing::builders::a_message;

const ROUND: Purge = Purge { keep: chrono::Duration::days(7) };

fn purge(test: &TestCore) -> Result<usize, PurgeError> {
    ROUND.execute(&test.core, &|| false)
}

fn days(test: &TestCore, days: i64) {
    test.clock.advance(chrono::Duration::days(days).to_std().unwrap());
}

/// One for each table.
fn commits_of_an_empty_round() -> usize {
    let test = TestCore::new();
    assert_eq!(purge(&test), Ok(0));
    test.storage.commits()
}

fn exists(test: &TestCore, user: selfsame_domain::UserId) -> bool {
    test.storage.read().unwrap().user(user).unwrap().is_some()
}

/// Puts so many messages into the outbox that were given up just now.
fn bury(test: &TestCore, count: usize) {
    let now = test.ports.clock.now();
    let mut unit = test.storage.begin().unwrap();
    for _ in 0..count {
        let message = OutboxMessage { created_at: now, ..a_message() };
        unit.outbox().enqueue(&message).unwrap();
    }
    let (token, until, limit) = (LeaseToken(1), now + ROUND.keep, i64::MAX);
    let leased = unit.outbox().lease(&Lease { channel: Channel::Mail, token, now, until, limit }).unwrap();
    for Leased { message, token } in leased {
        assert!(unit.outbox().mark_dead(message.id, token, now, "550").unwrap());
    }
    unit.commit().unwrap();
}

fn dead(test: &TestCore) -> i64 {
    test.storage.read().unwrap().outbox_status().unwrap().dead
}

/// A database whose first unit cannot be begun.
struct FirstUnitFails(Arc<dyn Storage>, AtomicUsize);

impl Storage for FirstUnitFails {
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError> {
        self.0.read()
    }
    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError> {
        match self.1.fetch_add(1, Ordering::SeqCst) {
            0 => Err(StorageError::Unavailable("the disk is full".into())),
            _ => self.0.begin(),
        }
    }
    fn ready(&self) -> Result<(), StorageError> {
        self.0.ready()
    }
}

#[test]
fn an_account_that_nobody_proves_is_gone_after_a_week_and_a_proven_one_is_not() {
    let test = TestCore::new();
    let proven = test.verified_user("ada@example.com").id;
    let unproven = test.unverified_user("bob@example.com").id;
    days(&test, 6);
    purge(&test).unwrap();
    assert!(exists(&test, unproven));
    days(&test, 2);
    purge(&test).unwrap();
    assert!(exists(&test, proven) && !exists(&test, unproven));
}

#[test]
fn an_account_that_was_used_unproven_is_kept_although_its_sign_ins_are_cleared_away() {
    let test = TestCore::with(|policy, _| policy.require_verified_email = false);
    let user = test.unverified_user("ada@example.com").id;
    test.tokens("ada@example.com");
    days(&test, 60);
    purge(&test).unwrap();
    assert_eq!(purge(&test), Ok(0), "all is clear");
    assert!(exists(&test, user));
}

#[test]
fn r88_dead_mail_is_kept_for_the_operator_for_a_week() {
    let test = TestCore::new();
    bury(&test, 3);
    days(&test, 7);
    assert_eq!((purge(&test), dead(&test)), (Ok(0), 3));
    tick(&test);
    assert_eq!((purge(&test), dead(&test)), (Ok(3), 0));
}

#[test]
fn however_much_there_is_goes_in_one_round_and_in_several_units() {
    let test = TestCore::new();
    bury(&test, 1201);
    days(&test, 8);
    let before = test.storage.commits();
    assert_eq!(purge(&test), Ok(1201));
    assert_eq!(test.storage.commits() - before, commits_of_an_empty_round() + 2, "three portions instead of one");
}

#[test]
fn r89_a_round_that_is_told_to_stop_leaves_the_rest_to_the_next() {
    let test = TestCore::new();
    bury(&test, 1201);
    days(&test, 8);
    let after_a_portion = || dead(&test) < 1201;
    assert_eq!(ROUND.execute(&test.core, &after_a_portion), Ok(500));
    assert_eq!((purge(&test), dead(&test)), (Ok(701), 0));
}

#[test]
fn budgets_that_cannot_be_purged_keep_no_other_table_from_being_purged_and_the_round_says_so() {
    let test = TestCore::new();
    bury(&test, 3);
    let unproven = test.unverified_user("bob@example.com").id;
    days(&test, 8);
    let mut limits = MockRateLimits::new();
    limits.expect_purge().times(1).returning(|_, _| Err(StorageError::Internal("no such table".into())));
    let test = test.over(|ports| ports.rate_limits = Arc::new(limits));
    let Err(PurgeError::Incomplete { failed, first, rows, .. }) = purge(&test) else { panic!() };
    let user_and_challenge = 2;
    assert_eq!((failed, rows), (1, 3 + user_and_challenge));
    assert!(matches!(&first, Fault::Internal(why) if why.contains("no such table")), "{first:?}");
    assert!(dead(&test) == 0 && !exists(&test, unproven));
}

#[test]
fn a_table_that_cannot_be_purged_keeps_no_later_one_from_being_purged() {
    let test = TestCore::new();
    bury(&test, 3);
    sign_in("nobody@example.com", PASSWORD).execute(&test.core).unwrap_err();
    days(&test, 8);
    let storage = Arc::new(FirstUnitFails(test.storage.clone(), AtomicUsize::new(0)));
    let test = test.over(|ports| ports.storage = storage);
    let Err(PurgeError::Incomplete { failed, rows, .. }) = purge(&test) else { panic!() };
    let budgets = 4;
    assert_eq!((failed, rows), (1, 3 + budgets));
    assert_eq!(purge(&test), Ok(0));
}

#[test]
fn budgets_that_are_full_again_go_in_portions_after_everything_else() {
    let test = TestCore::new();
    let empty_round = commits_of_an_empty_round();
    let mut limits = MockRateLimits::new();
    let (left, storage) = (AtomicUsize::new(1201), test.storage.clone());
    let before = storage.commits();
    limits.expect_purge().times(3).returning(move |_, portion| {
        assert_eq!(storage.commits() - before, empty_round, "the other tables come first");
        let removed = left.load(Ordering::SeqCst).min(usize::try_from(portion).unwrap());
        left.fetch_sub(removed, Ordering::SeqCst);
        Ok(removed)
    });
    let test = test.over(|ports| ports.rate_limits = Arc::new(limits));
    assert_eq!(purge(&test), Ok(1201));
}
