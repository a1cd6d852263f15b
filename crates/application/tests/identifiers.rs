//! E-mail addresses, phone numbers and usernames of an account, over memory and fakes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{thread, time::Duration};

use common::*;
use selfsame_application::{
    Caller,
    identifiers::{
        add::{AddIdentifier, AddIdentifierError, NewIdentifier},
        cancel_change::{CancelEmailChange, CancelEmailChangeError},
        confirm::{ConfirmIdentifier, ConfirmIdentifierError},
        make_primary::{MakePrimary, MakePrimaryError},
        pending_change::{ReadEmailChange, ReadEmailChangeError},
        remove::{RemoveIdentifier, RemoveIdentifierError},
        request_change::RequestEmailChange,
        send_code::{CodeRequested, SendCode, SendCodeError},
        verify::{EmailProof, VerifyEmail, VerifyEmailError},
    },
    mail::deliver::{Deliver, Outlet},
    password::{
        request_reset::RequestPasswordReset,
        reset::{ResetPassword, ResetPasswordError},
    },
    profile::update::{UpdateProfile, UpdateProfileError},
    sessions::end::EndSignIn,
    sign_up::start::SignUpError,
};
use selfsame_domain::{
    Action, Change, Claim, Identifier, IdentifierId,
    IdentifierKind::{self, Email, Phone},
    Password, ProfilePatch, Rule, SignUpForm, User, Violation,
    id::Id as _,
};
use selfsame_ports::{Channel, Mail, Sms, SmsError, TextMessage};
use selfsame_testing::fakes::RecordingSms;

const ADA: &str = "ada@example.com";
const WORK: &str = "ada@work.example";
const BOB: &str = "bob@example.com";
const NUMBER: &str = "+31612345678";
const OTHER_NUMBER: &str = "+31687654321";

fn caller(test: &TestCore, email: &str) -> Caller {
    let found = test.ports.storage.read().unwrap().by_identifier(Email, email).unwrap();
    if found.is_none() {
        test.verified_user(email);
    }
    test.caller(&test.tokens(email))
}

/// The same sign-in, with the account as it is now.
fn again(test: &TestCore, caller: &Caller) -> Caller {
    let user = test.ports.storage.read().unwrap().user(caller.user.id).unwrap().unwrap();
    Caller { user, ..caller.clone() }
}

fn add(test: &TestCore, caller: &Caller, typed: &str) -> Result<IdentifierId, AddIdentifierError> {
    let new = if typed.contains('@') {
        NewIdentifier::Email(typed.to_owned())
    } else {
        NewIdentifier::Phone { number: typed.to_owned(), country: None }
    };
    let add = AddIdentifier { new, context: context() };
    tick(test);
    add.execute(&test.core, caller).map(|added| added.identifier.id)
}

fn send(
    test: &TestCore,
    caller: &Caller,
    id: IdentifierId,
    kind: IdentifierKind,
) -> Result<CodeRequested, SendCodeError> {
    SendCode { id, kind, context: context() }.execute(&test.core, &again(test, caller))
}

fn confirm(
    test: &TestCore,
    caller: &Caller,
    id: IdentifierId,
    kind: IdentifierKind,
    code: &str,
) -> Result<User, ConfirmIdentifierError> {
    tick(test);
    let confirm = ConfirmIdentifier { id, kind, code: code.to_owned(), context: context() };
    confirm.execute(&test.core, &again(test, caller))
}

fn make_primary(
    test: &TestCore,
    caller: &Caller,
    id: IdentifierId,
    kind: IdentifierKind,
) -> Result<User, MakePrimaryError> {
    MakePrimary { id, kind, context: context() }.execute(&test.core, &again(test, caller))
}

fn remove(
    test: &TestCore,
    caller: &Caller,
    id: IdentifierId,
    kind: IdentifierKind,
) -> Result<User, RemoveIdentifierError> {
    tick(test);
    RemoveIdentifier { id, kind, context: context() }.execute(&test.core, &again(test, caller))
}

fn kind_of(typed: &str) -> IdentifierKind {
    if typed.contains('@') { Email } else { Phone }
}

