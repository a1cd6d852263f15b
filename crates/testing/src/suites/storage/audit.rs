//! The audit trail: one keyed, unbroken chain per account, longer than the account's life (R77, R79, R80).

use selfsame_domain::{
    Action, Actor, AuditEvent, AuditHead, AuditRecord, Difference, User, UserId,
    audit::{ChainCheck, Details},
};
use selfsame_ports::{ActivityFilter, Storage, StorageError};
use serde_json::json;

use super::{
    sign_ins::stored_sign_in,
    support::{account, once, read, unit},
};
use crate::{
    builders::{a_user, an_event, append_event, fresh_id, t0_plus, test_mac},
    suites::threads::together,
};

fn append(storage: &dyn Storage, event: &AuditEvent) -> AuditRecord {
    unit(storage, |unit| append_event(unit, event))
}

fn trail(storage: &dyn Storage, user: UserId) -> Vec<AuditRecord> {
    read(storage, |queries| queries.audit_trail(user, 0, 1000))
}

fn places(trail: &[AuditRecord]) -> Vec<i64> {
    trail.iter().map(|record| record.sequence).collect()
}

fn actions(trail: &[AuditRecord]) -> Vec<&str> {
    trail.iter().map(|record| record.action.as_str()).collect()
}

/// Checks that the account's whole chain holds, and ends where its row says; returns its length.
fn checked(storage: &dyn Storage, user: UserId) -> i64 {
    let mut check = ChainCheck::default();
    for record in trail(storage, user) {
        check.next(&record, &test_mac).expect("the chain holds");
    }
    check.end(&account(storage, user).expect("the account is there").audit_head).expect("the chain is whole");
    check.length()
}

pub fn r79_an_event_reads_back_as_it_was_appended(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let full = AuditEvent {
        actor: Actor::User(user.id),
        occurred_at: t0_plus(77),
        sign_in_id: Some(stored_sign_in(storage, &user).id),
        details: Details {
            ip: Some("2001:db8::1".to_owned()),
            user_agent: Some("Mozilla/5.0 (\u{1F980})".to_owned()),
            changes: vec![
                Difference {
                    pointer: "/attributes/a~1b".to_owned(),
                    old: json!({"z": 1, "a": [null, true, 1.5, "\u{1F980} \"quoted\" \\ \u{7}"], "é": {"b": 1, "a": 2}}),
                    new: json!(null),
                },
                Difference { pointer: "/name".to_owned(), old: json!("Zoe\u{308}"), new: json!("Zo\u{eb}") },
            ],
        },
        ..an_event(user.id, Action::ProfileUpdated)
    };
    let bare = AuditEvent {
        actor: Actor::Operator,
        request_id: String::new(),
        details: Details::default(),
        ..an_event(user.id, Action::UserDisabled)
    };
    let anonymous = AuditEvent { actor: Actor::Anonymous, ..an_event(user.id, Action::PasswordResetRequested) };
    let events = [full, bare, anonymous];
    let appended = events.each_ref().map(|event| append(storage, event));
    let read_back = trail(storage, user.id);
    assert_eq!(read_back, appended, "byte for byte");
    assert_eq!(checked(storage, user.id), 3);
    for (record, event) in read_back.iter().zip(&events) {
        assert_eq!(record.read_details().as_ref(), Some(&event.details));
        assert_eq!((&record.actor, &*record.action), (&event.actor.to_text(), event.action.as_str()));
        assert_eq!((record.occurred_at, record.sign_in_id), (event.occurred_at, event.sign_in_id));
    }
}

pub fn r80_the_chain_goes_on_within_a_unit_and_from_unit_to_unit(storage: &dyn Storage) {
    let user = a_user().build();
    let [first, second, third, fourth] =
        [Action::UserCreated, Action::SignedIn, Action::ProfileUpdated, Action::SignedOut]
            .map(|action| an_event(user.id, action));
    unit(storage, |unit| {
        let record = AuditRecord::chained(&AuditHead::default(), &first, &test_mac);
        unit.accounts().insert(&User { audit_head: record.head(), ..user.clone() })?;
        unit.audit().append(&record)?;
        append_event(unit, &second)
    });
    append(storage, &third);
    append(storage, &fourth);

    let trail = trail(storage, user.id);
    assert_eq!(places(&trail), [1, 2, 3, 4]);
    assert_eq!(actions(&trail), ["user.created", "sign_in.started", "profile.updated", "sign_in.ended"]);
    assert_eq!(checked(storage, user.id), 4);
}

