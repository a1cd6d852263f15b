//! Sign-in by a phone number, and the text message as second factor, over memory and fakes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{thread, time::Duration};

use common::*;
use selfsame_application::{
    Caller, Limits, Policy,
    attempts::{
        AttemptRef, Handle,
        send_proof::{ProofSent, SendProof, SendProofError},
        verify::{AttemptVerified, Step, VerifyAttempt, VerifyAttemptError},
    },
    identifiers::{
        remove::{RemoveIdentifier, RemoveIdentifierError},
        send_code::CodeRequested,
    },
    password::{request_reset::RequestPasswordReset, reset::ResetPassword},
    second_factors::{
        backup_codes::MakeBackupCodes,
        begin_sms::{BeginSms, BeginSmsError},
        confirm_sms::{ConfirmSms, ConfirmSmsError, SmsConfirmed},
        remove_sms::{RemoveSms, RemoveSmsError},
    },
    sessions::{
        prove_again::{Proof, ProveAgain, ProveAgainError},
        text_code::{TextCode, TextCodeError},
    },
    sign_in::{
        with_password::SignInOutcome,
        with_phone::{BeginPhoneSignIn, BeginPhoneSignInError},
    },
};
use selfsame_domain::{
    Action, Attempt, Factor, Factors, IdentifierId, IdentifierKind, OpaqueToken, Password, SameChannel,
    SecondFactorPolicy, User,
};
use selfsame_ports::Mail;

const EMAIL: &str = "ada@example.com";
const PHONE: &str = "+31612345678";
const MASKED: &str = "+31*******78";
/// A number that no account has.
const OTHER: &str = "+31687654321";
const MINUTE: Duration = Duration::from_mins(1);

fn on(policy: &mut Policy, _: &mut Limits) {
    (policy.sms_sign_in, policy.sms_second_factor) = (true, true);
}

/// A server with both features on, and Ada, who has a verified number.
fn server() -> TestCore {
    let test = TestCore::with(on);
    test.verified_user(EMAIL);
    test.add_phone(EMAIL, PHONE);
    test
}

fn begin(number: &str) -> BeginPhoneSignIn {
    BeginPhoneSignIn { number: number.to_owned(), country: None, holder: TOKENS, context: context() }
}

/// A sign-in by a number, whose code was requested: its token by now, and what the client was told.
fn begun(test: &TestCore, number: &str) -> (OpaqueToken, ProofSent) {
    let begun = begin(number).execute(&test.core).unwrap();
    let Handle::Temporary(token) = begun.handle else { panic!("a cookie") };
    let sent = send_proof(AttemptRef::Temporary(token)).execute(&test.core).unwrap();
    (sent.temporary_token.clone().unwrap(), sent)
}

fn text(test: &TestCore, number: &str) -> String {
    test.text_code(number).unwrap()
}

fn user(test: &TestCore) -> User {
    test.ports.storage.read().unwrap().by_identifier(IdentifierKind::Email, EMAIL).unwrap().unwrap().user
}

fn phone_id(test: &TestCore) -> IdentifierId {
    user(test).primary_phone().unwrap().id
}

fn set_verified(test: &TestCore, kind: IdentifierKind, is_verified: bool) {
    let now = test.ports.clock.now();
    test.change_user(EMAIL, |user| {
        let own = user.identifiers.iter_mut().find(|own| own.kind == kind).unwrap();
        own.verified_at = is_verified.then_some(now);
    });
}

/// A caller who has just signed in by these factors.
fn caller(test: &TestCore, methods: &[Factor]) -> Caller {
    test.caller_by(EMAIL, Factors::of(methods.iter().copied()))
}

fn begin_enrolment(test: &TestCore, caller: &Caller) -> Result<CodeRequested, BeginSmsError> {
    BeginSms { phone: phone_id(test), context: context() }.execute(&test.core, caller)
}

fn confirm(test: &TestCore, caller: &Caller, code: &str) -> Result<SmsConfirmed, ConfirmSmsError> {
    ConfirmSms { code: code.to_owned(), context: context() }.execute(&test.core, caller)
}

fn remove(test: &TestCore, caller: &Caller) -> Result<User, RemoveSmsError> {
    RemoveSms { context: context() }.execute(&test.core, caller)
}

