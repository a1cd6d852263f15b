//! The deletion of an account by its owner, over memory.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};

use common::*;
use selfsame_application::{
    Authenticate, Caller, Credential, LONGEST_MAIL_USE,
    data::purge::Purge,
    deletion::{
        cancel::{CancelDeletion, CancelDeletionByLink, CancelDeletionError},
        schedule::{ScheduleDeletion, ScheduleDeletionError},
    },
};
use selfsame_domain::{Action, Instant, Picture, User};
use selfsame_ports::{Channel, Mail, Storage as _};

const ADA: &str = "ada@example.com";

fn schedule(test: &TestCore, caller: &Caller) -> Result<Instant, ScheduleDeletionError> {
    ScheduleDeletion { context: context() }.execute(&test.core, caller)
}

fn keep(test: &TestCore, token: &str) -> Result<(), CancelDeletionError> {
    CancelDeletionByLink { token: token.to_owned(), context: context() }.execute(&test.core)
}

fn stored(test: &TestCore, user: &User) -> Option<User> {
    test.storage.read().unwrap().user(user.id).unwrap()
}

fn purge(test: &TestCore) -> usize {
    Purge { keep: chrono::Duration::days(7) }.execute(&test.core, &|| false).unwrap()
}

fn days(test: &TestCore, days: u64) {
    test.clock.advance(std::time::Duration::from_hours(24 * days));
}

/// Ada with a scheduled deletion.
fn scheduled() -> (TestCore, User) {
    let test = TestCore::new();
    let user = test.verified_user(ADA);
    let caller = test.caller(&test.tokens(ADA));
    schedule(&test, &caller).unwrap();
    (test, user)
}

#[test]
fn r77_a_deletion_ends_every_sign_in_at_once_and_is_carried_out_after_the_grace() {
    let test = TestCore::new();
    let user = test.verified_user(ADA);
    let (tokens, cookie) = (test.tokens(ADA), test.cookie(ADA));
    let at = schedule(&test, &test.caller(&tokens)).unwrap();
    assert_eq!(at, user.created_at + chrono::Duration::days(14));
    let bearer = Credential::Bearer(tokens.access_token.token.clone());
    for credential in [bearer, Credential::Cookie(cookie)] {
        assert!(Authenticate::new(credential).execute(&test.core).is_err());
    }
    refresh(&tokens.refresh_token).execute(&test.core).unwrap_err();
    let Some(Mail::DeletionScheduled { on, link }) = test.mails_to(ADA).pop() else { panic!("no notice") };
    assert_eq!(on, at.format("%Y-%m-%d").to_string());
    assert!(link.starts_with("http://localhost:8080/keep-account#token="));

    days(&test, 13);
    purge(&test);
    assert_eq!(stored(&test, &user).unwrap().deletion_at, Some(at));
    days(&test, 1);
    assert!(purge(&test) > 0);
    assert_eq!(stored(&test, &user), None);
    assert!(matches!(test.mails_to(ADA).last(), Some(Mail::AccountDeleted)));
    let trail = trail(&test, user.id);
    assert_eq!(trail.last().unwrap().action, Action::UserDeleted.as_str());
    assert!(trail.iter().take(trail.len() - 1).all(|record| record.details.is_none()), "the details are erased");
    test.verified_user(ADA);
}

#[test]
fn r77_a_deletion_needs_a_proof_of_the_last_five_minutes() {
    let test = TestCore::new();
    let user = test.verified_user(ADA);
    let caller = test.caller(&test.tokens(ADA));
    test.clock.advance(std::time::Duration::from_mins(5));
    let Err(ScheduleDeletionError::StepUp(required)) = schedule(&test, &caller) else { panic!("it is too old") };
    assert_eq!(required.max_age, chrono::Duration::minutes(5));
    assert_eq!(stored(&test, &user).unwrap().deletion_at, None);
    assert!(test.mails_to(ADA).is_empty());
}

#[test]
fn the_owner_keeps_the_account_by_signing_in_again() {
    let (test, user) = scheduled();
    days(&test, 13);
    let caller = test.caller(&test.tokens(ADA));
    for _ in 0..2 {
        CancelDeletion { context: context() }.execute(&test.core, &caller).unwrap();
    }
    assert_eq!(stored(&test, &user).unwrap().deletion_at, None);
    assert_eq!(count_events(&test, user.id, Action::DeletionCancelled), 1, "the second time there is nothing to do");
    assert!(matches!(test.mails_to(ADA).last(), Some(Mail::DeletionCancelled)));
    days(&test, 30);
    purge(&test);
    assert!(stored(&test, &user).is_some());
}