/// The code that was sent last to an address or number.
fn last_code(test: &TestCore, to: &str) -> String {
    match kind_of(to) {
        Email => code(test, to),
        Phone => test.text_code(to).unwrap(),
    }
}

/// Adds and proves.
fn proven(test: &TestCore, caller: &Caller, typed: &str) -> IdentifierId {
    let id = add(test, caller, typed).unwrap();
    let kind = kind_of(typed);
    send(test, caller, id, kind).unwrap();
    confirm(test, caller, id, kind, &last_code(test, typed)).unwrap();
    id
}

fn identifiers(test: &TestCore, caller: &Caller) -> Vec<(String, bool, bool)> {
    let flags = |own: &Identifier| (own.value.clone(), own.is_primary, own.is_verified());
    again(test, caller).user.identifiers.iter().map(flags).collect()
}

fn owned(value: &str, is_primary: bool, is_verified: bool) -> (String, bool, bool) {
    (value.to_owned(), is_primary, is_verified)
}

#[test]
fn an_address_is_added_proven_made_primary_and_the_old_one_removed() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    let work = add(&test, &ada, WORK).unwrap();
    assert_eq!(identifiers(&test, &ada), [owned(ADA, true, true), owned(WORK, false, false)]);
    assert!(test.mails_to(WORK).is_empty(), "it is sent nothing yet");
    assert!(send(&test, &ada, work, Email).unwrap().is_sent);
    confirm(&test, &ada, work, Email, &code(&test, WORK)).unwrap();
    make_primary(&test, &ada, work, Email).unwrap();
    assert_eq!(identifiers(&test, &ada), [owned(ADA, false, true), owned(WORK, true, true)]);
    let old = ada.user.primary_email().unwrap().id;
    remove(&test, &ada, old, Email).unwrap();
    assert_eq!(identifiers(&test, &ada), [owned(WORK, true, true)]);
    for action in [Action::EmailAdded, Action::EmailVerificationRequested, Action::EmailVerified, Action::EmailRemoved]
    {
        assert!(count_events(&test, ada.user.id, action) > 0, "{action:?}");
    }
}

#[test]
fn a_number_is_added_and_proven_by_a_text_message_and_is_primary_if_it_is_the_only_one() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    let first = proven(&test, &ada, NUMBER);
    let second = proven(&test, &ada, OTHER_NUMBER);
    let user = again(&test, &ada).user;
    assert_eq!(user.primary_phone().unwrap().id, first);
    make_primary(&test, &ada, second, Phone).unwrap();
    remove(&test, &ada, second, Phone).unwrap();
    let user = again(&test, &ada).user;
    assert_eq!((user.primary_phone(), user.identifiers_of(Phone).count()), (None, 1), "no other takes its place");
    for action in [Action::PhoneAdded, Action::PhoneVerificationRequested, Action::PhoneVerified, Action::PhoneRemoved]
    {
        assert!(count_events(&test, ada.user.id, action) > 0, "{action:?}");
    }
}

#[test]
fn an_added_address_can_be_proven_by_its_link_too() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    let work = add(&test, &ada, WORK).unwrap();
    send(&test, &ada, work, Email).unwrap();
    let verified = VerifyEmail { sign_in: None, ..verify_link(&link_token(&test, WORK)) }.execute(&test.core).unwrap();
    assert!(verified.user.identifier(work).unwrap().is_verified() && verified.user.has_password());
    assert_eq!(verified.set_password.map(drop), None);
    let told = test.mails_to(ADA);
    assert!(told.contains(&Mail::ContactVerified { masked: "a***@w***.example".into() }));
}