/// A sign-in by password that waits for the second factor.
fn half_signed_in(test: &TestCore) -> (OpaqueToken, Attempt) {
    match sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap() {
        SignInOutcome::Incomplete { handle: Handle::Temporary(token), attempt, .. } => (token, attempt),
        other => panic!("{other:?}"),
    }
}

fn backup_codes(test: &TestCore, count: usize) -> Vec<String> {
    let caller = caller(test, &[Factor::Password, Factor::Sms]);
    let made = MakeBackupCodes { count, code: None, context: context() }.execute(&test.core, &caller);
    made.unwrap().expose().map(ToOwned::to_owned).collect()
}

fn still_required(verified: AttemptVerified) -> Option<Factor> {
    match verified {
        AttemptVerified::Incomplete { attempt, .. } => attempt.next(),
        AttemptVerified::Completed(_) => None,
    }
}

#[test]
fn a_verified_number_and_the_code_sign_in_by_one_factor() {
    let test = server();
    let (token, sent) = begun(&test, "+31 6 1234 5678");
    assert_eq!((sent.is_sent, sent.masked.as_str(), sent.next_in), (true, MASKED, MINUTE));
    assert_eq!(test.texts_to(PHONE).len(), 1);
    let signed_in = completed(verify(&token, &text(&test, PHONE)).execute(&test.core).unwrap());
    assert_eq!(signed_in.user.id, user(&test).id);
    assert_eq!(signed_in.sign_in.assurance.methods, Factors::of([Factor::Phone]));
    assert_eq!(signed_in.attempt.user_id, Some(signed_in.user.id));
    assert_eq!(count_events(&test, signed_in.user.id, Action::SignInCodeSent), 1);
    let again = verify(&token, &text(&test, PHONE)).execute(&test.core);
    assert_eq!(again.err(), Some(VerifyAttemptError::UnknownAttempt), "the attempt is over");
}

#[test]
fn r1_a_number_without_an_account_is_answered_like_any_other_and_gets_no_text() {
    let test = server();
    let told = [PHONE, OTHER].map(|number| {
        let (token, sent) = begun(&test, number);
        let open = (sent.attempt.user_id, sent.attempt.email.clone(), sent.attempt.next());
        assert_eq!(open, (None, None, Some(Factor::Phone)), "the attempt names no account");
        let wrong = verify(&token, "000000").execute(&test.core).err();
        (sent.is_sent, sent.was_sent, sent.next_in, wrong)
    });
    assert_eq!(told[0], told[1]);
    assert_eq!((test.texts_to(PHONE).len(), test.texts_to(OTHER).len()), (1, 0));
}

#[test]
fn r7_a_number_that_is_only_claimed_or_whose_account_has_to_prove_its_address_signs_nobody_in() {
    let test = server();
    set_verified(&test, IdentifierKind::Phone, false);
    begun(&test, PHONE);
    assert!(test.texts_to(PHONE).is_empty(), "claimed");

    set_verified(&test, IdentifierKind::Phone, true);
    set_verified(&test, IdentifierKind::Email, false);
    test.clock.advance(MINUTE);
    begun(&test, PHONE);
    assert!(test.texts_to(PHONE).is_empty(), "the password and the mailed code come first");

    let disabled = server();
    disabled.change_user(EMAIL, |user| user.disabled_at = Some(user.created_at));
    begun(&disabled, PHONE);
    assert!(disabled.texts_to(PHONE).is_empty());
}

#[test]
fn r12_of_twenty_parallel_uses_of_a_code_one_signs_in() {
    let test = TestCore::with(|policy, limits| {
        on(policy, limits);
        limits.enabled = false;
    });
    test.verified_user(EMAIL);
    test.add_phone(EMAIL, PHONE);
    let (token, _) = begun(&test, PHONE);
    let code = text(&test, PHONE);
    let done: Vec<_> = thread::scope(|scope| {
        let uses: Vec<_> = (0..20).map(|_| scope.spawn(|| verify(&token, &code).execute(&test.core).is_ok())).collect();
        uses.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|is_done| **is_done).count(), 1);
    assert_eq!(user(&test).sign_in_count, 1);
}

