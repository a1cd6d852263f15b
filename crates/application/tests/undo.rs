//! "This was not me": undoing changes by the links of their notices, over memory and fakes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{thread, time::Duration};

use common::*;
use selfsame_application::{
    Caller, Fault,
    data::purge::Purge,
    deletion::schedule::{ScheduleDeletion, ScheduleDeletionError},
    identifiers::{
        add::{AddIdentifier, NewIdentifier},
        confirm::ConfirmIdentifier,
        confirm_change::{ConfirmEmailChange, ConfirmEmailChangeError},
        make_primary::MakePrimary,
        remove::{RemoveIdentifier, RemoveIdentifierError},
        request_change::RequestEmailChange,
        send_code::SendCode,
    },
    operator::{SetPassword, UnfreezeUser, users::SetDisabled},
    passkeys::{PasskeyError, RemovePasskey},
    password::{
        change::{ChangePassword, ChangePasswordError, OwnSignIn},
        remove::{RemovePassword, RemovePasswordError},
        request_reset::RequestPasswordReset,
        reset::{ResetPassword, ResetPasswordError},
    },
    second_factors::{
        backup_codes::MakeBackupCodes,
        begin_totp::BeginTotp,
        confirm_totp::{ConfirmTotp, ConfirmTotpError, TotpCodes},
        remove_sms::RemoveSms,
        remove_totp::{RemoveTotp, RemoveTotpError},
    },
    sessions::prove_again::{Proof, ProveAgain},
    sign_in::{
        with_passkey::{BeginPasskeySignIn, PasskeySignIn, PasskeySignInError},
        with_password::{SignInError, SignInOutcome},
    },
    undo::{Effect, PreviewUndo, UndoChange, UndoChangeError, Undone},
};
use selfsame_domain::{
    Action, Claim, Consent, Factor, Factors, Identifier, IdentifierId, IdentifierKind::Email, Passkey, PasskeyId,
    Password, PhoneNumber, RequestContext, Rule, Scopes, TotpSecret, User, UserId, Violation, id::Id as _,
};
use selfsame_ports::{Clock as _, Mail, Storage as _};
use selfsame_testing::{
    authenticator::SoftwareKey,
    builders::{a_device, a_token_hash},
};

const ADA: &str = "ada@example.com";
const WORK: &str = "ada@work.example";
const EVE: &str = "eve@example.com";
const DAY: Duration = Duration::from_hours(24);
const THIRD_PASSWORD: &str = "eleven quiet lanterns drift";

fn unlimited() -> TestCore {
    TestCore::with(|_, limits| limits.enabled = false)
}

/// A core with Ada, and the id of her account.
fn with_ada() -> (TestCore, UserId) {
    let test = unlimited();
    let user = test.verified_user(ADA).id;
    (test, user)
}

fn caller(test: &TestCore) -> Caller {
    test.caller(&test.tokens(ADA))
}

fn stored(test: &TestCore, user: UserId) -> User {
    test.storage.read().unwrap().user(user).unwrap().unwrap()
}

/// The same sign-in with the account as it is now, proven by these factors.
fn again(test: &TestCore, caller: &Caller, methods: &[Factor]) -> Caller {
    let mut caller = Caller { user: stored(test, caller.user.id), ..caller.clone() };
    caller.principal.assurance.methods = Factors::of(methods.iter().copied());
    caller.principal.assurance.authenticated_at = test.ports.clock.now();
    caller
}

/// The tokens of the undo links for an address, oldest first.
fn links(test: &TestCore, address: &str) -> Vec<String> {
    let links = test.undo_links_to(address);
    links.iter().map(|link| link.strip_prefix("http://localhost:8080/undo#token=").unwrap().to_owned()).collect()
}

fn last_link(test: &TestCore, address: &str) -> String {
    links(test, address).pop().unwrap()
}

fn undo(test: &TestCore, token: &str) -> Result<Undone, UndoChangeError> {
    tick(test);
    UndoChange { token: token.to_owned(), context: context() }.execute(&test.core)
}

fn change_password(test: &TestCore, caller: &Caller, old: &str, new: &str) -> Result<(), ChangePasswordError> {
    tick(test);
    let change = ChangePassword {
        current_password: Password::new(old),
        new_password: Password::new(new),
        own_sign_in: OwnSignIn::GoesOn { access_ttl: Duration::from_mins(5) },
        context: context(),
    };
    change.execute(&test.core, caller).map(drop)
}

/// Moves the account to another primary address.
fn change_email(test: &TestCore, caller: &Caller, address: &str) -> Result<(), ConfirmEmailChangeError> {
    tick(test);
    let caller = again(test, caller, &[Factor::Password]);
    RequestEmailChange { new_email: address.to_owned(), context: context() }.execute(&test.core, &caller).unwrap();
    tick(test);
    let confirm = ConfirmEmailChange { new_email: address.to_owned(), code: code(test, address), context: context() };
    confirm.execute(&test.core, &caller).map(drop)
}

fn add_email(test: &TestCore, caller: &Caller, address: &str) -> IdentifierId {
    tick(test);
    let new = NewIdentifier::Email(address.to_owned());
    let added = AddIdentifier { new, context: context() }.execute(&test.core, caller).unwrap().identifier.id;
    let caller = again(test, caller, &[Factor::Password]);
    SendCode { id: added, kind: Email, context: context() }.execute(&test.core, &caller).unwrap();
    tick(test);
    let confirm = ConfirmIdentifier { id: added, kind: Email, code: code(test, address), context: context() };
    confirm.execute(&test.core, &again(test, &caller, &[Factor::Password])).unwrap();
    added
}