#[test]
fn a_link_that_has_expired_proves_no_further_address_of_a_caller_either() {
    let test = TestCore::with(|policy, _| policy.refresh_idle = chrono::Duration::days(9));
    let ada = caller(&test, ADA);
    let work = add(&test, &ada, WORK).unwrap();
    send(&test, &ada, work, Email).unwrap();
    test.clock.advance(Duration::from_hours(24));
    let token = link_token(&test, WORK);
    let follow = || {
        let proof = EmailProof::Link { token: token.clone(), cookie: None, caller: Some(Box::new(again(&test, &ada))) };
        VerifyEmail { proof, sign_in: None, context: context() }.execute(&test.core)
    };
    assert_eq!(follow().unwrap_err(), VerifyEmailError::Expired);
    assert!(!again(&test, &ada).user.identifier(work).unwrap().is_verified());
}

#[test]
fn r10_adding_removing_and_choosing_need_a_recent_proof() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    let (work, phone) = (proven(&test, &ada, WORK), proven(&test, &ada, NUMBER));
    let set_phone = |number: &str| {
        let patch = ProfilePatch { phone_number: Change::Set(number.into()), ..ProfilePatch::default() };
        UpdateProfile { patch, context: context(), ..UpdateProfile::default() }.execute(&test.core, &again(&test, &ada))
    };
    test.clock.advance(Duration::from_mins(10));
    assert!(matches!(add(&test, &ada, "new@example.com"), Err(AddIdentifierError::StepUp(_))));
    assert!(matches!(add(&test, &ada, OTHER_NUMBER), Err(AddIdentifierError::StepUp(_))));
    assert!(matches!(make_primary(&test, &ada, work, Email), Err(MakePrimaryError::StepUp(_))));
    assert!(matches!(remove(&test, &ada, work, Email), Err(RemoveIdentifierError::StepUp(_))));
    assert!(matches!(remove(&test, &ada, phone, Phone), Err(RemoveIdentifierError::StepUp(_))));
    assert!(matches!(set_phone(OTHER_NUMBER), Err(UpdateProfileError::StepUp(_))));
    set_phone(NUMBER).unwrap();
    assert_eq!(identifiers(&test, &ada).len(), 3);
    let fresh = caller(&test, ADA);
    remove(&test, &fresh, work, Email).unwrap();
}

#[test]
fn r11_neither_the_primary_nor_the_last_verified_address_is_removed_and_no_unverified_one_is_primary() {
    let test = TestCore::with(|policy, _| policy.require_verified_email = false);
    let ada = caller(&test, ADA);
    let work = add(&test, &ada, WORK).unwrap();
    assert_eq!(make_primary(&test, &ada, work, Email), Err(MakePrimaryError::NotVerified));
    let primary = ada.user.primary_email().unwrap().id;
    assert_eq!(remove(&test, &ada, primary, Email), Err(RemoveIdentifierError::Primary));

    test.unverified_user(BOB);
    let bob = caller(&test, BOB);
    let only = proven(&test, &bob, "bob@work.example");
    assert_eq!(remove(&test, &bob, only, Email), Err(RemoveIdentifierError::LastVerified));
    make_primary(&test, &bob, only, Email).unwrap();
    remove(&test, &bob, bob.user.identifiers[0].id, Email).unwrap();
}

#[test]
fn r62_an_identifier_of_somebody_else_or_of_another_kind_is_as_unknown_as_one_that_never_was() {
    let test = TestCore::new();
    let (ada, bob) = (caller(&test, ADA), caller(&test, BOB));
    let (foreign, own) = (bob.user.identifiers[0].id, ada.user.identifiers[0].id);
    for (id, kind) in [(foreign, Email), (IdentifierId::from_number(7), Email), (own, Phone)] {
        assert_eq!(send(&test, &ada, id, kind), Err(SendCodeError::Unknown));
        assert_eq!(confirm(&test, &ada, id, kind, "123456"), Err(ConfirmIdentifierError::Unknown));
        assert_eq!(make_primary(&test, &ada, id, kind), Err(MakePrimaryError::Unknown));
        assert_eq!(remove(&test, &ada, id, kind), Err(RemoveIdentifierError::Unknown));
    }
    assert_eq!(identifiers(&test, &bob).len(), 1);
}

