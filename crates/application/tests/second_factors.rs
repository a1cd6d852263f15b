//! Authenticator apps, backup codes, the second step of a sign-in, and proving again, over memory and fakes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{sync::Arc, thread, time::Duration};

use common::*;
use selfsame_application::{
    Authenticate, Caller, Credential, Fault,
    attempts::{
        Access, AttemptRef, Handle, Holder,
        send_proof::SendProofError,
        verify::{AttemptVerified, Step, VerifyAttempt, VerifyAttemptError},
    },
    identifiers::{request_change::RequestEmailChange, request_change::RequestEmailChangeError},
    password::{request_reset::RequestPasswordReset, reset::ResetPassword},
    profile::update::{UpdateProfile, UpdateProfileError},
    second_factors::{
        backup_codes::{MakeBackupCodes, MakeBackupCodesError},
        begin_totp::{BeginTotp, BeginTotpError, TotpBegun},
        confirm_totp::{ConfirmTotp, ConfirmTotpError, TotpCodes, TotpConfirmed},
        remove_totp::{RemoveTotp, RemoveTotpError},
        reseal::ResealSecrets,
    },
    sessions::prove_again::{Proof, ProveAgain, ProveAgainError, ProvenAgain},
    sign_in::with_password::{SignIn, SignInOutcome},
};
use selfsame_domain::{
    Action, Factor, Factors, OpaqueToken, Password, ProfilePatch, SecondFactorPolicy, TotpSecret, User,
};
use selfsame_ports::{Clock as _, Mail, StorageError};
use selfsame_testing::fakes::TestVault;

const EMAIL: &str = "ada@example.com";
const STEP_TIME: Duration = Duration::from_secs(30);

fn begin(test: &TestCore, caller: &Caller) -> Result<TotpBegun, BeginTotpError> {
    BeginTotp { replaces: true, context: context() }.execute(&test.core, caller)
}

fn confirm(test: &TestCore, caller: &Caller, code: &str) -> Result<TotpConfirmed, ConfirmTotpError> {
    let codes = TotpCodes::One(code.to_owned());
    ConfirmTotp { codes, backup_codes: 0, context: context() }.execute(&test.core, caller)
}

fn remove(test: &TestCore, caller: &Caller, resets_policy: bool) -> Result<User, RemoveTotpError> {
    RemoveTotp { resets_policy, context: context() }.execute(&test.core, caller)
}

fn make_codes(test: &TestCore, caller: &Caller) -> Result<Vec<String>, MakeBackupCodesError> {
    let made = MakeBackupCodes { count: 10, code: None, context: context() }.execute(&test.core, caller)?;
    Ok(made.expose().map(ToOwned::to_owned).collect())
}

fn prove(test: &TestCore, caller: &Caller, proof: Proof) -> Result<ProvenAgain, ProveAgainError> {
    ProveAgain { proof, context: context() }.execute(&test.core, caller)
}

fn by_code(code: impl Into<String>) -> Proof {
    Proof::Code(code.into())
}

fn set_policy(test: &TestCore, caller: &Caller, policy: SecondFactorPolicy) -> Result<(), UpdateProfileError> {
    let patch = ProfilePatch { second_factor_policy: Some(policy), ..ProfilePatch::default() };
    UpdateProfile { patch, context: context(), ..UpdateProfile::default() }.execute(&test.core, caller).map(drop)
}

/// The temporary token of a sign-in by password that needs more.
fn half_signed_in(test: &TestCore) -> OpaqueToken {
    match sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap() {
        SignInOutcome::Incomplete { handle: Handle::Temporary(token), .. } => token,
        other => panic!("{other:?}"),
    }
}

/// A caller who has just signed in with both factors.
fn fully_signed_in(test: &TestCore, secret: &TotpSecret) -> Caller {
    let verified = verify(&half_signed_in(test), &test.totp_code(secret)).execute(&test.core).unwrap();
    test.clock.advance(STEP_TIME);
    test.caller(&tokens_of(completed(verified)))
}

/// The caller as the next request sees them.
fn again(test: &TestCore, caller: &Caller) -> Caller {
    let (user, sign_in) = (caller.user.id, caller.sign_in.id);
    let state = test.ports.storage.read().unwrap().sign_in(user, sign_in, false).unwrap().unwrap();
    let mut next = caller.clone();
    next.principal.assurance = state.sign_in.assurance.clone();
    (next.user, next.sign_in) = (state.user, state.sign_in);
    next
}