#[test]
fn r7_a_code_is_good_for_its_own_attempt_number_and_time() {
    let test = server();
    let (token, _) = begun(&test, PHONE);
    let code = text(&test, PHONE);
    test.clock.advance(MINUTE);
    let (foreign, _) = begun(&test, OTHER);
    assert_eq!(verify(&foreign, &code).execute(&test.core).err(), Some(VerifyAttemptError::InvalidCode));
    let step = VerifyAttempt { step: Step::Email, ..verify(&token, &code) };
    assert_eq!(step.execute(&test.core).err(), Some(VerifyAttemptError::UnknownAttempt));
    test.clock.advance(MINUTE * 9);
    assert_eq!(verify(&token, &code).execute(&test.core).err(), Some(VerifyAttemptError::ExpiredCode), "R15");
}

#[test]
fn r12_another_code_voids_the_earlier_one_and_a_change_of_credentials_voids_all() {
    let test = server();
    let (token, _) = begun(&test, PHONE);
    let first = text(&test, PHONE);
    test.clock.advance(MINUTE);
    let sent = send_proof(AttemptRef::Temporary(token)).execute(&test.core).unwrap();
    let token = sent.temporary_token.unwrap();
    let second = text(&test, PHONE);
    assert_eq!(test.texts_to(PHONE).len(), 2);
    assert_eq!(verify(&token, &first).execute(&test.core).err(), Some(VerifyAttemptError::InvalidCode));
    test.change_user(EMAIL, |user| user.credential_epoch += 1);
    assert_eq!(verify(&token, &second).execute(&test.core).err(), Some(VerifyAttemptError::UnknownAttempt));
}

#[test]
fn r15_r35_five_wrong_codes_of_a_number_and_no_more_also_after_another_code() {
    let test = server();
    let (token, _) = begun(&test, PHONE);
    let right = text(&test, PHONE);
    for _ in 0..5 {
        let refused = verify(&token, &wrong(&right)).execute(&test.core);
        assert_eq!(refused.err(), Some(VerifyAttemptError::InvalidCode));
    }
    test.clock.advance(MINUTE);
    let (token, _) = begun(&test, PHONE);
    let refused = verify(&token, &text(&test, PHONE)).execute(&test.core);
    assert!(matches!(refused, Err(VerifyAttemptError::TooManyTries(_))), "{refused:?}");
}

#[test]
fn r16_texts_of_sign_ins_have_a_list_of_countries_and_budgets_by_number_user_address_and_for_all() {
    let limited = |limit: fn(&mut Limits)| {
        let test = TestCore::with(|policy, limits| {
            on(policy, limits);
            policy.sms_countries = vec!["NL".to_owned()];
            limit(limits);
        });
        test.verified_user(EMAIL);
        test.add_phone(EMAIL, PHONE);
        test
    };
    let test = limited(|_| {});
    assert_eq!(begin("+14155552671").execute(&test.core).err(), Some(BeginPhoneSignInError::CountryNotAllowed));
    let second = |test: &TestCore| {
        begun(test, PHONE);
        let begun = begin(PHONE).execute(&test.core).unwrap();
        let Handle::Temporary(token) = begun.handle else { panic!("a cookie") };
        send_proof(AttemptRef::Temporary(token)).execute(&test.core).unwrap()
    };
    let by_number = second(&test);
    assert_eq!((by_number.is_sent, by_number.was_sent), (false, false), "another attempt does not go around the pause");
    assert!(!by_number.next_in.is_zero());
    let by_address = limited(|limits| {
        limits.sms_per_ip.burst = 1;
        limits.sms_pause_per_number.burst = 9;
    });
    assert!(!second(&by_address).is_sent);
    for limit in [(|limits| limits.sms_per_user.burst = 1) as fn(&mut Limits), |limits| limits.sms_per_server.burst = 1]
    {
        let test = limited(limit);
        begun(&test, PHONE);
        assert_eq!(test.texts_to(PHONE).len(), 1);
        test.clock.advance(MINUTE);
        let (_, sent) = begun(&test, PHONE);
        assert!(sent.is_sent, "the client does not learn whether the number has an account");
        assert_eq!(test.texts_to(PHONE).len(), 1);
    }
}