#[test]
fn r1_an_address_of_somebody_else_is_added_like_any_other_and_its_owner_is_told_in_place_of_the_code() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    caller(&test, BOB);
    let (free, taken) = (add(&test, &ada, WORK).unwrap(), add(&test, &ada, "Bob@example.com").unwrap());
    assert_eq!(send(&test, &ada, free, Email).unwrap().is_sent, send(&test, &ada, taken, Email).unwrap().is_sent);
    assert!(
        test.mails_to(BOB) == [Mail::ContactClaimed { masked: "B***@e***.com".into() }],
        "to the stored spelling (R4)"
    );
    assert!(test.mails_to("Bob@example.com").is_empty());
    for guess in ["000000", "123456"] {
        assert_eq!(confirm(&test, &ada, taken, Email, guess), Err(ConfirmIdentifierError::InvalidCode));
    }
    let wrong = wrong(&code(&test, WORK));
    assert_eq!(confirm(&test, &ada, free, Email, &wrong), Err(ConfirmIdentifierError::InvalidCode));
}

#[test]
fn r1_a_number_of_somebody_else_gets_no_code_and_its_owner_is_told_by_mail() {
    let test = TestCore::new();
    let (ada, bob) = (caller(&test, ADA), caller(&test, BOB));
    proven(&test, &bob, NUMBER);
    let texts = test.texts_to(NUMBER).len();
    let taken = add(&test, &ada, NUMBER).unwrap();
    test.clock.advance(Duration::from_mins(30));
    assert!(send(&test, &ada, taken, Phone).unwrap().is_sent);
    assert_eq!(test.texts_to(NUMBER).len(), texts);
    assert!(test.mails_to(BOB).last() == Some(&Mail::ContactClaimed { masked: "+31*******78".into() }));
}

#[test]
fn r2_r3_an_unproven_claim_blocks_nobody_and_ends_when_somebody_else_proves_the_address() {
    let test = TestCore::new();
    let (ada, bob) = (caller(&test, ADA), caller(&test, BOB));
    let [of_ada, of_bob] = [&ada, &bob].map(|caller| add(&test, caller, WORK).unwrap());
    send(&test, &ada, of_ada, Email).unwrap();
    let for_ada = code(&test, WORK);
    test.clock.advance(Duration::from_mins(4));
    send(&test, &bob, of_bob, Email).unwrap();
    confirm(&test, &bob, of_bob, Email, &code(&test, WORK)).unwrap();
    assert_eq!(confirm(&test, &ada, of_ada, Email, &for_ada), Err(ConfirmIdentifierError::Unknown));
    assert_eq!(identifiers(&test, &ada), [owned(ADA, true, true)]);
    assert_eq!(count_events(&test, ada.user.id, Action::EmailClaimDropped), 1);
}

#[test]
fn r2_a_number_that_is_proven_costs_other_accounts_their_claim_and_nothing_else() {
    let test = TestCore::new();
    let form = SignUpForm { phone_number: Some(NUMBER.into()), ..SignUpForm::default() };
    let started = selfsame_application::sign_up::start::SignUp { form, ..sign_up(BOB) }.execute(&test.core).unwrap();
    let ada = caller(&test, ADA);
    proven(&test, &ada, NUMBER);
    let bob = test.ports.storage.read().unwrap().user(started.user.id).unwrap().unwrap();
    assert_eq!((bob.identifiers.len(), bob.primary_phone()), (1, None), "the account is still there");
    verify(&temporary_token(&started), &code(&test, BOB)).execute(&test.core).unwrap();
}

#[test]
fn r3_two_accounts_that_prove_one_number_at_once_leave_one_owner() {
    let test = TestCore::new();
    let callers = [caller(&test, ADA), caller(&test, BOB)];
    let ids = callers.each_ref().map(|caller| add(&test, caller, NUMBER).unwrap());
    let codes = [0, 1].map(|place| {
        test.clock.advance(Duration::from_mins(2));
        send(&test, &callers[place], ids[place], Phone).unwrap();
        last_code(&test, NUMBER)
    });
    let fresh = callers.each_ref().map(|caller| again(&test, caller));
    let done = thread::scope(|scope| {
        let confirm = |place: usize| {
            let confirm =
                ConfirmIdentifier { id: ids[place], kind: Phone, code: codes[place].clone(), context: context() };
            let (core, caller) = (&test.core, &fresh[place]);
            scope.spawn(move || confirm.execute(core, caller).is_ok())
        };
        [confirm(0), confirm(1)].map(|thread| thread.join().unwrap())
    });
    assert_eq!(done.iter().filter(|done| **done).count(), 1);
}