fn user(test: &TestCore) -> User {
    let caller = test.ports.storage.read().unwrap().by_identifier(selfsame_domain::IdentifierKind::Email, EMAIL);
    caller.unwrap().unwrap().user
}

fn told(test: &TestCore, mail: &Mail) -> usize {
    test.mails_to(EMAIL).iter().filter(|told| *told == mail).count()
}

#[test]
fn r28_an_authenticator_app_has_no_effect_until_a_code_of_it_is_confirmed() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    let begun = begin(&test, &caller).unwrap();
    assert!(begun.url.starts_with("otpauth://totp/Selfsame:ada%40example.com?secret="), "{}", *begun.url);
    assert!(matches!(sign_in(EMAIL, PASSWORD).execute(&test.core), Ok(SignInOutcome::Completed(_))));
    assert_eq!(confirm(&test, &caller, "000000").unwrap_err(), ConfirmTotpError::InvalidCode);
    assert!(!user(&test).has_second_factor());

    let confirmed = confirm(&test, &caller, &test.totp_code(&begun.secret)).unwrap();
    assert_eq!(confirmed.user.enrolled, Factors::of([Factor::Totp]));
    assert!(matches!(sign_in(EMAIL, PASSWORD).execute(&test.core), Ok(SignInOutcome::Incomplete { .. })));
    assert_eq!(told(&test, &Mail::AuthenticatorAdded), 1, "r25");
    assert_eq!(count_events(&test, caller.user.id, Action::TotpEnrolled), 1, "r79");
    assert_eq!(confirm(&test, &caller, &test.totp_code(&begun.secret)).unwrap_err(), ConfirmTotpError::NotBegun);
}

#[test]
fn r28_the_confirming_code_cannot_be_used_at_sign_in() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    let begun = begin(&test, &caller).unwrap();
    let code = test.totp_code(&begun.secret);
    confirm(&test, &caller, &code).unwrap();
    let refused = verify(&half_signed_in(&test), &code).execute(&test.core).unwrap_err();
    assert_eq!(refused, VerifyAttemptError::InvalidCode);
    test.clock.advance(STEP_TIME);
    let next = test.totp_code(&begun.secret);
    completed(verify(&half_signed_in(&test), &next).execute(&test.core).unwrap());
}

#[test]
fn r28_another_sign_in_cannot_confirm_and_a_new_secret_replaces_the_pending_one() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let [one, other] = [(); 2].map(|()| test.caller(&test.tokens(EMAIL)));
    let first = begin(&test, &one).unwrap();
    let code = test.totp_code(&first.secret);
    assert_eq!(confirm(&test, &other, &code).unwrap_err(), ConfirmTotpError::NotBegun);
    let second = begin(&test, &one).unwrap();
    assert_eq!(confirm(&test, &one, &code).unwrap_err(), ConfirmTotpError::InvalidCode);
    test.clock.advance(Duration::from_mins(10));
    let late = test.totp_code(&second.secret);
    assert_eq!(confirm(&test, &one, &late).unwrap_err(), ConfirmTotpError::NotBegun, "it lasts as long as its proof");
}

#[test]
fn two_consecutive_codes_confirm_and_no_other_two() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    let begun = begin(&test, &caller).unwrap();
    let step = selfsame_domain::totp::step_at(test.clock.now());
    let code = |offset: i64| begun.secret.code_at(step + offset).to_string();
    let confirm_two = |one: i64, two: i64| {
        let codes = TotpCodes::Two(code(one), code(two));
        ConfirmTotp { codes, backup_codes: 0, context: context() }.execute(&test.core, &caller)
    };
    for (one, two) in [(0, 0), (0, -1), (-1, 1)] {
        assert_eq!(confirm_two(one, two).unwrap_err(), ConfirmTotpError::InvalidCode);
    }
    confirm_two(-1, 0).unwrap();
    let used = verify(&half_signed_in(&test), &code(0)).execute(&test.core).unwrap_err();
    assert_eq!(used, VerifyAttemptError::InvalidCode, "r29: the later of the two was the last accepted one");
}

#[test]
fn r38_an_authenticator_app_needs_a_verified_primary_address() {
    let test = TestCore::with(|policy, _| policy.require_verified_email = false);
    test.unverified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    assert_eq!(begin(&test, &caller).unwrap_err(), BeginTotpError::UnverifiedEmail);
}