pub fn r80_the_end_of_the_chain_is_kept_in_the_accounts_row(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    assert_eq!(user.audit_head, AuditHead::default());
    for _ in 0..2 {
        let record = append(storage, &an_event(user.id, Action::SignedIn));
        let locked = unit(storage, |unit| unit.accounts().lock(user.id));
        assert_eq!(locked, Some(User { audit_head: record.head(), ..user.clone() }));
    }
    assert_eq!(checked(storage, user.id), 2);
}

pub fn r80_each_account_has_a_chain_of_its_own(storage: &dyn Storage) {
    let [ada, grace, nobody] = [(); 3].map(|()| a_user().stored_in(storage).id);
    for subject in [ada, grace, ada] {
        append(storage, &an_event(subject, Action::SignedIn));
    }
    for (subject, length) in [(ada, 2), (grace, 1), (nobody, 0)] {
        assert_eq!(checked(storage, subject), length);
    }
    assert_eq!(trail(storage, fresh_id()), []);
}

pub fn r79_an_event_is_gone_with_the_unit_that_was_dropped(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    append(storage, &an_event(user.id, Action::SignedIn));
    let mut dropped = storage.begin().unwrap();
    append_event(&mut *dropped, &an_event(user.id, Action::SignedOut)).unwrap();
    drop(dropped);
    append(storage, &an_event(user.id, Action::PasswordChanged));

    assert_eq!(actions(&trail(storage, user.id)), ["sign_in.started", "password.changed"]);
    assert_eq!(checked(storage, user.id), 2);
}

pub fn r80_the_chain_holds_when_twenty_threads_append(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage).id);
    together(20, |number| {
        let subject = if number % 2 == 0 { ada } else { grace };
        append(storage, &an_event(subject, Action::SignedIn));
    });
    for subject in [ada, grace] {
        assert_eq!(checked(storage, subject), 10);
    }
}

pub fn r80_a_place_in_the_chain_that_is_taken_is_a_conflict(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage).id);
    let first = append(storage, &an_event(ada, Action::SignedIn));
    let other = AuditRecord::chained(&AuditHead::default(), &an_event(ada, Action::SignedOut), &test_mac);
    let again = once(storage, |unit| unit.audit().append(&other));
    assert_eq!(again, Err(StorageError::Conflict));
    assert_eq!(trail(storage, ada), [first]);
    append(storage, &an_event(grace, Action::SignedIn));
}

pub fn a_trail_is_read_in_pages(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage).id);
    for _ in 0..5 {
        append(storage, &an_event(ada, Action::SignedIn));
        append(storage, &an_event(grace, Action::SignedIn));
    }
    let page = |after, limit| {
        let page = read(storage, |queries| queries.audit_trail(ada, after, limit));
        assert!(page.iter().all(|record| record.subject == ada));
        places(&page)
    };
    assert_eq!(page(0, 2), [1, 2]);
    assert_eq!(page(2, 2), [3, 4]);
    assert_eq!(page(4, 2), [5]);
    assert_eq!(page(5, 2), [0; 0]);
    assert_eq!(page(1, 100), [2, 3, 4, 5]);
}