#[test]
fn r12_of_twenty_parallel_confirmations_of_one_code_one_succeeds() {
    let test = TestCore::with(|_, limits| limits.proof_per_ip.burst = 100);
    let ada = caller(&test, ADA);
    for typed in [WORK, NUMBER] {
        let id = add(&test, &ada, typed).unwrap();
        send(&test, &ada, id, kind_of(typed)).unwrap();
        let (code, fresh) = (last_code(&test, typed), again(&test, &ada));
        let confirm = ConfirmIdentifier { id, kind: kind_of(typed), code, context: context() };
        let done = thread::scope(|scope| {
            let threads: Vec<_> = (0..20).map(|_| scope.spawn(|| confirm.execute(&test.core, &fresh))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{typed}");
    }
}

#[test]
fn r12_r15_a_code_by_text_lives_ten_minutes_works_once_and_is_void_when_another_is_sent() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    let phone = add(&test, &ada, NUMBER).unwrap();
    send(&test, &ada, phone, Phone).unwrap();
    let first = last_code(&test, NUMBER);
    test.clock.advance(Duration::from_mins(1));
    send(&test, &ada, phone, Phone).unwrap();
    let second = last_code(&test, NUMBER);
    if first != second {
        assert_eq!(confirm(&test, &ada, phone, Phone, &first), Err(ConfirmIdentifierError::InvalidCode));
    }
    test.clock.advance(Duration::from_mins(10));
    assert_eq!(confirm(&test, &ada, phone, Phone, &second), Err(ConfirmIdentifierError::ExpiredCode));
    test.clock.advance(Duration::from_hours(1));
    send(&test, &ada, phone, Phone).unwrap();
    confirm(&test, &ada, phone, Phone, &last_code(&test, NUMBER)).unwrap();
    let done = confirm(&test, &ada, phone, Phone, &last_code(&test, NUMBER));
    assert_eq!(done, Err(ConfirmIdentifierError::AlreadyVerified));
    assert_eq!(send(&test, &ada, phone, Phone), Err(SendCodeError::AlreadyVerified));
}

#[test]
fn r15_r35_five_wrong_codes_and_no_more_also_after_another_code() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    let phone = add(&test, &ada, NUMBER).unwrap();
    send(&test, &ada, phone, Phone).unwrap();
    let wrong = wrong(&last_code(&test, NUMBER));
    for _ in 0..5 {
        assert_eq!(confirm(&test, &ada, phone, Phone, &wrong), Err(ConfirmIdentifierError::InvalidCode));
    }
    test.clock.advance(Duration::from_mins(1));
    send(&test, &ada, phone, Phone).unwrap();
    let right = last_code(&test, NUMBER);
    assert!(matches!(confirm(&test, &ada, phone, Phone, &right), Err(ConfirmIdentifierError::TooManyTries(_))));
}

#[test]
fn r16_text_messages_have_budgets_by_number_user_address_and_for_all() {
    let sent = |adjust: fn(&mut selfsame_application::Limits), numbers: usize, pause: Duration| {
        let test = TestCore::with(|policy, limits| {
            policy.step_up = chrono::Duration::days(9);
            policy.absolute = chrono::Duration::days(30);
            adjust(limits);
        });
        let ada = caller(&test, ADA);
        let ids: Vec<_> = (0..numbers).map(|n| add(&test, &ada, &format!("+3161234567{n}")).unwrap()).collect();
        let mut sent = 0;
        for round in 0..60 {
            sent += usize::from(send(&test, &ada, ids[round % numbers], Phone).unwrap().is_sent);
            test.clock.advance(pause);
        }
        sent
    };
    let unbounded = |limits: &mut selfsame_application::Limits| {
        for rate in [&mut limits.sms_per_user, &mut limits.sms_per_ip] {
            rate.burst = 1000;
        }
    };
    assert_eq!(sent(unbounded, 1, Duration::from_secs(1)), 1, "one in a minute");
    assert_eq!(sent(unbounded, 1, Duration::from_mins(1)), 4, "three, and one more in half an hour");
    assert_eq!(sent(unbounded, 1, Duration::from_mins(24)), 9, "ten in a day at most");
    assert_eq!(sent(|_| (), 10, Duration::from_secs(6)), 5, "by the user");
    assert_eq!(sent(|limits| limits.sms_per_user.burst = 1000, 10, Duration::from_secs(6)), 10, "by the address");
    let few = |limits: &mut selfsame_application::Limits| limits.sms_per_server.burst = 2;
    assert_eq!(sent(few, 10, Duration::from_secs(1)), 2, "for all");
}

#[test]
fn r16_no_message_goes_to_a_country_that_is_not_on_the_list() {
    let test = TestCore::with(|policy, _| policy.sms_countries = vec!["NL".into(), "US".into()]);
    let ada = caller(&test, ADA);
    assert_eq!(add(&test, &ada, "+447400123456"), Err(AddIdentifierError::CountryNotAllowed));
    proven(&test, &ada, NUMBER);
    // By the profile any number can be set, unproven.
    let patch = ProfilePatch { phone_number: Change::Set("+447400123456".into()), ..ProfilePatch::default() };
    let update = UpdateProfile { patch, context: context(), ..UpdateProfile::default() };
    let id = update.execute(&test.core, &again(&test, &ada)).unwrap().user.primary_phone().unwrap().id;
    assert_eq!(send(&test, &ada, id, Phone), Err(SendCodeError::CountryNotAllowed));
}

#[test]
fn without_a_gateway_no_number_can_be_verified_and_the_answer_says_so() {
    let test = TestCore::with(|policy, _| policy.sends_sms = false);
    let ada = caller(&test, ADA);
    let phone = add(&test, &ada, NUMBER).unwrap();
    assert_eq!(send(&test, &ada, phone, Phone), Err(SendCodeError::NoSms));
}

#[test]
fn within_the_pause_no_second_code_is_sent_and_the_first_stays_valid() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    let work = add(&test, &ada, WORK).unwrap();
    assert!(send(&test, &ada, work, Email).unwrap().is_sent);
    let code = code(&test, WORK);
    test.clock.advance(Duration::from_secs(10));
    let again = send(&test, &ada, work, Email).unwrap();
    assert_eq!((again.is_sent, again.next_in), (false, Duration::from_secs(20)));
    confirm(&test, &ada, work, Email, &code).unwrap();
}