#[test]
fn r27_a_right_password_is_half_a_sign_in_and_a_mailed_code_is_no_other_half() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    let token = half_signed_in(&test);
    let attempt = AttemptRef::Temporary(token.clone());
    let mail = send_proof(attempt);
    assert_eq!(mail.execute(&test.core).unwrap_err(), SendProofError::NothingToProve, "r31");
    let by_mail = VerifyAttempt { step: Step::Email, ..verify(&token, "123456") };
    assert_eq!(by_mail.execute(&test.core).unwrap_err(), VerifyAttemptError::UnknownAttempt);
    let signed_in = completed(verify(&token, &test.totp_code(&secret)).execute(&test.core).unwrap());
    assert_eq!(signed_in.sign_in.assurance.methods, Factors::of([Factor::Password, Factor::Totp]));
    let twice = verify(&token, &test.totp_code(&secret)).execute(&test.core).unwrap_err();
    assert_eq!(twice, VerifyAttemptError::UnknownAttempt);
    assert_eq!(user(&test).second_factor_policy, SecondFactorPolicy::None, "what is enrolled decides, not the policy");
}

#[test]
fn r27_the_mailed_code_of_an_unproven_address_leads_to_the_second_factor() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    unprove(&test);
    let token = half_signed_in(&test);
    let attempt = AttemptRef::Temporary(token);
    let sent = send_proof(attempt).execute(&test.core).unwrap();
    let token = sent.temporary_token.unwrap();
    let by_app = VerifyAttempt { step: Step::SecondFactor, ..verify(&token, &test.totp_code(&secret)) };
    assert_eq!(by_app.execute(&test.core).unwrap_err(), VerifyAttemptError::UnknownAttempt, "the address comes first");
    let verified = verify(&token, &code(&test, EMAIL)).execute(&test.core).unwrap();
    let AttemptVerified::Incomplete { attempt, user } = verified else { panic!("r27: signed in by a mail") };
    assert!(user.is_verified());
    assert_eq!(attempt.next(), Some(Factor::Totp));
    let signed_in = completed(verify(&token, &test.totp_code(&secret)).execute(&test.core).unwrap());
    assert_eq!(signed_in.sign_in.assurance.methods.to_text(), "pwd email otp");
}

#[test]
fn r27_a_mailed_link_starts_no_sign_in_of_an_account_with_a_second_factor() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.enrol_totp(EMAIL);
    let other = "ada@work.example";
    add_unproven_beside(&test, other);
    let token = half_signed_in(&test);
    let sent = send_proof(AttemptRef::Temporary(token));
    sent.execute(&test.core).unwrap();
    let verified = verify_link(&link_token(&test, other)).execute(&test.core).unwrap();
    assert!(verified.user.primary_email().unwrap().is_verified());
    assert!(verified.signed_in.is_none());
}

#[test]
fn r2_whoever_proves_an_address_by_a_link_gets_the_account_without_the_factors_of_before() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    make_codes(&test, &fully_signed_in(&test, &secret)).unwrap();
    unprove(&test);
    // The mail with the link is the newest one then.
    test.clock.advance(STEP_TIME);
    let attempt = AttemptRef::Temporary(half_signed_in(&test));
    send_proof(attempt).execute(&test.core).unwrap();
    let proven = verify_link(&link_token(&test, EMAIL)).execute(&test.core).unwrap().user;
    assert!(proven.is_verified() && !proven.has_password());
    assert_eq!((proven.enrolled, proven.backup_codes_left), (Factors::default(), 0));
    assert_eq!(test.ports.storage.read().unwrap().totp(proven.id), Ok(None));
}

/// Makes the primary address an unproven one.
fn unprove(test: &TestCore) {
    change_user(test, |user| user.identifiers[0].verified_at = None);
}

/// Makes an unproven address the primary one; the proven one stays.
fn add_unproven_beside(test: &TestCore, address: &str) {
    let address = selfsame_domain::EmailAddress::parse(address).unwrap();
    change_user(test, |user| {
        user.identifiers[0].is_primary = false;
        let id = selfsame_testing::builders::fresh_id();
        user.identifiers.push(selfsame_domain::Identifier::email(id, &address, true, user.created_at));
    });
}