fn remove_email(test: &TestCore, caller: &Caller, address: &str) {
    tick(test);
    let caller = again(test, caller, &[Factor::Password]);
    let id = caller.user.identifiers_of(Email).find(|email| email.value == address).unwrap().id;
    RemoveIdentifier { id, kind: Email, context: context() }.execute(&test.core, &caller).unwrap();
}

fn signs_in(test: &TestCore, address: &str, password: &str) -> Result<(), SignInError> {
    sign_in(address, password).execute(&test.core).map(drop)
}

fn frozen() -> SignInError {
    SignInError::Fault(Fault::Frozen)
}

/// Resets the password by the newest mail to an address that has a link for it. A notice may be as new.
fn reset(test: &TestCore, address: &str, password: &str) -> Result<User, ResetPasswordError> {
    tick(test);
    let mailed = test.mails_to(address).into_iter().rev().find_map(|mail| match mail {
        Mail::ResetPassword { link, .. } => Some(link),
        _ => None,
    });
    let token = mailed.unwrap().split_once("#token=").unwrap().1.to_owned();
    ResetPassword { token, new_password: Password::new(password), context: context() }.execute(&test.core)
}

fn addresses(test: &TestCore, user: UserId) -> Vec<(String, bool, bool)> {
    let user = stored(test, user);
    let emails = user.identifiers_of(Email);
    emails.map(|email| (email.value.clone(), email.is_primary, email.is_verified())).collect()
}

fn primary(address: &str) -> (String, bool, bool) {
    (address.to_owned(), true, true)
}

fn actions(test: &TestCore, user: UserId) -> Vec<String> {
    trail(test, user).into_iter().map(|record| record.action).collect()
}

fn remove_totp(test: &TestCore, caller: &Caller) -> Result<User, RemoveTotpError> {
    tick(test);
    RemoveTotp { resets_policy: true, context: context() }.execute(&test.core, caller)
}

fn enrol_another_totp(test: &TestCore, caller: &Caller) -> Result<TotpSecret, ConfirmTotpError> {
    tick(test);
    let begun = BeginTotp { replaces: true, context: context() }.execute(&test.core, caller).unwrap();
    let codes = TotpCodes::One(test.totp_code(&begun.secret));
    ConfirmTotp { codes, backup_codes: 0, context: context() }.execute(&test.core, caller)?;
    Ok(begun.secret)
}

fn make_codes(test: &TestCore, caller: &Caller) -> Vec<String> {
    tick(test);
    let made = MakeBackupCodes { count: 3, code: None, context: context() }.execute(&test.core, caller).unwrap();
    made.expose().map(ToOwned::to_owned).collect()
}

fn proves(test: &TestCore, caller: &Caller, code: &str) -> bool {
    tick(test);
    ProveAgain { proof: Proof::Code(code.to_owned()), context: context() }.execute(&test.core, caller).is_ok()
}

fn schedule(test: &TestCore, caller: &Caller) -> Result<(), ScheduleDeletionError> {
    tick(test);
    ScheduleDeletion { context: context() }.execute(&test.core, caller).map(drop)
}

fn remove_passkey(test: &TestCore, caller: &Caller, place: usize) -> Result<(), PasskeyError> {
    tick(test);
    let id = test.storage.read().unwrap().passkeys(caller.user.id).unwrap()[place].id;
    RemovePasskey { id, context: context() }.execute(&test.core, caller).map(drop)
}

fn sign_in_by(test: &TestCore, key: &SoftwareKey) -> Result<(), PasskeySignInError> {
    let begin = BeginPasskeySignIn { email: None, holder: TOKENS, context: context() };
    let response = key.sign(&begin.execute(&test.core).unwrap().options);
    let finish = PasskeySignIn { email: None, response, holder: TOKENS, context: context() };
    finish.execute(&test.core).map(drop)
}

#[test]
fn r25_the_link_of_a_notice_restores_the_password_ends_every_sign_in_and_freezes_the_account() {
    let (test, user) = with_ada();
    let (attacker, tokens) = (caller(&test), test.tokens(ADA));
    change_password(&test, &attacker, PASSWORD, OTHER_PASSWORD).unwrap();
    let mut unit = test.storage.begin().unwrap();
    unit.devices().insert(&a_device(&stored(&test, user)), &a_token_hash()).unwrap();
    unit.commit().unwrap();
    assert_eq!(undo(&test, &last_link(&test, ADA)), Ok(Undone { reset_mailed_to: Some("a***@e***.com".to_owned()) }));

    assert!(refresh(&tokens.refresh_token).execute(&test.core).is_err());
    let account = stored(&test, user);
    assert!(account.is_frozen() && account.has_password());
    let mut queries = test.storage.read().unwrap();
    assert_eq!(queries.live_sign_ins(user, test.ports.clock.now(), None, 10).unwrap(), []);
    assert_eq!(queries.devices(user, account.credential_epoch, test.ports.clock.now(), 10).unwrap(), []);
    drop(queries);
    assert_eq!(signs_in(&test, ADA, PASSWORD), Err(frozen()), "the restored one");
    assert_eq!(signs_in(&test, ADA, OTHER_PASSWORD), Err(SignInError::InvalidCredentials));
    let refused = change_password(&test, &attacker, PASSWORD, THIRD_PASSWORD).unwrap_err();
    assert!(matches!(refused, ChangePasswordError::Unauthenticated | ChangePasswordError::WrongPassword));
    assert_eq!(actions(&test, user)[actions(&test, user).len() - 2..], ["change.undone", "account.frozen"]);
}