#[test]
fn an_account_has_at_most_so_many_of_each_and_each_once() {
    let test = TestCore::with(|policy, _| policy.max_emails = 3);
    let ada = caller(&test, ADA);
    add(&test, &ada, WORK).unwrap();
    assert_eq!(add(&test, &ada, "ADA@work.example"), Err(AddIdentifierError::Duplicate(Email)));
    add(&test, &ada, "ada@third.example").unwrap();
    assert_eq!(add(&test, &ada, "ada@fourth.example"), Err(AddIdentifierError::TooMany { max: 3 }));
    for (typed, claim) in [("nobody@", Claim::Email), ("12", Claim::PhoneNumber)] {
        let refused = AddIdentifierError::Invalid(Violation::new(claim, Rule::Malformed).into());
        assert_eq!(add(&test, &ada, typed), Err(refused));
    }
}

#[test]
fn r24_r25_every_change_is_told_to_all_verified_addresses_and_voids_a_reset_by_them() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    let work = proven(&test, &ada, WORK);
    let masked = || "a***@w***.example".to_owned();
    let told = test.mails_to(ADA);
    assert!(told == [Mail::ContactAdded { masked: masked() }, Mail::ContactVerified { masked: masked() }]);
    RequestPasswordReset { email: WORK.into(), context: context() }.execute(&test.core).unwrap();
    let token = link_token(&test, WORK);
    remove(&test, &ada, work, Email).unwrap();
    for address in [ADA, WORK] {
        let last = test.mails_to(address).pop();
        assert!(last == Some(Mail::ContactRemoved { masked: masked() }), "{address}");
    }
    let reset = ResetPassword { token, new_password: Password::new(OTHER_PASSWORD), context: context() };
    assert_eq!(reset.execute(&test.core).unwrap_err(), ResetPasswordError::InvalidToken);
}