fn change_user(test: &TestCore, change: impl FnOnce(&mut User)) {
    let before = user(test);
    let mut after = before.clone();
    change(&mut after);
    after.touch(test.clock.now());
    let mut unit = test.ports.storage.begin().unwrap();
    unit.accounts().save(&before, &after).unwrap();
    unit.commit().unwrap();
}

#[test]
fn r27_an_attempt_from_before_the_enrolment_is_void() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let earlier = test.enrol_totp(EMAIL);
    let token = half_signed_in(&test);
    let caller = fully_signed_in(&test, &earlier);
    let begun = begin(&test, &caller).unwrap();
    confirm(&test, &caller, &test.totp_code(&begun.secret)).unwrap();
    test.clock.advance(STEP_TIME);
    let refused = verify(&token, &test.totp_code(&begun.secret)).execute(&test.core).unwrap_err();
    assert_eq!(refused, VerifyAttemptError::UnknownAttempt);
}

/// How many of these attempts one code completes when all use it at once.
fn successes(test: &Arc<TestCore>, tokens: Vec<OpaqueToken>, code: &str) -> usize {
    let start = |token| {
        let (test, code) = (Arc::clone(test), code.to_owned());
        thread::spawn(move || verify(&token, &code).execute(&test.core).is_ok())
    };
    let threads: Vec<_> = tokens.into_iter().map(start).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).filter(|is_done| *is_done).count()
}

#[test]
fn r29_one_code_signs_in_once_in_twenty_parallel_uses() {
    let test = Arc::new(TestCore::with(|_, limits| limits.enabled = false));
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    let code = test.totp_code(&secret);
    let tokens: Vec<_> = (0..20).map(|_| half_signed_in(&test)).collect();
    assert_eq!(successes(&test, tokens, &code), 1);
}

#[test]
fn r29_the_secret_is_sealed_for_its_account_and_sealed_again_with_another_key() {
    let vault = Arc::new(TestVault::new(7));
    let shared = Arc::clone(&vault);
    let test = TestCore::new().over(|ports| ports.vault = shared);
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    let stored = || test.ports.storage.read().unwrap().totp(user(&test).id).unwrap().unwrap().sealed;
    let before = stored();
    assert!(!before.windows(20).any(|part| part == secret.as_bytes()));
    assert!(test.ports.vault.open("totp:1", &before).is_err(), "r29: not for another account");
    let reseal = || ResealSecrets.execute(&test.core, &|| false).unwrap();
    assert_eq!(reseal(), 0);
    vault.rotate();
    assert_eq!((reseal(), reseal()), (1, 0), "r95");
    assert_ne!(stored(), before);
    fully_signed_in(&test, &secret);
    vault.rotate();
    fully_signed_in(&test, &secret);
    assert_eq!(reseal(), 0, "a use seals it again too");
}

#[test]
fn r30_backup_codes_sign_in_once_each_and_a_new_set_voids_the_old_one() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    let caller = fully_signed_in(&test, &secret);
    let old = make_codes(&test, &caller).unwrap();
    let codes = make_codes(&test, &caller).unwrap();
    assert_eq!((codes.len(), user(&test).backup_codes_left), (10, 10));
    assert_eq!(told(&test, &Mail::BackupCodesMade), 2, "r25");
    let use_code = |code: &str| verify(&half_signed_in(&test), code).execute(&test.core);
    assert_eq!(use_code(&old[0]).unwrap_err(), VerifyAttemptError::InvalidCode);
    let typed = codes[0].to_lowercase().replace('-', " ");
    let signed_in = completed(use_code(&typed).unwrap());
    assert_eq!(signed_in.sign_in.assurance.methods, Factors::of([Factor::Password, Factor::BackupCode]));
    assert_eq!(use_code(&codes[0]).unwrap_err(), VerifyAttemptError::InvalidCode);
    assert_eq!(user(&test).backup_codes_left, 9, "what is left is visible");
    assert_eq!(told(&test, &Mail::BackupCodeUsed { left: 9 }), 1, "r25");
    assert_eq!(count_events(&test, caller.user.id, Action::BackupCodeUsed), 1, "r79");
}

#[test]
fn r30_one_backup_code_signs_in_once_in_twenty_parallel_uses() {
    let test = Arc::new(TestCore::with(|_, limits| limits.enabled = false));
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    let codes = make_codes(&test, &fully_signed_in(&test, &secret)).unwrap();
    let tokens: Vec<_> = (0..20).map(|_| half_signed_in(&test)).collect();
    assert_eq!(successes(&test, tokens, &codes[3]), 1);
    assert_eq!(user(&test).backup_codes_left, 9);
}

