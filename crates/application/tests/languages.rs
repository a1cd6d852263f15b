//! The language of mails, over memory and fakes.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use common::*;
use selfsame_application::{password::request_reset::RequestPasswordReset, sign_up::start::SignUp};
use selfsame_domain::RequestContext;
use selfsame_ports::{Mail, Message};

const EMAIL: &str = "ada@example.com";

fn french() -> RequestContext {
    RequestContext { locale: Some("fr-CA".to_owned()), ..context() }
}

/// The newest mail to Ada.
fn newest(test: &TestCore) -> Message {
    test.mails().into_iter().rev().find(|message| message.to == EMAIL).unwrap()
}

#[test]
fn a_proof_that_was_asked_for_is_in_the_language_of_the_request() {
    let test = TestCore::new();
    SignUp { context: french(), ..sign_up(EMAIL) }.execute(&test.core).unwrap();
    let message = newest(&test);
    assert!(matches!(message.mail, Mail::VerifyEmail { .. }));
    assert_eq!(message.locale.as_deref(), Some("fr-CA"), "although a job mails it");
}

#[test]
fn the_locale_of_the_account_comes_before_that_of_the_request() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.change_user(EMAIL, |user| user.locale = Some("pl".to_owned()));
    RequestPasswordReset { email: EMAIL.to_owned(), context: french() }.execute(&test.core).unwrap();
    assert_eq!(newest(&test).locale.as_deref(), Some("pl"));
}

#[test]
fn r25_a_notice_is_never_in_a_language_that_only_the_request_asks_for() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    RequestPasswordReset { email: EMAIL.to_owned(), context: french() }.execute(&test.core).unwrap();
    assert_eq!(newest(&test).locale.as_deref(), Some("fr-CA"));
    SignUp { context: french(), ..sign_up(EMAIL) }.execute(&test.core).unwrap();
    let mails = test.mails();
    let notice = mails.iter().find(|message| matches!(message.mail, Mail::AlreadyRegistered)).unwrap();
    assert_eq!(notice.locale, None, "its reader is not who sent the request");
}