#[test]
fn what_the_operator_does_not_allow_is_refused() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.add_phone(EMAIL, PHONE);
    assert_eq!(begin(PHONE).execute(&test.core).err(), Some(BeginPhoneSignInError::Off));
    assert_eq!(begin_enrolment(&test, &caller(&test, &[Factor::Password])), Err(BeginSmsError::Off));
    let on = server();
    assert!(matches!(begin("12").execute(&on.core), Err(BeginPhoneSignInError::Invalid(_))));
}

#[test]
fn r25_r33_a_number_is_enrolled_by_a_code_after_a_recent_proof_and_every_address_is_told() {
    let test = server();
    let ada = caller(&test, &[Factor::Password]);
    assert!(begin_enrolment(&test, &ada).unwrap().is_sent);
    assert!(!user(&test).has_sms(), "it has no effect before it is confirmed");
    assert!(!begin_enrolment(&test, &ada).unwrap().is_sent, "R16");
    let code = text(&test, PHONE);
    let elsewhere = caller(&test, &[Factor::Password]);
    assert_eq!(confirm(&test, &elsewhere, &code).err(), Some(ConfirmSmsError::NotBegun));
    assert_eq!(confirm(&test, &ada, &wrong(&code)).err(), Some(ConfirmSmsError::InvalidCode));
    let epoch = user(&test).credential_epoch;
    let confirmed = confirm(&test, &ada, &code).unwrap();
    assert_eq!((confirmed.user.has_sms(), confirmed.user.credential_epoch), (true, epoch + 1));
    assert!(test.mails_to(EMAIL).pop() == Some(Mail::SmsFactorAdded { masked: MASKED.to_owned() }));
    assert_eq!(count_events(&test, ada.user.id, Action::SmsFactorEnrolled), 1);
    assert_eq!(confirm(&test, &ada, &code).err(), Some(ConfirmSmsError::NotBegun), "it was used");

    let late = caller(&test, &[Factor::Password]);
    assert!(matches!(begin_enrolment(&test, &late), Err(BeginSmsError::StepUp(_))), "a password is not enough now");
}

#[test]
fn r38_a_number_is_enrolled_only_if_it_is_verified_and_the_primary_address_too() {
    let test = server();
    set_verified(&test, IdentifierKind::Email, false);
    assert_eq!(begin_enrolment(&test, &caller(&test, &[Factor::Password])), Err(BeginSmsError::UnverifiedEmail));
    set_verified(&test, IdentifierKind::Phone, false);
    assert_eq!(begin_enrolment(&test, &caller(&test, &[Factor::Password])), Err(BeginSmsError::NotVerified));
    let unknown = BeginSms { phone: user(&test).primary_email().unwrap().id, context: context() };
    assert_eq!(unknown.execute(&test.core, &caller(&test, &[Factor::Password])), Err(BeginSmsError::Unknown), "R62");
}

#[test]
fn r27_an_enrolled_number_is_asked_for_after_the_password_and_its_code_is_good_once() {
    let test = server();
    test.enrol_phone(EMAIL, PHONE);
    let (token, attempt) = half_signed_in(&test);
    assert_eq!(attempt.next(), Some(Factor::Sms));
    assert_eq!(verify(&token, "000000").execute(&test.core).err(), Some(VerifyAttemptError::InvalidCode));
    let sent = send_proof(AttemptRef::Temporary(token)).execute(&test.core).unwrap();
    assert_eq!((sent.is_sent, sent.masked.as_str()), (true, MASKED));
    let (token, code) = (sent.temporary_token.unwrap(), text(&test, PHONE));
    let (other, _) = half_signed_in(&test);
    let elsewhere = verify(&other, &code).execute(&test.core);
    assert_eq!(elsewhere.err(), Some(VerifyAttemptError::InvalidCode), "it is of the other attempt");
    let signed_in = completed(verify(&token, &code).execute(&test.core).unwrap());
    assert_eq!(signed_in.sign_in.assurance.methods, Factors::of([Factor::Password, Factor::Sms]));
    assert!(signed_in.sign_in.assurance.methods.prove_second());
}

