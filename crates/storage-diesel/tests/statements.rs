//! Statement budgets (a read takes at most 1 with authentication, an update at most 5), kept by both databases alike.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::time::Duration;

use selfsame_domain::{
    Action, AuditRecord, ExternalIdentity, IdentifierKind, Picture, Purpose, SignIn, User, Username,
};
use selfsame_ports::{Charge, RateLimits as _, Storage};
use selfsame_storage_diesel::{DieselStorage, statements};
use selfsame_testing::builders::{
    a_challenge, a_session, a_sign_in, a_ticket, a_token_hash, a_user, an_attempt, an_event, an_external_identity, t0,
    test_mac,
};
use serde_json::json;

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

/// The same account after a change.
fn changed(user: &User, change: impl FnOnce(&mut User)) -> User {
    let mut next = user.clone();
    change(&mut next);
    next.touch(t0());
    next
}

#[test]
fn every_read_of_a_caller_is_one_statement() {
    on_each_database(|storage| {
        let user = a_user().with_email("ada@example.com").with_attributes(json!({"theme": "dark"})).stored_in(storage);
        let (session, token) = (a_session(), a_token_hash());
        let sign_in = SignIn { session_id: Some(session.id), activated_at: Some(t0()), ..a_sign_in(&user) };
        let mut unit = storage.begin().unwrap();
        unit.sessions().insert(&session, &token).unwrap();
        unit.sessions().insert_sign_in(&sign_in).unwrap();
        let identity = ExternalIdentity { sign_in_id: Some(sign_in.id), ..an_external_identity(&user) };
        unit.external_identities().insert(&identity).unwrap();
        unit.commit().unwrap();

        let queries = || storage.read().unwrap();
        for with_attributes in [false, true] {
            takes(1, || {
                let state = queries().session(&token, t0(), with_attributes).unwrap().unwrap();
                assert_eq!((state.sign_ins.len(), state.attributes.is_some()), (1, with_attributes));
            });
            takes(1, || {
                let state = queries().sign_in(user.id, sign_in.id, with_attributes).unwrap().unwrap();
                assert_eq!(state.attributes.is_some(), with_attributes);
            });
            takes(1, || {
                let state = queries().external_identity(&identity.issuer, &identity.subject, with_attributes);
                let state = state.unwrap().unwrap().sign_in.unwrap();
                assert_eq!((state.sign_in.id, state.attributes.is_some()), (sign_in.id, with_attributes));
            });
        }
    });
}

#[test]
fn every_read_of_an_account_is_one_statement() {
    on_each_database(|storage| {
        let user = an_account(storage);
        let queries = || storage.read().unwrap();
        takes(1, || assert!(queries().user(user.id).unwrap().is_some()));
        takes(1, || assert!(queries().attributes(user.id).is_ok()));
        takes(1, || assert!(queries().credentials(user.id).unwrap().is_some()));
        takes(1, || assert!(queries().by_username("ada").unwrap().is_some()));
        takes(1, || {
            let found = queries().by_identifier(IdentifierKind::Email, "ada@example.com");
            assert_eq!(found.unwrap().unwrap().user.identifiers.len(), 3);
        });
        takes(1, || {
            let found = queries().unproven_claim(IdentifierKind::Email, "ada@example.com");
            assert_eq!(found.unwrap().unwrap().user.identifiers.len(), 3);
        });
        takes(1, || assert_eq!(queries().count_live_sign_ins(user.id, t0()), Ok(0)));
        takes(1, || assert_eq!(queries().live_sign_ins(user.id, t0(), None, 10), Ok(vec![])));
        takes(1, || assert_eq!(queries().consents(user.id), Ok(vec![])));
        takes(1, || assert_eq!(queries().audit_trail(user.id, 0, 10), Ok(vec![])));
    });
}

#[test]
fn every_read_of_a_proof_is_one_statement() {
    on_each_database(|storage| {
        let user = an_account(storage);
        let (attempt, ticket) = (an_attempt(&user), a_ticket(&user));
        let challenge = a_challenge(&user, Purpose::VerifyEmail);
        let mut unit = storage.begin().unwrap();
        unit.proofs().insert_attempt(&attempt).unwrap();
        unit.proofs().insert_challenge(&challenge).unwrap();
        unit.proofs().insert_ticket(&ticket).unwrap();
        unit.commit().unwrap();

        let queries = || storage.read().unwrap();
        takes(1, || assert!(queries().attempt(attempt.id).unwrap().is_some()));
        takes(1, || assert!(queries().attempt_by_token(&attempt.token_hash.unwrap()).unwrap().is_some()));
        takes(1, || assert_eq!(queries().challenges(user.id, Purpose::VerifyEmail).unwrap().len(), 1));
        takes(1, || assert!(queries().challenge_by_link(user.id, &challenge.link_hash.unwrap()).unwrap().is_some()));
        takes(1, || assert!(queries().ticket(&ticket.hash, ticket.kind).unwrap().is_some()));
    });
}