#[test]
fn r30_backup_codes_stand_for_a_second_factor_and_go_with_the_last_one() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    assert_eq!(make_codes(&test, &caller).unwrap_err(), MakeBackupCodesError::NotEnrolled);
    let secret = test.enrol_totp(EMAIL);
    let caller = fully_signed_in(&test, &secret);
    make_codes(&test, &caller).unwrap();
    remove(&test, &again(&test, &caller), false).unwrap();
    let user = user(&test);
    assert_eq!((user.backup_codes_left, user.has_second_factor()), (0, false));
    assert!(matches!(sign_in(EMAIL, PASSWORD).execute(&test.core), Ok(SignInOutcome::Completed(_))));
}

#[test]
fn r30_a_code_of_the_second_factor_in_the_request_takes_the_place_of_a_recent_proof() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    let secret = test.enrol_totp(EMAIL);
    let caller = again(&test, &caller);
    assert!(matches!(make_codes(&test, &caller), Err(MakeBackupCodesError::StepUp(_))));
    let with = |code: String| {
        let made = MakeBackupCodes { count: 10, code: Some(code), context: context() }.execute(&test.core, &caller);
        made.map(|codes| codes.expose().count())
    };
    assert_eq!(with("000000".to_owned()), Err(MakeBackupCodesError::InvalidCode));
    assert_eq!(with(test.totp_code(&secret)), Ok(10));
    assert_eq!(with(test.totp_code(&secret)), Err(MakeBackupCodesError::InvalidCode), "r29");
}

#[test]
fn r33_factors_and_policy_change_only_with_a_recent_proof_by_an_enrolled_second_factor() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let earlier = test.caller(&test.tokens(EMAIL));
    let secret = test.enrol_totp(EMAIL);
    let earlier = again(&test, &earlier);
    let refused = begin(&test, &earlier).unwrap_err();
    let BeginTotpError::StepUp(required) = refused else { panic!("{refused:?}") };
    assert!(required.needs_second_factor);
    assert_eq!(required.accepted, Factors::of([Factor::Totp]));
    assert!(matches!(remove(&test, &earlier, true), Err(RemoveTotpError::StepUp(_))));
    assert!(matches!(make_codes(&test, &earlier), Err(MakeBackupCodesError::StepUp(_))));
    let enforced = SecondFactorPolicy::Enforced;
    assert!(matches!(set_policy(&test, &earlier, enforced), Err(UpdateProfileError::StepUp(_))));
    let change = RequestEmailChange { new_email: "ada@new.example".into(), context: context() };
    assert!(matches!(change.execute(&test.core, &earlier), Err(RequestEmailChangeError::StepUp(_))), "r10");

    let caller = fully_signed_in(&test, &secret);
    set_policy(&test, &caller, enforced).unwrap();
    test.clock.advance(Duration::from_mins(10));
    let stale = again(&test, &caller);
    assert!(matches!(begin(&test, &stale), Err(BeginTotpError::StepUp(_))), "an old proof is not enough either");
    assert!(matches!(set_policy(&test, &stale, SecondFactorPolicy::None), Err(UpdateProfileError::StepUp(_))));
}

#[test]
fn the_policy_can_be_enforced_before_there_is_a_factor_and_takes_effect_with_the_first() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    test.clock.advance(Duration::from_mins(10));
    set_policy(&test, &again(&test, &caller), SecondFactorPolicy::Enforced).unwrap();
    test.enrol_totp(EMAIL);
    half_signed_in(&test);
}

#[test]
fn r34_the_last_factor_stays_while_the_policy_demands_one() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    let caller = fully_signed_in(&test, &secret);
    set_policy(&test, &caller, SecondFactorPolicy::Enforced).unwrap();
    let caller = again(&test, &caller);
    assert_eq!(remove(&test, &caller, false).unwrap_err(), RemoveTotpError::LastFactor);
    let user = remove(&test, &caller, true).unwrap();
    assert_eq!((user.has_second_factor(), user.second_factor_policy), (false, SecondFactorPolicy::None));
    assert_eq!(told(&test, &Mail::AuthenticatorRemoved), 1, "r25");
    let removed = trail(&test, user.id).into_iter().rfind(|record| record.action == "totp.removed").unwrap();
    assert!(removed.details.unwrap().contains("second_factor_policy"), "r79");
    assert_eq!(remove(&test, &again(&test, &caller), true).unwrap_err(), RemoveTotpError::NotEnrolled);
}

