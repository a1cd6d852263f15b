//! Sign-up and the proof of an address, over memory and fakes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{sync::Mutex, thread, time::Duration};

use common::*;
use selfsame_application::{
    Fault,
    attempts::{AttemptRef, Handle, Holder, verify::VerifyAttemptError},
    identifiers::verify::{EmailProof, VerifyEmail, VerifyEmailError},
    operator::SetPassword,
    password::reset::{ResetPassword, ResetPasswordError},
    sign_in::with_password::{SignInError, SignInOutcome},
    sign_up::start::{SignUp, SignUpError},
};
use selfsame_domain::{Claim, Factor, IdentifierKind, Password, ReservedNames, Rule, SignUpForm, Violation};
use selfsame_ports::Mail;

const EMAIL: &str = "ada@example.com";

fn user_of(test: &TestCore, email: &str) -> selfsame_domain::User {
    let mut queries = test.ports.storage.read().unwrap();
    queries.by_identifier(IdentifierKind::Email, email).unwrap().unwrap().user
}

#[test]
fn a_sign_up_is_a_claim_until_its_code_proves_it() {
    let test = TestCore::new();
    let started = sign_up(EMAIL).execute(&test.core).unwrap();
    assert!(!user_of(&test, EMAIL).is_verified());
    let done = verify(&temporary_token(&started), &code(&test, EMAIL)).execute(&test.core).unwrap();
    let done = completed(done);
    assert!(done.attempt.completed_at.is_some() && done.user.is_verified());
    let caller = test.caller(&tokens_of(done));
    assert_eq!(caller.user.primary_email().unwrap().value, EMAIL);
}

#[test]
fn the_link_proves_it_too_and_once() {
    let test = TestCore::new();
    sign_up(EMAIL).execute(&test.core).unwrap();
    let token = link_token(&test, EMAIL);
    let done = verify_link(&token).execute(&test.core).unwrap();
    assert!(done.user.is_verified() && done.signed_in.is_some());
    assert_eq!(verify_link(&token).execute(&test.core).unwrap_err(), VerifyEmailError::AlreadyVerified);
    let forged = format!("{}A", &token[..token.len() - 1]);
    assert_eq!(verify_link(&forged).execute(&test.core).unwrap_err(), VerifyEmailError::Invalid);
}

#[test]
fn r1_a_known_address_gets_the_same_answer_and_its_owner_is_told() {
    let test = TestCore::new();
    let unknown = sign_up(EMAIL).execute(&test.core).unwrap();
    verify(&temporary_token(&unknown), &code(&test, EMAIL)).execute(&test.core).unwrap();
    tick(&test);
    let known = sign_up(EMAIL).execute(&test.core).unwrap();
    assert_eq!(known.attempt.next(), unknown.attempt.next());
    assert_eq!(known.attempt.email, unknown.attempt.email);
    assert_ne!(known.user.id, unknown.user.id);
    let mails = test.mails_to(EMAIL);
    assert!(matches!(mails.last(), Some(Mail::AlreadyRegistered)));
    assert!(user_of(&test, EMAIL).is_verified());
}

#[test]
fn r1_codes_are_refused_alike_for_a_known_and_an_unknown_address() {
    let refusals = |is_known: bool| {
        let test = TestCore::new();
        if is_known {
            test.verified_user(EMAIL);
        }
        let started = sign_up(EMAIL).execute(&test.core).unwrap();
        let guess = || verify(&temporary_token(&started), "000000").execute(&test.core).unwrap_err();
        let mut refusals: Vec<_> = (0..7).map(|_| guess()).collect();
        test.clock.advance(Duration::from_mins(11));
        refusals.push(guess());
        refusals
    };
    assert_eq!(refusals(true), refusals(false));
}