#[test]
fn r35_wrong_codes_and_wrong_last_digits_of_the_second_factor_share_a_budget() {
    let test = server();
    test.enrol_phone(EMAIL, PHONE);
    let (token, _) = half_signed_in(&test);
    let with_digits = |token: &OpaqueToken, digits: &str| SendProof {
        last_digits: Some(digits.to_owned()),
        ..send_proof(AttemptRef::Temporary(token.clone()))
    };
    assert_eq!(with_digits(&token, "0000").execute(&test.core).err(), Some(SendProofError::WrongDigits));
    assert!(test.texts_to(PHONE).is_empty());
    let sent = with_digits(&token, "5678").execute(&test.core).unwrap();
    let token = sent.temporary_token.unwrap();
    let code = text(&test, PHONE);
    for _ in 0..4 {
        let refused = verify(&token, &wrong(&code)).execute(&test.core);
        assert_eq!(refused.err(), Some(VerifyAttemptError::InvalidCode));
    }
    let refused = verify(&token, &code).execute(&test.core);
    assert!(matches!(refused, Err(VerifyAttemptError::TooManySecondFactorTries(_))), "{refused:?}");
    let refused = with_digits(&token, "5678").execute(&test.core);
    assert!(matches!(refused, Err(SendProofError::TooManyTries(_))), "{refused:?}");
}

#[test]
fn digits_are_compared_with_the_app_and_with_the_text_message() {
    let test = server();
    let secret = test.enrol_totp(EMAIL);
    test.enrol_phone(EMAIL, PHONE);
    let (token, attempt) = half_signed_in(&test);
    assert_eq!(attempt.next(), Some(Factor::Totp));
    let sent = send_proof(AttemptRef::Temporary(token)).execute(&test.core).unwrap();
    let by_text = verify(&sent.temporary_token.unwrap(), &text(&test, PHONE)).execute(&test.core).unwrap();
    assert_eq!(completed(by_text).sign_in.assurance.methods, Factors::of([Factor::Password, Factor::Sms]));
    let (token, _) = half_signed_in(&test);
    let by_app = verify(&token, &test.totp_code(&secret)).execute(&test.core).unwrap();
    assert_eq!(completed(by_app).sign_in.assurance.methods, Factors::of([Factor::Password, Factor::Totp]));
}

#[test]
fn r32_a_sign_in_that_the_phone_began_has_no_text_message_as_second_factor() {
    let test = server();
    test.enrol_phone(EMAIL, PHONE);
    let (token, _) = begun(&test, PHONE);
    let refused = verify(&token, &text(&test, PHONE)).execute(&test.core);
    assert_eq!(refused.err(), Some(VerifyAttemptError::SameChannel(SameChannel)));
    assert_eq!(user(&test).sign_in_count, 0);

    let codes = backup_codes(&test, 1);
    test.clock.advance(MINUTE);
    let (token, _) = begun(&test, PHONE);
    let code = text(&test, PHONE);
    assert_eq!(still_required(verify(&token, &code).execute(&test.core).unwrap()), Some(Factor::BackupCode));
    let text = send_proof(AttemptRef::Temporary(token.clone())).execute(&test.core);
    assert_eq!(text.err(), Some(SendProofError::NothingToProve));
    assert_eq!(test.texts_to(PHONE).len(), 2, "no further one");
    assert_eq!(verify(&token, &code).execute(&test.core).err(), Some(VerifyAttemptError::InvalidCode));
    let signed_in = completed(verify(&token, &codes[0]).execute(&test.core).unwrap());
    assert_eq!(signed_in.sign_in.assurance.methods, Factors::of([Factor::Phone, Factor::BackupCode]));
}

#[test]
fn r32_another_phone_of_the_account_is_the_same_channel() {
    let test = server();
    test.add_phone(EMAIL, OTHER);
    test.enrol_phone(EMAIL, OTHER);
    let (token, _) = begun(&test, PHONE);
    let refused = verify(&token, &text(&test, PHONE)).execute(&test.core);
    assert_eq!(refused.err(), Some(VerifyAttemptError::SameChannel(SameChannel)));
    assert!(test.texts_to(OTHER).is_empty());
}

