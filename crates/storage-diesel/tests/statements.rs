//! Statement budgets (DESIGN: a read at most 2 with authentication, an update at most 6), kept by both databases alike.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::time::Duration;

use selfsame_domain::{Action, IdentifierKind, SignIn, User};
use selfsame_ports::{Charge, RateLimits as _, Storage};
use selfsame_storage_diesel::{DieselStorage, statements};
use selfsame_testing::builders::{a_session, a_sign_in, a_token_hash, a_user, an_event, t0};

use support::on_each_database;

/// How many statements `work` runs, and on failure which.
#[track_caller]
fn takes(expected: usize, work: impl FnOnce()) {
    let ((), ran) = statements::record(work);
    assert_eq!(ran.len(), expected, "{ran:#?}");
}

fn an_account(storage: &DieselStorage) -> User {
    a_user()
        .with_username("ada")
        .with_email("ada@example.com")
        .with_email("second@example.com")
        .with_phone("+31612345678")
        .stored_in(storage)
}

#[test]
fn every_read_is_one_statement() {
    on_each_database(|storage| {
        let user = an_account(storage);
        let (session, token) = (a_session(), a_token_hash());
        let sign_in = SignIn { session_id: Some(session.id), ..a_sign_in(&user) };
        let mut unit = storage.begin().unwrap();
        unit.sessions().insert(&session, &token).unwrap();
        unit.sessions().insert_sign_in(&sign_in).unwrap();
        unit.commit().unwrap();

        takes(1, || {
            let state = storage.read().unwrap().session(&token, t0()).unwrap().unwrap();
            assert_eq!(state.sign_ins.len(), 1);
        });
        takes(1, || assert!(storage.read().unwrap().sign_in(sign_in.id).unwrap().is_some()));
        takes(1, || assert!(storage.read().unwrap().user(user.id).unwrap().is_some()));
        takes(1, || assert!(storage.read().unwrap().user_by_username("ada").unwrap().is_some()));
        takes(1, || {
            let found = storage.read().unwrap().user_by_identifier(IdentifierKind::Email, "ada@example.com");
            assert_eq!(found.unwrap().unwrap().identifiers.len(), 3);
        });
        takes(1, || {
            let found = storage.read().unwrap().unproven_claim(IdentifierKind::Email, "ada@example.com");
            assert_eq!(found.unwrap().unwrap().identifiers.len(), 3);
        });
    });
}

#[test]
fn a_change_of_an_account_with_its_audit_row_is_five_statements() {
    on_each_database(|storage| {
        let user = an_account(storage);
        for _ in 0..2 {
            takes(5, || {
                let mut unit = storage.begin().unwrap();
                let mut user = unit.users().lock(user.id).unwrap().unwrap();
                user.touch(t0());
                unit.users().save(&user).unwrap();
                unit.audit().append(&an_event(user.id, Action::ProfileUpdated)).unwrap();
                unit.commit().unwrap();
            });
        }
    });
}

#[test]
fn a_unit_that_does_nothing_says_nothing() {
    on_each_database(|storage| {
        takes(0, || storage.begin().unwrap().commit().unwrap());
        takes(0, || drop(storage.begin().unwrap()));
    });
}

/// One each minute.
fn one_at_a_time(key: u8) -> Charge {
    Charge { key: [key; 32], cost: Duration::from_mins(1), capacity: Duration::from_mins(1) }
}

#[test]
fn a_budget_is_spent_in_one_statement_and_refused_in_two() {
    let budget = [one_at_a_time(7)];
    on_each_database(|storage| {
        takes(1, || assert_eq!(storage.take(&budget, t0()).unwrap(), None));
        takes(2, || assert!(storage.take(&budget, t0()).unwrap().is_some()));
    });
}

#[test]
fn several_budgets_are_spent_in_one_transaction() {
    let budgets = [1, 2, 3].map(one_at_a_time);
    on_each_database(|storage| {
        takes(5, || assert_eq!(storage.take(&budgets, t0()).unwrap(), None));
        takes(5, || storage.refund(&budgets).unwrap());
        takes(5, || storage.clear(&budgets.map(|budget| budget.key)).unwrap());
    });
}

#[test]
fn a_portion_of_full_budgets_is_purged_in_one_transaction() {
    on_each_database(|storage| {
        storage.take(&[1, 2, 3].map(one_at_a_time), t0()).unwrap();
        takes(4, || assert_eq!(storage.purge(t0() + Duration::from_mins(1), 2).unwrap(), 2));
    });
}

#[test]
fn readiness_is_one_statement_once_the_schema_was_found_right() {
    on_each_database(|storage| {
        storage.ready().unwrap();
        takes(1, || storage.ready().unwrap());
    });
}

#[test]
fn r51_a_record_shows_no_values() {
    on_each_database(|storage| {
        let ((), ran) = statements::record(|| {
            let nobody = storage.read().unwrap().user_by_username("a-name-to-look-for");
            assert_eq!(nobody, Ok(None));
        });
        assert!(ran[0].starts_with("SELECT"), "{ran:?}");
        assert!(!ran[0].contains("a-name-to-look-for"), "{ran:?}");
    });
}
