//! The audit trail: one unbroken chain per account, longer than the account's life (R79, R80).

use selfsame_domain::{
    Action, Actor, AuditEvent, AuditRecord, Difference, UserId,
    audit::{RecordContent, first_broken_link},
};
use selfsame_ports::{Storage, StorageError};
use serde_json::json;

use super::{
    sign_ins::stored_sign_in,
    support::{once, read, unit},
};
use crate::{
    builders::{a_user, an_event, fresh_id, t0_plus},
    suites::threads::together,
};

fn append(storage: &dyn Storage, event: &AuditEvent) {
    unit(storage, |unit| {
        unit.users().lock(event.subject)?;
        unit.audit().append(event)
    });
}

fn trail(storage: &dyn Storage, user: UserId) -> Vec<AuditRecord> {
    read(storage, |queries| queries.audit_trail(user))
}

fn contents(trail: Vec<AuditRecord>) -> Vec<RecordContent> {
    trail.into_iter().map(|record| record.content).collect()
}

fn count(storage: &dyn Storage, user: UserId, action: Action) -> i64 {
    read(storage, |queries| queries.count_events(user, action))
}

pub fn r79_an_event_reads_back_as_it_was_appended(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let full = AuditEvent {
        actor: Actor::User(user.id),
        occurred_at: t0_plus(77),
        ip: Some("2001:db8::1".to_owned()),
        sign_in_id: Some(stored_sign_in(storage, &user).id),
        differences: vec![
            Difference {
                claim: "attributes".to_owned(),
                old: json!({"z": 1, "a": [null, true, 1.5, "\u{1F980} \"quoted\" \\ \u{7}"], "é": {"b": 1, "a": 2}}),
                new: json!(null),
            },
            Difference { claim: "name".to_owned(), old: json!("Zoe\u{308}"), new: json!("Zo\u{eb}") },
        ],
        ..an_event(user.id, Action::ProfileUpdated)
    };
    let bare = AuditEvent {
        actor: Actor::Operator,
        ip: None,
        request_id: String::new(),
        differences: Vec::new(),
        ..an_event(user.id, Action::UserDisabled)
    };
    let anonymous = AuditEvent { actor: Actor::Anonymous, ..an_event(user.id, Action::PasswordResetRequested) };
    let events = [full, bare, anonymous];
    for event in &events {
        append(storage, event);
    }
    let read_back = trail(storage, user.id);
    assert_eq!(first_broken_link(&read_back), None);
    assert_eq!(contents(read_back), events.map(|event| RecordContent::of(&event)));
}

pub fn r80_the_chain_goes_on_within_a_unit_and_from_unit_to_unit(storage: &dyn Storage) {
    let user = a_user().build();
    let [first, second, third, fourth] =
        [Action::UserCreated, Action::SignedIn, Action::ProfileUpdated, Action::SignedOut]
            .map(|action| an_event(user.id, action));
    unit(storage, |unit| {
        unit.users().insert(&user)?;
        unit.audit().append(&first)?;
        unit.audit().append(&second)
    });
    append(storage, &third);
    append(storage, &fourth);

    let trail = trail(storage, user.id);
    let sequences: Vec<i64> = trail.iter().map(|record| record.sequence).collect();
    assert_eq!(sequences, [1, 2, 3, 4]);
    assert_eq!(trail[0].previous_hash, [0; 32]);
    assert_eq!(first_broken_link(&trail), None);
    let actions = contents(trail).into_iter().map(|content| content.action);
    let expected = ["user.created", "sign_in.started", "profile.updated", "sign_in.ended"];
    assert!(actions.eq(expected));
}

pub fn r80_each_account_has_a_chain_of_its_own(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage).id);
    for subject in [ada, grace, ada] {
        append(storage, &an_event(subject, Action::SignedIn));
    }
    for (subject, length) in [(ada, 2), (grace, 1), (fresh_id(), 0)] {
        let trail = trail(storage, subject);
        assert_eq!(trail.len(), length);
        assert_eq!(first_broken_link(&trail), None);
    }
}

pub fn r79_an_event_is_gone_with_the_unit_that_was_dropped(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    append(storage, &an_event(user.id, Action::SignedIn));
    let mut dropped = storage.begin().unwrap();
    dropped.users().lock(user.id).unwrap();
    dropped.audit().append(&an_event(user.id, Action::SignedOut)).unwrap();
    drop(dropped);
    append(storage, &an_event(user.id, Action::PasswordChanged));

    let trail = trail(storage, user.id);
    assert_eq!(first_broken_link(&trail), None);
    let actions = contents(trail).into_iter().map(|content| content.action);
    assert!(actions.eq(["sign_in.started", "password.changed"]));
}

pub fn r80_the_chain_holds_when_twenty_threads_append(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage).id);
    together(20, |number| {
        let subject = if number % 2 == 0 { ada } else { grace };
        append(storage, &an_event(subject, Action::SignedIn));
    });
    for subject in [ada, grace] {
        let trail = trail(storage, subject);
        assert_eq!(trail.len(), 10);
        assert_eq!(first_broken_link(&trail), None);
    }
}

pub fn an_audit_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage).id);
    let event = an_event(ada, Action::SignedIn);
    append(storage, &event);
    let twin = AuditEvent { subject: grace, ..event };
    let again = once(storage, |unit| unit.audit().append(&twin));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn events_are_counted_by_account_and_action(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage).id);
    for (subject, action) in
        [(ada, Action::SignedIn), (ada, Action::SignedIn), (ada, Action::SignedOut), (grace, Action::SignedIn)]
    {
        append(storage, &an_event(subject, action));
    }
    assert_eq!(count(storage, ada, Action::SignedIn), 2);
    assert_eq!(count(storage, ada, Action::SignedOut), 1);
    assert_eq!(count(storage, grace, Action::SignedIn), 1);
    assert_eq!(count(storage, grace, Action::SignedOut), 0);
}