#[test]
fn r32_a_password_that_was_reset_by_mail_needs_a_second_factor_that_no_mail_gives() {
    let test = server();
    test.enrol_phone(EMAIL, PHONE);
    RequestPasswordReset { email: EMAIL.to_owned(), context: context() }.execute(&test.core).unwrap();
    let token = link_token(&test, EMAIL);
    let new_password = Password::new(OTHER_PASSWORD);
    ResetPassword { token, new_password, context: context() }.execute(&test.core).unwrap();
    let started = sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap();
    let SignInOutcome::Incomplete { handle: Handle::Temporary(token), attempt, .. } = started else { panic!() };
    assert_eq!(attempt.next(), Some(Factor::Sms));
    let mails = test.mails_to(EMAIL).len();
    let mail = SendProof { step: Step::Email, ..send_proof(AttemptRef::Temporary(token)) };
    assert_eq!(mail.execute(&test.core).err(), Some(SendProofError::NothingToProve), "R31");
    assert_eq!(test.mails_to(EMAIL).len(), mails);
}

#[test]
fn r32_r33_a_text_message_is_a_recent_proof_unless_the_phone_is_the_only_factor() {
    let test = server();
    test.enrol_phone(EMAIL, PHONE);
    let stale = caller(&test, &[Factor::Password]);
    assert!(matches!(remove(&test, &stale), Err(RemoveSmsError::StepUp(_))));
    let text_code = |caller: &Caller| TextCode { context: context() }.execute(&test.core, caller);
    let prove = |caller: &Caller, code: &str| {
        ProveAgain { proof: Proof::Code(code.to_owned()), context: context() }.execute(&test.core, caller)
    };
    assert!(text_code(&stale).unwrap().is_sent);
    let code = text(&test, PHONE);
    let other = caller(&test, &[Factor::Password]);
    assert_eq!(prove(&other, &code).err(), Some(ProveAgainError::Invalid), "it is of the other sign-in");
    assert_eq!(prove(&stale, &code).unwrap().assurance.methods, Factors::of([Factor::Password, Factor::Sms]));
    assert_eq!(prove(&stale, &code).err(), Some(ProveAgainError::Invalid), "it was used");

    let by_phone = caller(&test, &[Factor::Phone]);
    assert_eq!(text_code(&by_phone), Err(TextCodeError::SameChannel));
    let both = caller(&test, &[Factor::Phone, Factor::Sms]);
    assert!(matches!(remove(&test, &both), Err(RemoveSmsError::StepUp(_))), "one channel is one factor");
}

#[test]
fn r34_the_number_is_removed_from_the_factors_unless_it_is_the_last_one_and_one_is_demanded() {
    let test = server();
    test.enrol_phone(EMAIL, PHONE);
    let ada = caller(&test, &[Factor::Password, Factor::Sms]);
    let own = RemoveIdentifier { id: phone_id(&test), kind: IdentifierKind::Phone, context: context() };
    assert_eq!(own.execute(&test.core, &ada).err(), Some(RemoveIdentifierError::SecondFactor));
    backup_codes(&test, 3);
    test.change_user(EMAIL, |user| user.second_factor_policy = SecondFactorPolicy::Enforced);
    assert_eq!(remove(&test, &ada).err(), Some(RemoveSmsError::LastFactor));
    test.change_user(EMAIL, |user| user.second_factor_policy = SecondFactorPolicy::None);
    let epoch = user(&test).credential_epoch;
    let ada = caller(&test, &[Factor::Password, Factor::Sms]);
    let without = remove(&test, &ada).unwrap();
    assert_eq!((without.has_second_factor(), without.backup_codes_left), (false, 0));
    assert_eq!(without.credential_epoch, epoch + 1);
    assert!(test.mails_to(EMAIL).pop() == Some(Mail::SmsFactorRemoved { masked: MASKED.to_owned() }), "R25");
    assert_eq!(count_events(&test, without.id, Action::SmsFactorRemoved), 1);
    assert_eq!(remove(&test, &ada).err(), Some(RemoveSmsError::NotEnrolled));
    assert!(own.execute(&test.core, &caller(&test, &[Factor::Password])).is_ok(), "the account kept the number");
}