#[test]
fn a_second_request_does_not_move_the_day() {
    let (test, user) = scheduled();
    let at = stored(&test, &user).unwrap().deletion_at.unwrap();
    days(&test, 3);
    assert_eq!(schedule(&test, &test.caller(&test.tokens(ADA))), Ok(at));
}

#[test]
fn r12_the_link_keeps_the_account_once_and_only_from_the_deletion_that_it_was_mailed_for() {
    let (test, user) = scheduled();
    let first = link_token(&test, ADA);
    keep(&test, &first).unwrap();
    assert_eq!(stored(&test, &user).unwrap().deletion_at, None);
    assert_eq!(keep(&test, &first), Err(CancelDeletionError::InvalidToken));
    days(&test, 1);
    schedule(&test, &test.caller(&test.tokens(ADA))).unwrap();
    let second = link_token(&test, ADA);
    assert_eq!(keep(&test, &first), Err(CancelDeletionError::InvalidToken), "it was for the earlier one");
    for token in ["", "nonsense", &second[1..]] {
        assert_eq!(keep(&test, token), Err(CancelDeletionError::InvalidToken));
    }
    assert!(stored(&test, &user).unwrap().deletion_at.is_some());
    days(&test, 14);
    assert_eq!(keep(&test, &second), Err(CancelDeletionError::InvalidToken), "it is too late");
}

#[test]
fn r12_of_twenty_uses_of_one_link_one_succeeds() {
    let (test, user) = scheduled();
    let token = link_token(&test, ADA);
    let kept = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| kept.fetch_add(usize::from(keep(&test, &token).is_ok()), Ordering::SeqCst));
        }
    });
    assert_eq!(kept.into_inner(), 1);
    assert_eq!(count_events(&test, user.id, Action::DeletionCancelled), 1);
}

#[test]
fn the_picture_of_a_deleted_account_is_removed_from_the_store() {
    let (test, user) = scheduled();
    let name = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.webp";
    test.ports.blobs.put(name, b"picture", user.created_at).unwrap();
    let mut unit = test.storage.begin().unwrap();
    let before = unit.accounts().lock(user.id).unwrap().unwrap();
    let after = User { picture: Some(Picture::Stored(name.to_owned())), version: before.version + 1, ..before.clone() };
    unit.accounts().save(&before, &after).unwrap();
    unit.commit().unwrap();
    days(&test, 15);
    purge(&test);
    assert_eq!(test.ports.blobs.get(name).unwrap(), None);
}

/// The reminders that were mailed to Ada, with the time that is left.
fn reminders(test: &TestCore) -> Vec<i64> {
    let minutes = |mail: Mail| if let Mail::DeletionReminder { minutes, .. } = mail { Some(minutes) } else { None };
    test.mails_to(ADA).into_iter().filter_map(minutes).collect()
}

#[test]
fn the_owner_is_reminded_a_week_and_a_day_before_and_keeps_the_account_by_each_link() {
    let (test, user) = scheduled();
    let mut told = Vec::new();
    for _ in 0..13 {
        days(&test, 1);
        test.run_jobs();
        told.push(reminders(&test).len());
    }
    assert_eq!(told, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2]);
    assert_eq!(reminders(&test), [7 * 1440, 1440]);
    keep(&test, &link_token(&test, ADA)).unwrap();
    assert_eq!(stored(&test, &user).unwrap().deletion_at, None);
}

#[test]
fn nobody_is_reminded_of_a_deletion_that_was_called_off() {
    let (test, _) = scheduled();
    days(&test, 1);
    keep(&test, &link_token(&test, ADA)).unwrap();
    for _ in 0..13 {
        days(&test, 1);
        test.run_jobs();
    }
    assert!(reminders(&test).is_empty());
    assert!(test.storage.outbox().iter().all(|left| left.channel != Channel::Job), "its job has ended");
}

#[test]
fn a_second_request_and_a_short_grace_bring_no_further_reminders() {
    let test = TestCore::with(|policy, _| policy.deletion_grace = chrono::Duration::days(3));
    test.verified_user(ADA);
    for _ in 0..2 {
        schedule(&test, &test.caller(&test.tokens(ADA))).unwrap();
    }
    for _ in 0..3 {
        days(&test, 1);
        test.run_jobs();
    }
    assert_eq!(reminders(&test), [1440]);
}

#[test]
fn r95_no_reminder_waits_in_the_queue_for_longer_than_a_sealing_key_is_kept() {
    let (test, _) = scheduled();
    for _ in 0..6 {
        let waiting = test.storage.outbox();
        let jobs = waiting.iter().filter(|message| message.channel == Channel::Job);
        assert!(
            jobs.clone().count() == 1
                && jobs.into_iter().all(|job| job.expires_at - job.created_at <= LONGEST_MAIL_USE)
        );
        days(&test, 1);
        test.run_jobs();
    }
}