#[test]
fn r43_nothing_changes_once_the_sign_in_has_ended() {
    let test = TestCore::new();
    let (ada, other) = (caller(&test, ADA), caller(&test, ADA));
    let work = proven(&test, &ada, WORK);
    let pending = add(&test, &ada, "ada@third.example").unwrap();
    send(&test, &ada, pending, Email).unwrap();
    let code = code(&test, "ada@third.example");
    let stale = again(&test, &ada);
    tick(&test);
    EndSignIn { id: ada.principal.sign_in_id, context: context() }.execute(&test.core, &other).unwrap();
    let new = NewIdentifier::Email("ada@fourth.example".into());
    let added = AddIdentifier { new, context: context() }.execute(&test.core, &stale);
    assert_eq!(added.unwrap_err(), AddIdentifierError::Unauthenticated);
    let removed = RemoveIdentifier { id: work, kind: Email, context: context() }.execute(&test.core, &stale);
    assert_eq!(removed.unwrap_err(), RemoveIdentifierError::Unauthenticated);
    let primary = MakePrimary { id: work, kind: Email, context: context() }.execute(&test.core, &stale);
    assert_eq!(primary.unwrap_err(), MakePrimaryError::Unauthenticated);
    let confirmed =
        ConfirmIdentifier { id: pending, kind: Email, code, context: context() }.execute(&test.core, &stale);
    assert_eq!(confirmed.unwrap_err(), ConfirmIdentifierError::Unauthenticated);
}

#[test]
fn r9_a_pending_change_is_seen_cancelled_and_ends_with_its_time_and_its_sign_in() {
    let test = TestCore::new();
    let (ada, other) = (caller(&test, ADA), caller(&test, ADA));
    let request =
        || RequestEmailChange { new_email: WORK.into(), context: context() }.execute(&test.core, &ada).unwrap();
    let read = |caller: &Caller| ReadEmailChange.execute(&test.core, caller).map(|pending| pending.new_email);
    let cancel = || CancelEmailChange { context: context() }.execute(&test.core, &ada);
    let not_pending = (Err(ReadEmailChangeError::NotPending), Err(CancelEmailChangeError::NotPending));
    assert_eq!((read(&ada), cancel()), not_pending);
    request();
    assert_eq!((read(&ada), read(&other)), (Ok(WORK.into()), Ok(WORK.into())));
    cancel().unwrap();
    assert_eq!((read(&ada), cancel()), not_pending);
    assert_eq!(count_events(&test, ada.user.id, Action::EmailChangeCancelled), 1);
    request();
    tick(&test);
    EndSignIn { id: ada.principal.sign_in_id, context: context() }.execute(&test.core, &other).unwrap();
    assert_eq!(read(&other), Err(ReadEmailChangeError::NotPending));

    let test = TestCore::new();
    let ada = caller(&test, ADA);
    RequestEmailChange { new_email: WORK.into(), context: context() }.execute(&test.core, &ada).unwrap();
    test.clock.advance(Duration::from_mins(10));
    assert_eq!(ReadEmailChange.execute(&test.core, &ada), Err(ReadEmailChangeError::NotPending));
}

#[test]
fn r1_a_pending_change_to_an_address_of_somebody_else_looks_like_any_other() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    caller(&test, BOB);
    RequestEmailChange { new_email: BOB.into(), context: context() }.execute(&test.core, &ada).unwrap();
    assert_eq!(ReadEmailChange.execute(&test.core, &ada).unwrap().new_email, BOB);
}