#[test]
fn r22_the_freeze_ends_with_a_reset_by_the_mail_that_the_undo_sent() {
    let (test, user) = with_ada();
    change_password(&test, &caller(&test), PASSWORD, OTHER_PASSWORD).unwrap();
    undo(&test, &last_link(&test, ADA)).unwrap();
    for known in [PASSWORD, OTHER_PASSWORD] {
        let used = ResetPasswordError::Invalid(Violation::new(Claim::Password, Rule::UsedBefore).into());
        assert_eq!(reset(&test, ADA, known).unwrap_err(), used, "the attacker may know it");
    }
    assert!(stored(&test, user).is_frozen());
    assert!(!reset(&test, ADA, THIRD_PASSWORD).unwrap().is_frozen());
    assert_eq!(signs_in(&test, ADA, THIRD_PASSWORD), Ok(()));
    assert_eq!(count_events(&test, user, Action::AccountUnfrozen), 1);
}

#[test]
fn r22_a_frozen_account_can_ask_for_another_reset() {
    let (test, user) = with_ada();
    change_password(&test, &caller(&test), PASSWORD, OTHER_PASSWORD).unwrap();
    undo(&test, &last_link(&test, ADA)).unwrap();
    test.clock.advance(DAY);
    assert_eq!(reset(&test, ADA, THIRD_PASSWORD).unwrap_err(), ResetPasswordError::ExpiredToken);
    RequestPasswordReset { email: ADA.to_owned(), context: context() }.execute(&test.core).unwrap();
    reset(&test, ADA, THIRD_PASSWORD).unwrap();
    assert!(!stored(&test, user).is_frozen());
}

#[test]
fn an_operator_ends_the_freeze_with_or_without_a_new_password() {
    let (test, user) = with_ada();
    for set in [false, true] {
        tick(&test);
        SetPassword { user, password: Password::new(THIRD_PASSWORD) }.execute(&test.core).unwrap();
        undo(&test, &last_link(&test, ADA)).unwrap();
        assert_eq!(signs_in(&test, ADA, PASSWORD), Err(frozen()));
        if set {
            SetPassword { user, password: Password::new(OTHER_PASSWORD) }.execute(&test.core).unwrap();
            assert_eq!(signs_in(&test, ADA, OTHER_PASSWORD), Ok(()));
        } else {
            for _ in 0..2 {
                assert!(!UnfreezeUser { user }.execute(&test.core).unwrap().is_frozen());
            }
            assert_eq!(signs_in(&test, ADA, PASSWORD), Ok(()));
        }
    }
    assert_eq!(count_events(&test, user, Action::AccountUnfrozen), 2);
}

#[test]
fn the_link_of_any_step_of_a_takeover_gives_the_addresses_back_and_the_attacker_gets_no_link_of_it() {
    for step in 0..4 {
        let (test, user) = with_ada();
        test.clock.advance(DAY);
        let attacker = caller(&test);
        change_email(&test, &attacker, EVE).unwrap();
        change_password(&test, &attacker, PASSWORD, OTHER_PASSWORD).unwrap();
        remove_email(&test, &attacker, ADA);
        assert_eq!(addresses(&test, user), [primary(EVE)]);
        let (of_ada, of_eve) = (links(&test, ADA), links(&test, EVE));
        assert_eq!((of_ada.len(), of_eve.len()), (4, 0), "requested, changed, password, removed");

        let undone = undo(&test, &of_ada[step]).unwrap();
        assert_eq!(undone.reset_mailed_to.as_deref(), Some("a***@e***.com"), "step {step}");
        let (first, rest) = (addresses(&test, user)[0].clone(), addresses(&test, user)[1..].to_vec());
        assert_eq!(first, primary(ADA));
        // What was there before the step is the attacker's address, which is a mere claim now.
        let claim = (EVE.to_owned(), false, false);
        assert_eq!(rest, if step < 2 { vec![] } else { vec![claim] }, "step {step}");
        assert!(!test.mails_to(EVE).iter().any(|mail| matches!(mail, Mail::ResetPassword { .. })));
        let told = test.mails().into_iter().rfind(|message| message.to == EVE).unwrap();
        assert!(matches!(told.mail, Mail::ChangeUndone { .. }), "r25: the address that it loses");
        assert_eq!((told.circumstances, told.undo, told.name), (None, None, None), "nothing of the owner");
        reset(&test, ADA, THIRD_PASSWORD).unwrap();
        assert_eq!(signs_in(&test, ADA, THIRD_PASSWORD), Ok(()));
    }
}