#[test]
fn r35_wrong_codes_share_one_budget_wherever_they_are_tried() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    let caller = fully_signed_in(&test, &secret);
    let codes = make_codes(&test, &caller).unwrap();
    let token = half_signed_in(&test);
    for _ in 0..3 {
        assert_eq!(verify(&token, "000000").execute(&test.core).unwrap_err(), VerifyAttemptError::InvalidCode);
    }
    for _ in 0..2 {
        assert_eq!(prove(&test, &caller, by_code("000000")).unwrap_err(), ProveAgainError::Invalid);
    }
    let right = test.totp_code(&secret);
    let locked = |error: &ProveAgainError| matches!(error, ProveAgainError::TooManyTries(_));
    assert!(locked(&prove(&test, &caller, by_code(&right)).unwrap_err()));
    let refused = verify(&token, &right).execute(&test.core).unwrap_err();
    assert!(matches!(refused, VerifyAttemptError::TooManySecondFactorTries(_)), "{refused:?}");
    let refused = verify(&half_signed_in(&test), &right).execute(&test.core).unwrap_err();
    assert!(matches!(refused, VerifyAttemptError::TooManySecondFactorTries(_)), "another attempt allows no more");
    completed(verify(&token, &codes[0]).execute(&test.core).unwrap());
    test.clock.advance(Duration::from_mins(15));
    completed(verify(&half_signed_in(&test), &test.totp_code(&secret)).execute(&test.core).unwrap());
}

#[test]
fn r35_neither_right_codes_nor_faults_nor_nonsense_cost_a_try() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    for _ in 0..6 {
        fully_signed_in(&test, &secret);
    }
    let token = half_signed_in(&test);
    for _ in 0..6 {
        // The charge of the budget is not a unit of the storage.
        test.storage.fail_next_commit(StorageError::Unavailable("test".to_owned()));
        let fault = verify(&token, &test.totp_code(&secret)).execute(&test.core).unwrap_err();
        assert!(matches!(fault, VerifyAttemptError::Fault(Fault::Unavailable(_))), "{fault:?}");
        let nonsense = verify(&token, "not a code").execute(&test.core).unwrap_err();
        assert_eq!(nonsense, VerifyAttemptError::InvalidCode);
        test.clock.advance(STEP_TIME);
    }
    completed(verify(&token, &test.totp_code(&secret)).execute(&test.core).unwrap());
}

#[test]
fn r22_a_password_reset_signs_nobody_in_and_leaves_the_second_factor() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    let before = half_signed_in(&test);
    RequestPasswordReset { email: EMAIL.to_owned(), context: context() }.execute(&test.core).unwrap();
    let token = link_token(&test, EMAIL);
    let reset = ResetPassword { token, new_password: Password::new(OTHER_PASSWORD), context: context() };
    reset.execute(&test.core).unwrap();
    let refused = verify(&before, &test.totp_code(&secret)).execute(&test.core).unwrap_err();
    assert_eq!(refused, VerifyAttemptError::UnknownAttempt, "an attempt by the earlier password is void");
    let outcome = sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap();
    let SignInOutcome::Incomplete { attempt, .. } = outcome else { panic!("the reset bypassed the second factor") };
    assert_eq!(attempt.next(), Some(Factor::Totp));
}

#[test]
fn a_password_proves_again_until_there_is_a_second_factor() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    test.clock.advance(Duration::from_mins(10));
    assert!(matches!(begin(&test, &caller), Err(BeginTotpError::StepUp(_))));
    let wrong = prove(&test, &caller, Proof::Password(Password::new("not the password"))).unwrap_err();
    assert_eq!(wrong, ProveAgainError::Invalid);
    prove(&test, &caller, Proof::Password(Password::new(PASSWORD))).unwrap();
    begin(&test, &again(&test, &caller)).unwrap();
    assert_eq!(count_events(&test, caller.user.id, Action::ProvenAgain), 1);

    let secret = test.enrol_totp(EMAIL);
    let caller = again(&test, &caller);
    let weak = prove(&test, &caller, Proof::Password(Password::new(PASSWORD))).unwrap_err();
    assert!(matches!(weak, ProveAgainError::TooWeak(_)), "r33: {weak:?}");
    let proven = prove(&test, &caller, by_code(test.totp_code(&secret))).unwrap();
    assert!(proven.assurance.methods.has_second());
    begin(&test, &again(&test, &caller)).unwrap();
    let twice = prove(&test, &caller, by_code(test.totp_code(&secret))).unwrap_err();
    assert_eq!(twice, ProveAgainError::Invalid, "r29");
}