#[test]
fn r2_a_link_that_may_have_meant_another_claim_takes_the_password_along() {
    let test = TestCore::new();
    let victim = sign_up(EMAIL).execute(&test.core).unwrap();
    test.run_jobs();
    tick(&test);
    let mut attacker = sign_up(EMAIL);
    attacker.password = Password::new(OTHER_PASSWORD);
    attacker.form.phone_number = Some("+31612345678".into());
    let attacker = attacker.execute(&test.core).unwrap();
    // The victim opens the newer of two mails that look the same.
    let proven = verify_link(&link_token(&test, EMAIL)).execute(&test.core).unwrap().user;
    assert_eq!(proven.id, attacker.user.id);
    assert!(!proven.has_password() && proven.primary_phone().is_none());
    assert_eq!(test.ports.storage.read().unwrap().user(victim.user.id).unwrap(), None);
    let refused = sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap_err();
    assert_eq!(refused, SignInError::InvalidCredentials);
}

#[test]
fn r2_a_link_followed_elsewhere_takes_the_password_of_whoever_registered_and_lets_the_owner_set_one() {
    let test = TestCore::new();
    sign_up(EMAIL).execute(&test.core).unwrap();
    let verified = verify_link(&link_token(&test, EMAIL)).execute(&test.core).unwrap();
    assert!(!verified.user.has_password());
    assert_eq!(sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap_err(), SignInError::InvalidCredentials);
    let token = verified.set_password.unwrap().expose().to_owned();
    let set = ResetPassword { token, new_password: Password::new(OTHER_PASSWORD), context: context() };
    set.execute(&test.core).unwrap();
    sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap();
    assert_eq!(set.execute(&test.core).unwrap_err(), ResetPasswordError::InvalidToken, "r12: once");
}