#[test]
fn of_two_links_the_later_one_first_leaves_the_earlier_one_and_not_the_other_way_round() {
    let (test, user) = with_ada();
    let attacker = caller(&test);
    add_email(&test, &attacker, WORK);
    change_password(&test, &attacker, PASSWORD, OTHER_PASSWORD).unwrap();
    let [added, proven, password] = links(&test, ADA).try_into().unwrap();
    for later in [&password, &proven] {
        undo(&test, later).unwrap();
        assert_eq!(addresses(&test, user), [primary(ADA), (WORK.to_owned(), false, false)]);
    }
    undo(&test, &added).unwrap();
    assert_eq!(addresses(&test, user), [primary(ADA)]);
    assert_eq!(count_events(&test, user, Action::ChangeUndone), 3);
    assert_eq!(count_events(&test, user, Action::AccountFrozen), 1);
    for used in [&added, &proven, &password] {
        assert_eq!(undo(&test, used), Err(UndoChangeError::InvalidToken));
    }

    UnfreezeUser { user }.execute(&test.core).unwrap();
    let attacker = caller(&test);
    add_email(&test, &attacker, WORK);
    change_password(&test, &attacker, PASSWORD, THIRD_PASSWORD).unwrap();
    let [.., added, proven, password] = &links(&test, ADA)[..] else { panic!() };
    undo(&test, added).unwrap();
    for later in [proven, password] {
        assert_eq!(undo(&test, later), Err(UndoChangeError::InvalidToken), "it is undone already");
    }
    assert_eq!(addresses(&test, user), [primary(ADA)]);
}

#[test]
fn an_undo_after_later_changes_voids_them_the_owners_own_too() {
    let (test, user) = with_ada();
    change_password(&test, &caller(&test), PASSWORD, OTHER_PASSWORD).unwrap();
    let link = last_link(&test, ADA);
    tick(&test);
    RequestPasswordReset { email: ADA.to_owned(), context: context() }.execute(&test.core).unwrap();
    reset(&test, ADA, THIRD_PASSWORD).unwrap();
    let SignInOutcome::Completed(signed_in) = sign_in(ADA, THIRD_PASSWORD).execute(&test.core).unwrap() else {
        panic!("not signed in")
    };
    let owner = test.caller(&tokens_of(*signed_in));
    enrol_another_totp(&test, &owner).unwrap();
    undo(&test, &link).unwrap();
    let account = stored(&test, user);
    assert!(account.is_frozen() && !account.has_totp());
    assert_eq!(test.storage.read().unwrap().totp(user).unwrap(), None);
    assert_eq!(signs_in(&test, ADA, PASSWORD), Err(frozen()));
}

#[test]
fn an_undo_cannot_be_undone_by_whoever_was_thrown_out() {
    let (test, user) = with_ada();
    test.clock.advance(DAY);
    let attacker = caller(&test);
    change_email(&test, &attacker, EVE).unwrap();
    let before = (links(&test, ADA), links(&test, EVE));
    undo(&test, &before.0[0]).unwrap();
    assert_eq!((links(&test, ADA), links(&test, EVE)), before, "an undo is told without a link");
    RequestPasswordReset { email: EVE.to_owned(), context: context() }.execute(&test.core).unwrap();
    assert!(!test.mails_to(EVE).iter().any(|mail| matches!(mail, Mail::ResetPassword { .. })));
    for token in links(&test, ADA).iter().skip(1) {
        assert_eq!(undo(&test, token), Err(UndoChangeError::InvalidToken));
    }
    assert_eq!(addresses(&test, user), [primary(ADA)]);
}

#[test]
fn a_new_address_gets_no_link_until_its_addition_can_no_longer_be_undone() {
    let (test, _) = with_ada();
    test.clock.advance(DAY * 4);
    add_email(&test, &caller(&test), WORK);
    change_password(&test, &caller(&test), PASSWORD, OTHER_PASSWORD).unwrap();
    let count = || (links(&test, ADA).len(), links(&test, WORK).len());
    assert_eq!(count(), (3, 0));
    assert!(test.mails_to(WORK).contains(&Mail::PasswordChanged), "it gets the notice");
    test.clock.advance(DAY * 3);
    let caller = test.caller_by(ADA, Factors::of([Factor::Password]));
    change_password(&test, &caller, OTHER_PASSWORD, THIRD_PASSWORD).unwrap();
    assert_eq!(count(), (4, 1));
    // The links of one change are one: the first that is used.
    undo(&test, &last_link(&test, WORK)).unwrap();
    assert_eq!(undo(&test, &last_link(&test, ADA)), Err(UndoChangeError::InvalidToken));
}

#[test]
fn an_account_that_has_proven_nothing_gets_no_link() {
    let test = unlimited();
    let user = test.unverified_user(ADA).id;
    tick(&test);
    SetPassword { user, password: Password::new(OTHER_PASSWORD) }.execute(&test.core).unwrap();
    assert!(test.mails_to(ADA).contains(&Mail::PasswordChanged));
    assert_eq!(test.undo_links_to(ADA), Vec::<String>::new());
}