fn rename(test: &TestCore, caller: &Caller, name: &str) -> Result<(), UpdateProfileError> {
    let patch = ProfilePatch { preferred_username: Change::Set(name.into()), ..ProfilePatch::default() };
    let update = UpdateProfile { patch, context: context(), ..UpdateProfile::default() };
    update.execute(&test.core, &again(test, caller)).map(drop)
}

fn taken() -> Violation {
    Violation::new(Claim::PreferredUsername, Rule::Taken)
}

#[test]
fn r6_a_username_that_was_given_up_is_held_for_its_former_owner_for_thirty_days() {
    let test = TestCore::with(|policy, _| policy.refresh_idle = chrono::Duration::days(90));
    let (ada, bob) = (caller(&test, ADA), caller(&test, BOB));
    rename(&test, &ada, "lovelace").unwrap();
    rename(&test, &ada, "countess").unwrap();
    for look_alike in ["lovelace", "Lovelace", "LoveIace"] {
        assert_eq!(rename(&test, &bob, look_alike), Err(UpdateProfileError::Invalid(taken().into())), "{look_alike}");
    }
    let form = SignUpForm { preferred_username: Some("lovelace".into()), ..SignUpForm::default() };
    let sign_up = selfsame_application::sign_up::start::SignUp { form, ..sign_up("eve@example.com") };
    assert_eq!(sign_up.execute(&test.core).unwrap_err(), SignUpError::Invalid(taken().into()));
    rename(&test, &ada, "lovelace").unwrap();
    rename(&test, &ada, "countess").unwrap();
    test.clock.advance(Duration::from_hours(30 * 24));
    rename(&test, &bob, "lovelace").unwrap();
    assert_eq!(
        rename(&test, &ada, "lovelace"),
        Err(UpdateProfileError::Invalid(taken().into())),
        "it is another's now"
    );
}

const ROUNDS: Deliver = Deliver {
    batch: 20,
    lease: chrono::Duration::minutes(2),
    longest_send: chrono::Duration::seconds(20),
    max_attempts: 3,
    first_pause: Duration::from_secs(5),
    longest_pause: Duration::from_mins(1),
};

/// Sends the due text messages, as the worker does.
fn deliver(test: &TestCore, sender: &std::sync::Arc<RecordingSms>) {
    let outlet = Outlet::Sms(sender.clone());
    for leased in ROUNDS.lease_messages(&test.core, &Channel::Sms, 10).unwrap() {
        ROUNDS.send_leased(&test.core, &outlet, &leased, &|| false).unwrap();
    }
}

#[test]
fn r88_a_text_message_is_tried_again_given_up_and_expires_with_its_code() {
    let test = TestCore::new();
    let ada = caller(&test, ADA);
    let phone = add(&test, &ada, NUMBER).unwrap();
    send(&test, &ada, phone, Phone).unwrap();
    let sender = std::sync::Arc::new(RecordingSms::new());
    sender.fail_with(Some(SmsError::Temporary("on purpose".into())));
    deliver(&test, &sender);
    sender.fail_with(None);
    deliver(&test, &sender);
    assert!(sender.sent().is_empty(), "it is not due yet");
    test.clock.advance(Duration::from_secs(8));
    deliver(&test, &sender);
    let [TextMessage { to, sms: Sms::VerifyPhone { code, .. }, .. }] = &sender.sent()[..] else {
        panic!("one message")
    };
    assert_eq!(to, NUMBER);
    confirm(&test, &ada, phone, Phone, code).unwrap();

    let second = add(&test, &ada, OTHER_NUMBER).unwrap();
    send(&test, &ada, second, Phone).unwrap();
    test.clock.advance(Duration::from_mins(10));
    deliver(&test, &sender);
    assert_eq!(sender.sent().len(), 1, "its code has expired");
    test.clock.advance(Duration::from_hours(1));
    send(&test, &ada, second, Phone).unwrap();
    sender.fail_with(Some(SmsError::Permanent("on purpose".into())));
    deliver(&test, &sender);
    let status = test.ports.storage.read().unwrap().outbox_status().unwrap();
    assert_eq!(status.dead, 1);
}