pub fn an_activity_is_read_newest_first_by_place_time_and_action(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage).id);
    let actions = [Action::UserCreated, Action::SignedIn, Action::EmailAdded, Action::SignedOut, Action::SignedIn];
    for (number, action) in (0..).zip(actions) {
        append(storage, &AuditEvent { occurred_at: t0_plus(number), ..an_event(ada, action) });
        append(storage, &AuditEvent { occurred_at: t0_plus(number), ..an_event(grace, action) });
    }
    let all = ActivityFilter {
        actions: None,
        first: 1,
        before: i64::MAX,
        since: t0_plus(0),
        until: t0_plus(100),
        limit: 100,
    };
    let found = |filter: ActivityFilter| {
        let records = read(storage, |queries| queries.activity(ada, &filter));
        assert!(records.iter().all(|record| record.subject == ada));
        places(&records)
    };
    let named = |actions: &[Action]| Some(actions.iter().map(|action| action.as_str()).collect());
    let newest_first: Vec<_> = trail(storage, ada).into_iter().rev().collect();
    assert_eq!(read(storage, |queries| queries.activity(ada, &all)), newest_first);
    assert_eq!(found(ActivityFilter { limit: 2, ..all.clone() }), [5, 4]);
    assert_eq!(found(ActivityFilter { before: 4, limit: 2, ..all.clone() }), [3, 2]);
    assert_eq!(found(ActivityFilter { first: 3, before: 5, ..all.clone() }), [4, 3]);
    assert_eq!(found(ActivityFilter { before: 1, ..all.clone() }), [0; 0]);
    assert_eq!(found(ActivityFilter { since: t0_plus(3), ..all.clone() }), [5, 4]);
    assert_eq!(found(ActivityFilter { until: t0_plus(3), ..all.clone() }), [3, 2, 1]);
    assert_eq!(found(ActivityFilter { since: t0_plus(1), until: t0_plus(2), ..all.clone() }), [2]);
    assert_eq!(
        found(ActivityFilter { actions: named(&[Action::SignedIn, Action::SignedOut]), ..all.clone() }),
        [5, 4, 2]
    );
    let one = ActivityFilter { actions: named(&[Action::SignedIn]), before: 5, limit: 1, ..all.clone() };
    assert_eq!(found(one), [2]);
    assert_eq!(found(ActivityFilter { actions: named(&[Action::PhoneAdded]), ..all.clone() }), [0; 0]);
    assert_eq!(found(ActivityFilter { actions: named(&[]), ..all }), [0; 0]);
}

pub fn r80_whoever_has_a_trail_is_listed_in_pages_also_when_the_account_is_gone(storage: &dyn Storage) {
    let mut users = [(); 3].map(|()| a_user().stored_in(storage).id);
    users.sort_unstable();
    for user in users {
        append(storage, &an_event(user, Action::SignedIn));
        append(storage, &an_event(user, Action::SignedOut));
    }
    let without_a_trail = a_user().stored_in(storage).id;
    unit(storage, |unit| unit.accounts().delete(users[1]));
    let mine = |subjects: Vec<UserId>| -> Vec<UserId> {
        subjects.into_iter().filter(|user| users.contains(user) || *user == without_a_trail).collect()
    };
    let page = |after, limit| read(storage, |queries| queries.audit_subjects(after, limit));
    assert_eq!(mine(page(None, 1000)), users);
    assert_eq!(mine(page(Some(users[0]), 1000)), users[1..]);
    assert_eq!(page(Some(users[2]), 1000), []);
    assert_eq!(page(None, 2).len(), 2);
}

pub fn r77_erased_details_leave_the_chain_whole(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage).id);
    let of_ada = [Action::UserCreated, Action::ProfileUpdated].map(|action| append(storage, &an_event(ada, action)));
    let of_grace = append(storage, &an_event(grace, Action::UserCreated));
    let erase = || unit(storage, |unit| unit.audit().erase_details(ada));
    assert_eq!(erase(), 2);
    let erased = of_ada.map(|record| AuditRecord { details: None, ..record });
    assert_eq!(trail(storage, ada), erased);
    assert_eq!(checked(storage, ada), 2);
    assert_eq!(erase(), 0, "there are none left");
    assert_eq!(trail(storage, grace), [of_grace], "they were nobody else's");

    append(storage, &an_event(ada, Action::SignedIn));
    assert_eq!(checked(storage, ada), 3);
    assert_eq!(erase(), 1);
}