#[test]
fn r12_of_twenty_parallel_uses_of_an_undo_link_one_succeeds() {
    let (test, user) = with_ada();
    change_password(&test, &caller(&test), PASSWORD, OTHER_PASSWORD).unwrap();
    let token = last_link(&test, ADA);
    let undone: Vec<bool> = thread::scope(|scope| {
        let uses: Vec<_> = (0..20).map(|_| scope.spawn(|| undo(&test, &token).is_ok())).collect();
        uses.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(undone.iter().filter(|undone| **undone).count(), 1);
    assert_eq!(count_events(&test, user, Action::ChangeUndone), 1);
}

#[test]
fn r12_a_link_works_for_72_hours_and_no_other_token_works() {
    let (test, user) = with_ada();
    change_password(&test, &caller(&test), PASSWORD, OTHER_PASSWORD).unwrap();
    let token = last_link(&test, ADA);
    let foreign = test.verified_user(EVE);
    tick(&test);
    SetPassword { user: foreign.id, password: Password::new(OTHER_PASSWORD) }.execute(&test.core).unwrap();
    let spliced = [&token[..11], &last_link(&test, EVE)[11..]].concat();
    RequestPasswordReset { email: ADA.to_owned(), context: context() }.execute(&test.core).unwrap();
    for wrong in ["", "nonsense", &token[1..], &spliced, &link_token(&test, ADA)] {
        assert_eq!(undo(&test, wrong), Err(UndoChangeError::InvalidToken), "{wrong}");
    }
    SetDisabled { user, is_disabled: true }.execute(&test.core).unwrap();
    assert_eq!(undo(&test, &token), Err(UndoChangeError::InvalidToken), "the account is disabled");
    SetDisabled { user, is_disabled: false }.execute(&test.core).unwrap();
    test.clock.advance(DAY * 3);
    assert_eq!(undo(&test, &token), Err(UndoChangeError::InvalidToken), "it has expired");
    assert!(!stored(&test, user).is_frozen());
    test.clock.advance(DAY * 8);
    Purge { keep: chrono::Duration::days(7) }.execute(&test.core, &|| false).unwrap();
    assert_eq!(undo(&test, &token), Err(UndoChangeError::InvalidToken));
}

#[test]
fn r35_guesses_of_undo_links_have_a_budget() {
    let test = TestCore::new();
    let refused = (0..1000).find_map(|_| match undo(&test, "nonsense") {
        Err(UndoChangeError::Fault(fault)) => Some(fault),
        _ => None,
    });
    assert!(matches!(refused, Some(Fault::Limited(_))));
}

#[test]
fn an_address_that_another_account_has_proven_meanwhile_stays_there() {
    let (test, user) = with_ada();
    add_email(&test, &caller(&test), WORK);
    test.clock.advance(DAY * 4);
    let attacker = caller(&test);
    change_email(&test, &attacker, EVE).unwrap();
    remove_email(&test, &attacker, ADA);
    let first = links(&test, ADA).into_iter().nth(2).unwrap();
    let other = test.verified_user(ADA);
    let undone = undo(&test, &first).unwrap();
    assert_eq!(undone.reset_mailed_to.as_deref(), Some("a***@w***.example"), "the next one is primary");
    assert_eq!(addresses(&test, user), [primary(WORK)]);
    assert_eq!(addresses(&test, other.id), [primary(ADA)]);
    reset(&test, WORK, OTHER_PASSWORD).unwrap();
}

#[test]
fn without_any_address_that_is_still_its_own_an_account_is_frozen_until_the_operator_helps() {
    let (test, user) = with_ada();
    let attacker = caller(&test);
    change_email(&test, &attacker, EVE).unwrap();
    remove_email(&test, &attacker, ADA);
    let first = links(&test, ADA).remove(0);
    test.verified_user(ADA);
    assert_eq!(undo(&test, &first), Ok(Undone { reset_mailed_to: None }));
    assert_eq!(addresses(&test, user), []);
    assert!(stored(&test, user).is_frozen());
    assert_eq!(signs_in(&test, EVE, PASSWORD), Err(SignInError::InvalidCredentials));
}

#[test]
fn r29_r30_factors_come_back_without_codes_that_were_used() {
    let (test, user) = with_ada();
    let owner = caller(&test);
    let secret = test.enrol_totp_in(&owner);
    let attacker = again(&test, &owner, &[Factor::Password, Factor::Totp]);
    let codes = make_codes(&test, &attacker);
    test.clock.advance(DAY * 4);
    let attacker = again(&test, &attacker, &[Factor::Password, Factor::Totp]);
    let at_first = links(&test, ADA).len();
    assert!(proves(&test, &attacker, &codes[0]));
    let later = make_codes(&test, &again(&test, &attacker, &[Factor::Totp]));
    enrol_another_totp(&test, &again(&test, &attacker, &[Factor::Totp])).unwrap();
    remove_totp(&test, &again(&test, &attacker, &[Factor::Totp])).unwrap();
    assert!(!stored(&test, user).has_second_factor());

    let code = test.totp_code(&secret);
    undo(&test, &links(&test, ADA)[at_first]).unwrap();
    let account = stored(&test, user);
    assert_eq!((account.enrolled.clone(), account.backup_codes_left), (Factors::of([Factor::Totp]), 2));
    UnfreezeUser { user }.execute(&test.core).unwrap();
    let owner = test.caller_by(ADA, Factors::of([Factor::Password]));
    for (code, is_right) in [(&code, false), (&codes[0], false), (&later[1], false), (&codes[1], true)] {
        assert_eq!(proves(&test, &owner, code), is_right, "{code}");
    }
    test.clock.advance(Duration::from_secs(30));
    assert!(proves(&test, &owner, &test.totp_code(&secret)));
}

#[test]
fn passkeys_come_back_and_later_ones_go() {
    let (test, user) = with_ada();
    let key = test.passkey(ADA);
    test.clock.advance(4 * DAY);
    let owner = test.caller(&test.tokens_by_passkey(&key));
    let count = || test.storage.read().unwrap().passkeys(user).unwrap().len();
    remove_passkey(&test, &owner, 0).unwrap();
    let removed = last_link(&test, ADA);
    let other = test.passkey(ADA);
    undo(&test, &removed).unwrap();
    assert_eq!((count(), stored(&test, user).has_passkey()), (1, true));
    assert_eq!(sign_in_by(&test, &key), Err(PasskeySignInError::Fault(Fault::Frozen)));
    assert_eq!(sign_in_by(&test, &other), Err(PasskeySignInError::Refused));
    UnfreezeUser { user }.execute(&test.core).unwrap();
    assert_eq!(sign_in_by(&test, &key), Ok(()));
}

#[test]
fn a_passkey_or_number_that_an_attacker_added_does_not_survive_the_link_of_a_later_step() {
    let (test, user) = with_ada();
    test.clock.advance(4 * DAY);
    let of_attacker = test.passkey(ADA);
    let id = IdentifierId::from_number(8);
    let now = test.clock.now();
    test.change_user(ADA, |user| {
        let phone = Identifier::phone(id, &PhoneNumber::parse("+31612345678").unwrap(), true, now);
        user.identifiers.push(Identifier { verified_at: Some(now), ..phone });
    });
    tick(&test);
    change_password(&test, &caller(&test), PASSWORD, OTHER_PASSWORD).unwrap();
    undo(&test, &last_link(&test, ADA)).unwrap();
    let account = stored(&test, user);
    assert!(!account.has_passkey() && test.storage.read().unwrap().passkeys(user).unwrap().is_empty());
    assert!(account.identifier(id).is_some_and(|phone| !phone.is_verified() && !phone.is_primary));
    reset(&test, ADA, THIRD_PASSWORD).unwrap();
    assert_eq!(sign_in_by(&test, &of_attacker), Err(PasskeySignInError::Refused));
}

#[test]
fn a_phone_number_that_was_a_second_factor_is_one_again() {
    let (test, user) = with_ada();
    let id = IdentifierId::from_number(8);
    test.change_user(ADA, |user| {
        let now = user.created_at;
        let phone = Identifier::phone(id, &PhoneNumber::parse("+31612345678").unwrap(), true, now);
        user.identifiers.push(Identifier { verified_at: Some(now), ..phone });
        user.enrol_phone(id, now);
    });
    test.clock.advance(4 * DAY);
    let owner = test.caller_by(ADA, Factors::of([Factor::Password, Factor::Sms]));
    RemoveSms { context: context() }.execute(&test.core, &owner).unwrap();
    assert!(!stored(&test, user).has_sms());
    undo(&test, &last_link(&test, ADA)).unwrap();
    let account = stored(&test, user);
    assert!(account.has_sms());
    assert_eq!(account.second_factor_phone().map(|phone| phone.id), Some(id));
}

#[test]
fn r37_a_passkey_that_another_account_has_registered_meanwhile_stays_there() {
    let (test, user) = with_ada();
    let key = test.passkey(ADA);
    let passkey = test.storage.read().unwrap().passkeys(user).unwrap().remove(0);
    remove_passkey(&test, &test.caller(&test.tokens_by_passkey(&key)), 0).unwrap();
    let eve = test.verified_user(EVE).id;
    let mut unit = test.storage.begin().unwrap();
    let taken = Passkey { id: PasskeyId::from_number(8), user_id: eve, ..passkey };
    unit.passkeys().insert(&taken).unwrap();
    unit.commit().unwrap();
    undo(&test, &last_link(&test, ADA)).unwrap();
    assert!(!stored(&test, user).has_passkey());
    assert_eq!(test.storage.read().unwrap().passkeys(eve).unwrap(), [taken]);
}

#[test]
fn r9_a_pending_change_of_address_and_a_scheduled_deletion_are_called_off() {
    let (test, user) = with_ada();
    let attacker = caller(&test);
    RequestEmailChange { new_email: EVE.to_owned(), context: context() }.execute(&test.core, &attacker).unwrap();
    undo(&test, &last_link(&test, ADA)).unwrap();
    let confirm = ConfirmEmailChange { new_email: EVE.to_owned(), code: code(&test, EVE), context: context() };
    let refused = confirm.execute(&test.core, &attacker).unwrap_err();
    assert_eq!(refused, ConfirmEmailChangeError::UnknownRequest);
    UnfreezeUser { user }.execute(&test.core).unwrap();
    schedule(&test, &caller(&test)).unwrap();
    undo(&test, &last_link(&test, ADA)).unwrap();
    assert_eq!(stored(&test, user).deletion_at, None);
}

#[test]
fn r25_a_sign_in_from_a_new_device_is_undone_too() {
    let (test, user) = with_ada();
    signs_in(&test, ADA, PASSWORD).unwrap();
    tick(&test);
    let elsewhere = RequestContext { ip: Some("198.51.100.7".parse().unwrap()), ..context() };
    let attacker =
        selfsame_application::sign_in::with_password::SignIn { context: elsewhere, ..sign_in(ADA, PASSWORD) };
    let SignInOutcome::Completed(signed_in) = attacker.execute(&test.core).unwrap() else { panic!("not signed in") };
    let tokens = tokens_of(*signed_in);
    assert!(test.mails_to(ADA).last() == Some(&Mail::NewSignIn));
    undo(&test, &last_link(&test, ADA)).unwrap();
    assert!(refresh(&tokens.refresh_token).execute(&test.core).is_err());
    assert!(stored(&test, user).is_frozen());
}

#[test]
fn r25_an_authenticator_app_of_an_earlier_step_of_a_takeover_does_not_come_back() {
    let (test, user) = with_ada();
    test.clock.advance(DAY * 4);
    let attacker = caller(&test);
    test.enrol_totp_in(&attacker);
    let attacker = again(&test, &attacker, &[Factor::Password, Factor::Totp]);
    make_codes(&test, &attacker);
    change_password(&test, &attacker, PASSWORD, OTHER_PASSWORD).unwrap();
    undo(&test, &last_link(&test, ADA)).unwrap();
    let account = stored(&test, user);
    assert_eq!((account.enrolled, account.backup_codes_left), (Factors::default(), 0));
    reset(&test, ADA, THIRD_PASSWORD).unwrap();
    let SignInOutcome::Completed(_) = sign_in(ADA, THIRD_PASSWORD).execute(&test.core).unwrap() else {
        panic!("the owner is asked for a code of the attacker's app")
    };
}

#[test]
fn r25_what_applications_were_allowed_by_an_intruder_is_withdrawn() {
    let (test, user) = with_ada();
    let consent = |client: &str| Consent {
        user_id: user,
        client_id: client.to_owned(),
        scopes: Scopes::known_in("openid profile:write"),
        created_at: test.ports.clock.now(),
        updated_at: test.ports.clock.now(),
    };
    let allow = |client: &str| {
        let mut unit = test.storage.begin().unwrap();
        unit.consents().save(&consent(client)).unwrap();
        unit.commit().unwrap();
    };
    allow("of-the-owner");
    test.clock.advance(DAY * 4);
    allow("of-the-intruder");
    change_password(&test, &caller(&test), PASSWORD, OTHER_PASSWORD).unwrap();
    allow("later");
    let told = previewed(&test, &last_link(&test, ADA)).unwrap();
    let withdrawn = ["application_withdrawn of-the-intruder", "application_withdrawn later"];
    assert!(withdrawn.iter().all(|effect| told.iter().any(|told| told == effect)), "{told:?}");
    assert!(!told.iter().any(|told| told.contains("of-the-owner")), "{told:?}");
    undo(&test, &last_link(&test, ADA)).unwrap();
    let left = test.storage.read().unwrap().consents(user).unwrap();
    assert_eq!(left.iter().map(|consent| consent.client_id.as_str()).collect::<Vec<_>>(), ["of-the-owner"]);
}

#[test]
fn a_new_address_is_not_the_oldest_one_by_the_removal_of_the_others() {
    let test = TestCore::with(|policy, limits| {
        policy.new_credential_hold = chrono::Duration::hours(24);
        limits.enabled = false;
    });
    let user = test.verified_user(ADA).id;
    let attacker = caller(&test);
    let added = add_email(&test, &attacker, EVE);
    let attacker = again(&test, &attacker, &[Factor::Password]);
    MakePrimary { id: added, kind: Email, context: context() }.execute(&test.core, &attacker).unwrap();
    let attacker = again(&test, &attacker, &[Factor::Password]);
    let of_ada = stored(&test, user).identifiers_of(Email).find(|email| email.value == ADA).unwrap().id;
    let remove = RemoveIdentifier { id: of_ada, kind: Email, context: context() };
    let refused = remove.execute(&test.core, &attacker).unwrap_err();
    assert!(matches!(refused, RemoveIdentifierError::Fault(Fault::TooNew(_))), "{refused:?}");
    let Err(ScheduleDeletionError::Fault(Fault::TooNew(_))) = schedule(&test, &attacker) else { panic!("deleted") };
    test.clock.advance(DAY);
    remove.execute(&test.core, &again(&test, &caller(&test), &[Factor::Password])).unwrap();
}

#[test]
fn a_new_factor_or_address_neither_deletes_the_account_nor_removes_older_factors_for_the_hold() {
    let held = || {
        let test = TestCore::with(|policy, limits| {
            policy.new_credential_hold = chrono::Duration::hours(24);
            limits.enabled = false;
        });
        test.verified_user(ADA);
        test
    };
    let test = held();
    let old = test.passkey(ADA);
    test.clock.advance(DAY);
    let strong = || test.caller(&test.tokens_by_passkey(&old));
    enrol_another_totp(&test, &strong()).unwrap();
    let too_new = |fault| matches!(fault, Fault::TooNew(left) if (Duration::from_hours(23)..=DAY).contains(&left));
    let Err(ScheduleDeletionError::Fault(fault)) = schedule(&test, &strong()) else { panic!("deleted") };
    assert!(too_new(fault));
    let Err(PasskeyError::Fault(fault)) = remove_passkey(&test, &strong(), 0) else { panic!("removed") };
    assert!(too_new(fault));
    let remove =
        RemovePassword { current_password: Password::new(PASSWORD), own_sign_in: OwnSignIn::Ends, context: context() };
    let Err(RemovePasswordError::Fault(fault)) = remove.execute(&test.core, &strong()) else { panic!("removed") };
    assert!(too_new(fault));
    // What is new can go.
    remove_totp(&test, &strong()).unwrap();
    assert_eq!(schedule(&test, &strong()), Ok(()));

    let test = held();
    let secret = test.enrol_totp(ADA);
    test.clock.advance(DAY);
    let strong = || test.caller_by(ADA, Factors::of([Factor::Password, Factor::Totp]));
    add_email(&test, &strong(), WORK);
    for _ in 0..2 {
        let Err(RemoveTotpError::Fault(fault)) = remove_totp(&test, &strong()) else { panic!("removed") };
        assert!(too_new(fault));
        let refused = enrol_another_totp(&test, &strong()).unwrap_err();
        assert!(matches!(refused, ConfirmTotpError::Fault(Fault::TooNew(_))), "it would remove the old one");
    }
    assert!(proves(&test, &strong(), &test.totp_code(&secret)));
    test.clock.advance(DAY);
    remove_totp(&test, &strong()).unwrap();
}

/// What a link would undo: kinds, with their values.
fn previewed(test: &TestCore, token: &str) -> Result<Vec<String>, UndoChangeError> {
    let preview = PreviewUndo { token: token.to_owned(), context: context() }.execute(&test.core)?;
    let words = |Effect { kind, value }| [Some(kind.as_str().to_owned()), value].into_iter().flatten();
    Ok(preview.effects.into_iter().map(|effect| words(effect).collect::<Vec<_>>().join(" ")).collect())
}

#[test]
fn r25_a_preview_tells_of_addresses_before_the_change_in_full_and_of_later_ones_masked() {
    let (test, user) = with_ada();
    let attacker = caller(&test);
    change_email(&test, &attacker, EVE).unwrap();
    remove_email(&test, &attacker, ADA);
    let before = stored(&test, user);
    // The notice of the request, and the change.
    for link in links(&test, ADA).iter().take(2) {
        let expected = [
            "contact_restored ada@example.com",
            "contact_removed e***@e***.com",
            "primary_email ada@example.com",
            "sign_ins_ended 1",
            "reset_mailed ada@example.com",
        ];
        assert_eq!(previewed(&test, link).unwrap(), expected);
    }
    assert_eq!(stored(&test, user), before, "nothing is changed");
    let link = links(&test, ADA).remove(0);
    undo(&test, &link).unwrap();
    assert_eq!(addresses(&test, user), [primary(ADA)]);
    assert_eq!(previewed(&test, &link), Err(UndoChangeError::InvalidToken));
}

#[test]
fn a_preview_tells_of_password_factors_a_pending_change_and_a_deletion() {
    let (test, user) = with_ada();
    let owner = caller(&test);
    test.enrol_totp_in(&owner);
    let codes = make_codes(&test, &again(&test, &owner, &[Factor::Password, Factor::Totp]));
    test.clock.advance(DAY * 4);
    let owner = again(&test, &owner, &[Factor::Password, Factor::Totp]);
    let first = links(&test, ADA).len();
    assert!(proves(&test, &owner, &codes[0]));
    make_codes(&test, &again(&test, &owner, &[Factor::Totp]));
    enrol_another_totp(&test, &again(&test, &owner, &[Factor::Totp])).unwrap();
    let link = links(&test, ADA).swap_remove(first);
    let expected = ["totp_restored", "backup_codes_restored 2", "sign_ins_ended 1", "reset_mailed ada@example.com"];
    assert_eq!(previewed(&test, &link).unwrap(), expected);
    remove_totp(&test, &again(&test, &owner, &[Factor::Totp])).unwrap();
    change_password(&test, &again(&test, &owner, &[Factor::Password]), PASSWORD, OTHER_PASSWORD).unwrap();
    let now = again(&test, &owner, &[Factor::Password]);
    RequestEmailChange { new_email: EVE.to_owned(), context: context() }.execute(&test.core, &now).unwrap();
    schedule(&test, &again(&test, &owner, &[Factor::Password])).unwrap();
    let expected = [
        "password_restored",
        "totp_restored",
        "backup_codes_restored 2",
        "deletion_cancelled",
        "sign_ins_ended 0",
        "reset_mailed ada@example.com",
    ];
    let told = previewed(&test, &link).unwrap();
    assert_eq!(told.into_iter().filter(|effect| !effect.starts_with("email_change")).collect::<Vec<_>>(), expected);
    assert!(!stored(&test, user).is_frozen());
}

#[test]
fn a_preview_names_passkeys_that_come_back_and_that_go() {
    let (test, _) = with_ada();
    let key = test.passkey(ADA);
    test.clock.advance(4 * DAY);
    remove_passkey(&test, &test.caller(&test.tokens_by_passkey(&key)), 0).unwrap();
    let link = last_link(&test, ADA);
    test.passkey(ADA);
    let told = previewed(&test, &link).unwrap();
    let of = |start: &str| told.iter().filter(|effect| effect.starts_with(start)).count();
    assert_eq!((of("passkey_restored "), of("passkey_removed ")), (1, 1), "{told:?}");
}

#[test]
fn a_preview_needs_a_link_in_force() {
    let (test, _) = with_ada();
    let owner = caller(&test);
    change_password(&test, &owner, PASSWORD, OTHER_PASSWORD).unwrap();
    let link = last_link(&test, ADA);
    assert_eq!(previewed(&test, &link).unwrap()[0], "password_restored");
    test.clock.advance(3 * DAY);
    assert_eq!(previewed(&test, &link), Err(UndoChangeError::InvalidToken));
    assert_eq!(previewed(&test, ""), Err(UndoChangeError::InvalidToken));
}
