//! The mailed link that cancels a pending change of the primary address, over memory.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use common::*;
use selfsame_application::{
    Caller,
    identifiers::{
        cancel_change::{CancelEmailChange, CancelEmailChangeByLink, CancelEmailChangeError},
        confirm_change::{ConfirmEmailChange, ConfirmEmailChangeError},
        pending_change::{ReadEmailChange, ReadEmailChangeError},
        request_change::RequestEmailChange,
    },
};
use selfsame_domain::{Action, User};
use selfsame_ports::{Mail, Storage as _};

const ADA: &str = "ada@example.com";
const NEW: &str = "ada@new.example";
const INVALID: Result<(), CancelEmailChangeError> = Err(CancelEmailChangeError::InvalidToken);

/// Requests a change, and returns the token of the link in the notice to the old address.
fn request(test: &TestCore, caller: &Caller, new_email: &str) -> String {
    RequestEmailChange { new_email: new_email.into(), context: context() }.execute(&test.core, caller).unwrap();
    link_token(test, ADA)
}

fn cancel(test: &TestCore, token: &str) -> Result<(), CancelEmailChangeError> {
    CancelEmailChangeByLink { token: token.to_owned(), context: context() }.execute(&test.core)
}

fn confirm(test: &TestCore, caller: &Caller, new_email: &str) -> Result<(), ConfirmEmailChangeError> {
    let code = code(test, new_email);
    ConfirmEmailChange { new_email: new_email.into(), code, context: context() }.execute(&test.core, caller).map(drop)
}

fn stored(test: &TestCore, user: &User) -> User {
    test.storage.read().unwrap().user(user.id).unwrap().unwrap()
}

/// Ada, signed in, with a pending change, and the token that cancels it.
fn requested() -> (TestCore, Caller, String) {
    let test = TestCore::new();
    test.verified_user(ADA);
    let ada = test.caller(&test.tokens(ADA));
    let token = request(&test, &ada, NEW);
    (test, ada, token)
}

#[test]
fn r9_the_old_address_gets_a_link_that_cancels_the_change_and_nothing_else() {
    let (test, ada, token) = requested();
    let Some(Mail::EmailChangeRequested { link, minutes, .. }) = test.mails_to(ADA).pop() else { panic!("no notice") };
    assert!(link.starts_with("http://localhost:8080/cancel-email-change#token=") && minutes == 10, "{link}");
    assert!(test.mails_to(NEW).iter().all(|mail| matches!(mail, Mail::ConfirmEmailChange { .. })));

    assert_eq!(cancel(&test, &token), Ok(()));
    assert_eq!(ReadEmailChange.execute(&test.core, &ada), Err(ReadEmailChangeError::NotPending));
    assert_eq!(confirm(&test, &ada, NEW), Err(ConfirmEmailChangeError::UnknownRequest));
    assert_eq!(stored(&test, &ada.user).primary_email().unwrap().value, ADA);
    assert_eq!(count_events(&test, ada.user.id, Action::EmailChangeCancelled), 1);
    let told = Mail::EmailChangeCancelled { masked_email: "a***@n***.example".to_owned() };
    assert!(test.mails_to(ADA).last() == Some(&told));
    // Nobody is signed out by it: who has the mailbox sets a new password for that.
    request(&test, &ada, NEW);
}

#[test]
fn r12_a_link_cancels_once_and_only_the_change_that_it_was_mailed_for() {
    let (test, ada, first) = requested();
    let second = request(&test, &ada, "ada@other.example");
    assert_eq!(cancel(&test, &first), INVALID, "a newer request has replaced it");
    assert!(ReadEmailChange.execute(&test.core, &ada).is_ok());
    assert_eq!((cancel(&test, &second), cancel(&test, &second)), (Ok(()), INVALID));

    let third = request(&test, &ada, NEW);
    for token in ["", "nonsense", &third[1..], &first, &second] {
        assert_eq!(cancel(&test, token), INVALID, "{token}");
    }
    CancelEmailChange { context: context() }.execute(&test.core, &ada).unwrap();
    assert_eq!(cancel(&test, &third), INVALID, "it is cancelled already");
    assert_eq!(count_events(&test, ada.user.id, Action::EmailChangeCancelled), 2);
}

#[test]
fn r9_a_link_is_void_once_its_change_is_confirmed_or_expired() {
    let (test, ada, token) = requested();
    confirm(&test, &ada, NEW).unwrap();
    assert_eq!(cancel(&test, &token), INVALID);
    assert_eq!(stored(&test, &ada.user).primary_email().unwrap().value, NEW);

    let (test, ada, token) = requested();
    test.clock.advance(Duration::from_mins(10));
    assert_eq!(cancel(&test, &token), INVALID);
    assert_eq!(count_events(&test, ada.user.id, Action::EmailChangeCancelled), 0);
}

#[test]
fn r1_a_change_to_an_address_of_somebody_else_is_cancelled_like_any_other() {
    let test = TestCore::new();
    test.verified_user(ADA);
    test.verified_user("bob@example.com");
    let ada = test.caller(&test.tokens(ADA));
    let token = request(&test, &ada, "bob@example.com");
    assert_eq!(cancel(&test, &token), Ok(()));
    assert_eq!(ReadEmailChange.execute(&test.core, &ada), Err(ReadEmailChangeError::NotPending));
}

#[test]
fn r12_of_twenty_uses_of_one_cancelling_link_one_succeeds() {
    let (test, ada, token) = requested();
    let cancelled = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| cancelled.fetch_add(usize::from(cancel(&test, &token).is_ok()), Ordering::SeqCst));
        }
    });
    assert_eq!(cancelled.into_inner(), 1);
    assert_eq!(count_events(&test, ada.user.id, Action::EmailChangeCancelled), 1);
}