#[test]
fn a_change_of_an_account_with_its_audit_row_is_five_statements() {
    on_each_database(|storage| {
        let user = an_account(storage);
        for name in ["Ada", "Countess"] {
            takes(5, || {
                let mut unit = storage.begin().unwrap();
                let before = unit.accounts().lock(user.id).unwrap().unwrap();
                let event = an_event(user.id, Action::ProfileUpdated);
                let record = AuditRecord::chained(&before.audit_head, &event, &test_mac);
                let after = changed(&before, |user| {
                    user.name = Some(name.to_owned());
                    user.audit_head = record.head();
                });
                unit.accounts().save(&before, &after).unwrap();
                unit.audit().append(&record).unwrap();
                unit.commit().unwrap();
            });
        }
    });
}

/// The columns that saving `after` over `before` writes, as far as they are among `columns`.
fn written(storage: &DieselStorage, before: &User, after: &User, columns: &[&'static str]) -> Vec<&'static str> {
    let ((), ran) = statements::record(|| {
        let mut unit = storage.begin().unwrap();
        unit.accounts().save(before, after).unwrap();
        unit.commit().unwrap();
    });
    let update = ran.iter().find(|statement| statement.contains("UPDATE")).unwrap().replace(['"', '`'], "");
    let set = update.split(" WHERE ").next().unwrap().to_owned();
    columns.iter().copied().filter(|column| set.contains(&format!(" {column} = "))).collect()
}

#[test]
fn saving_an_account_writes_no_claim_and_no_indexed_column_that_did_not_change() {
    const COLUMNS: [&str; 6] =
        ["id", "created_at", "given_name", "picture", "preferred_username", "preferred_username_canonical"];
    on_each_database(|storage| {
        let user = an_account(storage);
        let counted = changed(&user, |user| user.sign_in_count += 1);
        assert_eq!(written(storage, &user, &counted, &COLUMNS), [""; 0]);
        let named = changed(&counted, |user| user.given_name = Some("Ada".to_owned()));
        assert_eq!(written(storage, &counted, &named, &COLUMNS), ["given_name"]);
        let pictured = changed(&named, |user| user.picture = Some(Picture::Stored("0a1b.webp".to_owned())));
        assert_eq!(written(storage, &named, &pictured, &COLUMNS), ["given_name", "picture"]);
        let renamed = changed(&pictured, |user| user.preferred_username = Some(Username::parse("grace").unwrap()));
        let all_of_it = ["given_name", "preferred_username", "preferred_username_canonical"];
        assert_eq!(written(storage, &pictured, &renamed, &COLUMNS), all_of_it);
    });
}

#[test]
fn saving_an_account_that_did_not_change_writes_nothing() {
    on_each_database(|storage| {
        let user = an_account(storage);
        let ((), ran) = statements::record(|| {
            let mut unit = storage.begin().unwrap();
            unit.accounts().save(&user, &user).unwrap();
            unit.commit().unwrap();
        });
        assert_eq!(ran.len(), 3, "{ran:#?}");
        assert!(ran[1].starts_with("SELECT"), "{ran:#?}");
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
        takes(1, || assert!(storage.take(&budget, t0()).unwrap().is_ok()));
        takes(2, || assert!(storage.take(&budget, t0()).unwrap().is_err()));
    });
}

#[test]
fn several_budgets_are_spent_in_one_transaction() {
    let budgets = [1, 2, 3].map(one_at_a_time);
    on_each_database(|storage| {
        takes(5, || assert!(storage.take(&budgets, t0()).unwrap().is_ok()));
        takes(5, || storage.refund(&budgets).unwrap());
        takes(5, || storage.clear(&budgets.map(|budget| budget.key)).unwrap());
    });
}

#[test]
fn a_portion_of_full_budgets_is_purged_in_one_transaction() {
    on_each_database(|storage| {
        storage.take(&[1, 2, 3].map(one_at_a_time), t0()).unwrap().unwrap();
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
            let nobody = storage.read().unwrap().by_username("a-name-to-look-for");
            assert_eq!(nobody, Ok(None));
        });
        assert!(ran[0].starts_with("SELECT"), "{ran:?}");
        assert!(!ran[0].contains("a-name-to-look-for"), "{ran:?}");
    });
}