#[test]
fn r20_passwords_cannot_be_tried_by_proving_again() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    let guess = || prove(&test, &caller, Proof::Password(Password::new("not the password"))).unwrap_err();
    for _ in 0..5 {
        assert_eq!(guess(), ProveAgainError::Invalid);
    }
    assert!(matches!(guess(), ProveAgainError::Fault(Fault::Limited(_))));
    assert!(
        matches!(sign_in(EMAIL, PASSWORD).execute(&test.core), Err(error) if error.to_string().contains("too many"))
    );
}

#[test]
fn r40_the_cookie_changes_when_a_factor_is_confirmed_or_proven_again() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let in_browser = |cookie: &OpaqueToken| Authenticate::new(Credential::Cookie(cookie.clone())).execute(&test.core);
    let first = test.cookie(EMAIL);
    let caller = in_browser(&first).unwrap();
    let begun = begin(&test, &caller).unwrap();
    let second = confirm(&test, &caller, &test.totp_code(&begun.secret)).unwrap().new_cookie.unwrap();
    assert!(in_browser(&first).is_err());
    test.clock.advance(STEP_TIME);
    let caller = in_browser(&second).unwrap();
    assert_eq!(caller.principal.assurance.methods, Factors::of([Factor::Password, Factor::Totp]));
    let third = prove(&test, &caller, by_code(test.totp_code(&begun.secret))).unwrap().new_cookie.unwrap();
    assert!(in_browser(&second).is_err());
    in_browser(&third).unwrap();

    test.clock.advance(STEP_TIME);
    let held = SignIn { holder: Holder::Browser(Some(third.clone())), ..sign_in(EMAIL, PASSWORD) };
    let SignInOutcome::Incomplete { attempt, handle: Handle::Cookie(cookie), .. } = held.execute(&test.core).unwrap()
    else {
        panic!("signed in by a password")
    };
    let verify = VerifyAttempt {
        attempt: AttemptRef::Held { id: attempt.id, cookie: Some(cookie.clone()) },
        step: Step::Next,
        code: test.totp_code(&begun.secret),
        holder: Holder::Browser(Some(cookie.clone())),
        context: context(),
    };
    let Access::Cookie(fourth) = completed(verify.execute(&test.core).unwrap()).access else { panic!("no cookie") };
    assert!(in_browser(&cookie).is_err());
    in_browser(&fourth).unwrap();
}

#[test]
fn r43_nothing_changes_in_a_sign_in_that_has_ended() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let secret = test.enrol_totp(EMAIL);
    let caller = fully_signed_in(&test, &secret);
    let end = selfsame_application::sessions::end::EndSignIn { id: caller.sign_in.id, context: context() };
    end.execute(&test.core, &caller).unwrap();
    assert_eq!(begin(&test, &caller).unwrap_err(), BeginTotpError::Unauthenticated);
    assert_eq!(remove(&test, &caller, true).unwrap_err(), RemoveTotpError::Unauthenticated);
    assert_eq!(make_codes(&test, &caller).unwrap_err(), MakeBackupCodesError::Unauthenticated);
    let refused = prove(&test, &caller, by_code(test.totp_code(&secret))).unwrap_err();
    assert_eq!(refused, ProveAgainError::Unauthenticated);
}

#[test]
fn r51_no_secret_is_in_the_audit_trail_or_in_debug_output() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    let begun = begin(&test, &caller).unwrap();
    confirm(&test, &caller, &test.totp_code(&begun.secret)).unwrap();
    let codes = make_codes(&test, &again(&test, &caller)).unwrap();
    let written = format!("{:?}", trail(&test, caller.user.id));
    for secret in codes.iter().chain([&begun.secret.to_base32().to_string()]) {
        assert!(!written.contains(secret.as_str()));
    }
    assert!(!format!("{:?}", begun.secret).contains(begun.secret.to_base32().as_str()));
}