#[test]
fn r2_the_code_and_a_link_in_the_browser_that_registered_leave_the_password() {
    let test = TestCore::new();
    signed_up(&test, EMAIL);
    sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
    let bob = "bob@example.com";
    let started = SignUp { holder: Holder::Browser(None), ..sign_up(bob) }.execute(&test.core).unwrap();
    let Handle::Cookie(cookie) = started.handle else { panic!() };
    let proof = EmailProof::Link { token: link_token(&test, bob), cookie: Some(cookie), caller: None };
    let verified = VerifyEmail { proof, sign_in: None, context: context() }.execute(&test.core).unwrap();
    assert!(verified.set_password.is_none());
    sign_in(bob, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn r12_a_link_completes_no_attempt_that_has_expired() {
    let test = TestCore::new();
    sign_up(EMAIL).execute(&test.core).unwrap();
    let token = link_token(&test, EMAIL);
    test.clock.advance(Duration::from_hours(1));
    let verified = verify_link(&token).execute(&test.core).unwrap();
    assert!(verified.user.is_verified() && verified.signed_in.is_none(), "the address is proven, nobody is signed in");
}

#[test]
fn r12_an_attempt_that_a_link_completes_names_its_sign_in() {
    let test = TestCore::new();
    let started = sign_up(EMAIL).execute(&test.core).unwrap();
    let verified = verify_link(&link_token(&test, EMAIL)).execute(&test.core).unwrap();
    let stored = test.ports.storage.read().unwrap().attempt(started.attempt.id).unwrap().unwrap();
    assert_eq!(stored.sign_in_id, Some(verified.signed_in.unwrap().sign_in.id));
}

#[test]
fn an_attempt_is_void_once_the_credentials_have_changed() {
    let test = TestCore::new();
    let started = sign_up(EMAIL).execute(&test.core).unwrap();
    let code = code(&test, EMAIL);
    SetPassword { user: started.user.id, password: Password::new(OTHER_PASSWORD) }.execute(&test.core).unwrap();
    let refused = verify(&temporary_token(&started), &code).execute(&test.core).unwrap_err();
    assert_eq!(refused, VerifyAttemptError::UnknownAttempt);
}

#[test]
fn r35_an_address_is_not_flooded_with_proofs_and_the_answer_does_not_tell() {
    let test = TestCore::with(|_, limits| limits.sign_up_per_ip.burst = 100);
    for _ in 0..5 {
        sign_up(EMAIL).execute(&test.core).unwrap();
    }
    assert_eq!(test.mails_to(EMAIL).len(), 3);
}

#[test]
fn r82_a_full_hashing_queue_is_told_and_costs_no_sign_up() {
    let test = TestCore::new();
    test.passwords.set_busy(true);
    for _ in 0..5 {
        let refused = sign_up(EMAIL).execute(&test.core).unwrap_err();
        assert!(matches!(refused, SignUpError::Fault(Fault::Unavailable(_))), "{refused:?}");
    }
    test.passwords.set_busy(false);
    sign_up(EMAIL).execute(&test.core).unwrap();
}

#[test]
fn a_mail_to_an_address_that_nobody_proved_carries_no_name_from_the_form() {
    let test = TestCore::new();
    let mut named = sign_up(EMAIL);
    named.form.name = Some("Win a prize".into());
    named.execute(&test.core).unwrap();
    assert_eq!(test.mails()[0].name, None);
}

#[test]
fn r2_whoever_proves_the_address_has_it_and_the_other_claim_is_gone() {
    let test = TestCore::new();
    let squatter = sign_up(EMAIL).execute(&test.core).unwrap();
    test.run_jobs();
    tick(&test);
    let owner = sign_up(EMAIL).execute(&test.core).unwrap();
    verify(&temporary_token(&owner), &code(&test, EMAIL)).execute(&test.core).unwrap();
    assert_eq!(user_of(&test, EMAIL).id, owner.user.id);
    assert_eq!(test.ports.storage.read().unwrap().user(squatter.user.id).unwrap(), None);
    let late = verify(&temporary_token(&squatter), "123456").execute(&test.core).unwrap_err();
    assert_eq!(late, VerifyAttemptError::UnknownAttempt);
}

#[test]
fn r2_sign_ins_from_before_the_proof_end_with_it() {
    let test = TestCore::with(|policy, _| policy.require_verified_email = false);
    sign_up(EMAIL).execute(&test.core).unwrap();
    let early = test.tokens(EMAIL);
    verify_link(&link_token(&test, EMAIL)).execute(&test.core).unwrap();
    assert!(refresh(&early.refresh_token).execute(&test.core).is_err());
}

#[test]
fn r4_mail_goes_to_the_stored_address_not_to_the_submitted_spelling() {
    let test = TestCore::new();
    test.verified_user("Ada@Example.com");
    sign_up("ADA@EXAMPLE.COM").execute(&test.core).unwrap();
    assert_eq!(test.mails_to("Ada@example.com").len(), 1);
    assert_eq!(test.mails().len(), 1);
}

#[test]
fn every_broken_rule_is_told_and_nothing_is_stored() {
    let test = TestCore::new();
    let mut bad = sign_up("no address");
    bad.password = Password::new("short");
    bad.form.preferred_username = Some("x".into());
    let SignUpError::Invalid(violations) = bad.execute(&test.core).unwrap_err() else { panic!() };
    let claims: Vec<_> = violations.0.iter().map(|violation| violation.claim).collect();
    assert_eq!(claims, [Claim::Email, Claim::PreferredUsername, Claim::Password]);
    assert_eq!(test.storage.commits(), 0);
}

#[test]
fn r6_a_username_that_looks_like_another_is_taken() {
    let test = TestCore::new();
    let named = |email, name: &str| {
        let mut sign_up = sign_up(email);
        sign_up.form.preferred_username = Some(name.to_owned());
        sign_up.execute(&test.core)
    };
    named("a@example.com", "paypal").unwrap();
    let taken = Violation::new(Claim::PreferredUsername, Rule::Taken).into();
    assert_eq!(named("b@example.com", "PayPa1").unwrap_err(), SignUpError::Invalid(taken));
}

#[test]
fn r12_a_new_code_voids_the_old_one() {
    let test = TestCore::new();
    let started = sign_up(EMAIL).execute(&test.core).unwrap();
    let (old_code, old_link) = (code(&test, EMAIL), link_token(&test, EMAIL));
    test.clock.advance(Duration::from_secs(30));
    let attempt = AttemptRef::Temporary(temporary_token(&started));
    let again = send_proof(attempt).execute(&test.core).unwrap();
    let token = again.temporary_token.unwrap();
    assert_ne!(code(&test, EMAIL), old_code, "a chance of one in a million");
    assert_eq!(verify(&token, &old_code).execute(&test.core).unwrap_err(), VerifyAttemptError::InvalidCode);
    assert_eq!(verify_link(&old_link).execute(&test.core).unwrap_err(), VerifyEmailError::Invalid);
    verify(&token, &code(&test, EMAIL)).execute(&test.core).unwrap();
}

#[test]
fn r15_a_code_may_be_tried_five_times_and_a_new_one_keeps_the_count() {
    let test = TestCore::new();
    let started = sign_up(EMAIL).execute(&test.core).unwrap();
    let token = temporary_token(&started);
    for _ in 0..4 {
        let refused = verify(&token, &wrong(&code(&test, EMAIL))).execute(&test.core).unwrap_err();
        assert_eq!(refused, VerifyAttemptError::InvalidCode);
    }
    test.clock.advance(Duration::from_secs(30));
    let attempt = AttemptRef::Temporary(token);
    let token = send_proof(attempt).execute(&test.core).unwrap().temporary_token.unwrap();
    let code = code(&test, EMAIL);
    assert_eq!(verify(&token, &wrong(&code)).execute(&test.core).unwrap_err(), VerifyAttemptError::InvalidCode);
    let locked = verify(&token, &code).execute(&test.core).unwrap_err();
    assert!(matches!(locked, VerifyAttemptError::TooManyTries(_)), "the sixth try, and the right code");
    test.clock.advance(Duration::from_mins(11));
    let attempt = AttemptRef::Temporary(token);
    let token = send_proof(attempt).execute(&test.core).unwrap().temporary_token.unwrap();
    let newest = self::code(&test, EMAIL);
    let locked = verify(&token, &newest).execute(&test.core).unwrap_err();
    assert!(matches!(locked, VerifyAttemptError::TooManyTries(_)), "r35: no new code brings new guesses");
    verify_link(&link_token(&test, EMAIL)).execute(&test.core).unwrap();
}

#[test]
fn r35_what_cannot_be_a_code_costs_no_try_and_a_pasted_one_counts() {
    let test = TestCore::new();
    let token = temporary_token(&sign_up(EMAIL).execute(&test.core).unwrap());
    for typed in ["", "12", "abcdef", "12345678901", "12345\u{b2}", "code: 123456"] {
        let refused = verify(&token, typed).execute(&test.core).unwrap_err();
        assert_eq!(refused, VerifyAttemptError::InvalidCode, "{typed}");
    }
    test.clock.advance(Duration::from_mins(1));
    let code = code(&test, EMAIL);
    let pasted = format!("\u{200b}{}\u{a0}\u{2013}{}\n", &code[..3], &code[3..]);
    verify(&token, &pasted).execute(&test.core).unwrap();
}

#[test]
fn r83_refused_sign_ups_spend_the_budget_for_judging_passwords() {
    let test = TestCore::new();
    let crafted = SignUp { password: Password::new(&"<@4@8({[<369!1|07$5+%2".repeat(5)), ..sign_up("no address") };
    let refused: Vec<_> = (0..30).map(|_| crafted.execute(&test.core).unwrap_err()).collect();
    let limited = refused.iter().filter(|refused| matches!(refused, SignUpError::Fault(Fault::Limited(_)))).count();
    assert_eq!(limited, 7, "after 20, each counts as one of three sign-ups");
    let SignUpError::Invalid(violations) = &refused[0] else { panic!("{:?}", refused[0]) };
    assert!(violations.0.iter().any(|violation| violation.claim == Claim::Email));
    assert!(crafted.violations(&test.core).0.iter().all(|violation| violation.claim != Claim::Password));
}

#[test]
fn r6_a_reserved_username_is_refused() {
    let test = TestCore::with(|policy, _| policy.reserved_names = ReservedNames::new(["admin"]));
    let named = |name: &str| SignUp {
        form: SignUpForm { preferred_username: Some(name.to_owned()), ..SignUpForm::default() },
        ..sign_up(EMAIL)
    };
    for name in ["admin", "Adm1n", "ad_min"] {
        let reserved = Violation::new(Claim::PreferredUsername, Rule::Reserved).into();
        assert_eq!(named(name).execute(&test.core).unwrap_err(), SignUpError::Invalid(reserved), "{name}");
    }
    named("administer").execute(&test.core).unwrap();
}

#[test]
fn r35_an_hour_brings_one_more_guess() {
    let test = TestCore::with(|policy, _| policy.attempt_ttl = chrono::Duration::hours(9));
    let started = sign_up(EMAIL).execute(&test.core).unwrap();
    let token = temporary_token(&started);
    for _ in 0..5 {
        verify(&token, &wrong(&code(&test, EMAIL))).execute(&test.core).unwrap_err();
    }
    test.clock.advance(Duration::from_hours(1));
    let attempt = AttemptRef::Temporary(token);
    let token = send_proof(attempt).execute(&test.core).unwrap().temporary_token.unwrap();
    verify(&token, &code(&test, EMAIL)).execute(&test.core).unwrap();
}

#[test]
fn r15_a_code_lives_ten_minutes_and_a_link_a_day() {
    let test = TestCore::new();
    let started = sign_up(EMAIL).execute(&test.core).unwrap();
    let code = code(&test, EMAIL);
    test.clock.advance(Duration::from_mins(10));
    let refused = verify(&temporary_token(&started), &code).execute(&test.core).unwrap_err();
    assert_eq!(refused, VerifyAttemptError::ExpiredCode);
    let token = link_token(&test, EMAIL);
    test.clock.advance(Duration::from_hours(24));
    assert_eq!(verify_link(&token).execute(&test.core).unwrap_err(), VerifyEmailError::Expired);
}

#[test]
fn r12_of_twenty_parallel_uses_of_one_code_one_succeeds() {
    let test = TestCore::with(|_, limits| limits.enabled = false);
    let started = sign_up(EMAIL).execute(&test.core).unwrap();
    let (token, code) = (temporary_token(&started), code(&test, EMAIL));
    let successes = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                if verify(&token, &code).execute(&test.core).is_ok() {
                    *successes.lock().unwrap() += 1;
                }
            });
        }
    });
    assert_eq!(successes.into_inner().unwrap(), 1);
}

#[test]
fn an_unverified_account_signs_in_only_as_far_as_its_proof() {
    let test = TestCore::new();
    sign_up(EMAIL).execute(&test.core).unwrap();
    let outcome = sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
    let SignInOutcome::Incomplete { attempt, .. } = outcome else { panic!() };
    assert!(attempt.next() == Some(Factor::Email));
    assert_eq!(sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap_err(), SignInError::InvalidCredentials);
}

#[test]
fn r86_sign_ups_from_one_address_are_limited() {
    let test = TestCore::new();
    for number in 0..3 {
        sign_up(&format!("user{number}@example.com")).execute(&test.core).unwrap();
    }
    let refused = sign_up("user3@example.com").execute(&test.core).unwrap_err();
    let SignUpError::Fault(selfsame_application::Fault::Limited(wait)) = refused else { panic!("{refused:?}") };
    test.clock.advance(wait);
    sign_up("user3@example.com").execute(&test.core).unwrap();
}
