//! Passkeys, over memory, with real ceremonies of a software authenticator.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::Duration,
};

use common::*;
use selfsame_application::{
    Authenticate, Caller, Credential,
    attempts::{Access, Holder, SignedIn},
    passkeys::{
        BeginPasskeyProof, BeginPasskeyRegistration, ListPasskeys, PasskeyError, ProveWithPasskey, RegisterPasskey,
        RemovePasskey, RenamePasskey, register::RegisteredPasskey,
    },
    sessions::end::EndSignIn,
    sign_in::with_passkey::{BeginPasskeySignIn, PasskeySignIn, PasskeySignInError},
};
use selfsame_domain::{
    Action, Claim, Factor, Factors, OpaqueToken, Passkey, PasskeyId, Rule, SecondFactorPolicy, User, Violation,
};
use selfsame_ports::{Mail, Storage as _};
use selfsame_testing::authenticator::SoftwareKey;
use serde_json::{Value, json};

const EMAIL: &str = "ada@example.com";

/// A caller who has just signed in with a password.
fn caller(test: &TestCore, email: &str) -> Caller {
    test.verified_user(email);
    test.caller(&test.tokens(email))
}

fn begin(test: &TestCore, caller: &Caller) -> Result<Value, PasskeyError> {
    BeginPasskeyRegistration { context: context() }.execute(&test.core, caller)
}

fn finish(test: &TestCore, caller: &Caller, response: &Value) -> Result<RegisteredPasskey, PasskeyError> {
    let register = RegisterPasskey { name: "My phone".to_owned(), response: response.clone(), context: context() };
    register.execute(&test.core, caller)
}

fn register(test: &TestCore, caller: &Caller, key: &SoftwareKey) -> Passkey {
    let options = begin(test, caller).unwrap();
    finish(test, caller, &key.register(&options)).unwrap().passkey
}

fn list(test: &TestCore, caller: &Caller) -> Vec<Passkey> {
    ListPasskeys.execute(&test.core, caller).unwrap().passkeys
}

fn remove(test: &TestCore, caller: &Caller, id: PasskeyId) -> Result<(), PasskeyError> {
    RemovePasskey { id, context: context() }.execute(&test.core, caller).map(drop)
}

fn rename(test: &TestCore, caller: &Caller, id: PasskeyId, name: &str) -> Result<Passkey, PasskeyError> {
    RenamePasskey { id, name: name.to_owned(), context: context() }.execute(&test.core, caller)
}

fn begin_sign_in(test: &TestCore, holder: &Holder) -> (Value, Option<OpaqueToken>) {
    let begin = BeginPasskeySignIn { email: None, holder: holder.clone(), context: context() };
    let begun = begin.execute(&test.core).unwrap();
    (begun.options, begun.new_cookie)
}

fn finish_sign_in(test: &TestCore, holder: &Holder, response: &Value) -> Result<SignedIn, PasskeySignInError> {
    let response = response.clone();
    PasskeySignIn { email: None, response, holder: holder.clone(), context: context() }.execute(&test.core)
}

fn sign_in_with(test: &TestCore, key: &SoftwareKey) -> Result<SignedIn, PasskeySignInError> {
    let (options, _) = begin_sign_in(test, &TOKENS);
    finish_sign_in(test, &TOKENS, &key.sign(&options))
}

/// A caller who has just signed in with a passkey.
fn caller_by(test: &TestCore, key: &SoftwareKey) -> Caller {
    test.caller(&tokens_of(sign_in_with(test, key).unwrap()))
}

fn browser(test: &TestCore, cookie: &OpaqueToken) -> Caller {
    Authenticate::new(Credential::Cookie(cookie.clone())).execute(&test.core).unwrap()
}

fn account(test: &TestCore, caller: &Caller) -> User {
    test.ports.storage.read().unwrap().user(caller.user.id).unwrap().unwrap()
}

fn change_account(test: &TestCore, caller: &Caller, change: impl FnOnce(&mut User)) {
    let mut unit = test.ports.storage.begin().unwrap();
    let before = unit.accounts().lock(caller.user.id).unwrap().unwrap();
    let mut after = before.clone();
    change(&mut after);
    after.touch(before.updated_at);
    unit.accounts().save(&before, &after).unwrap();
    unit.commit().unwrap();
}

fn later(test: &TestCore, minutes: u64) {
    test.clock.advance(Duration::from_mins(minutes));
}

#[test]
fn a_passkey_is_registered_listed_renamed_and_removed() {
    let test = TestCore::new();
    let (caller, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let options = begin(&test, &caller).unwrap();
    assert_eq!(options["user"]["name"], EMAIL);
    assert_eq!(options["excludeCredentials"], json!([]));
    let RegisteredPasskey { passkey, signals, .. } = finish(&test, &caller, &key.register(&options)).unwrap();
    assert_eq!(list(&test, &caller), std::slice::from_ref(&passkey));
    assert_eq!(signals.credential_ids, [passkey.credential_id.to_text()]);
    assert_eq!((signals.rp_id.as_str(), signals.name.as_str()), ("localhost", EMAIL));
    assert_eq!(signals.user_id, options["user"]["id"].as_str().unwrap());
    assert!(account(&test, &caller).has_passkey());
    assert!(!options["user"]["id"].as_str().unwrap().contains(&caller.user.id.to_string()));

    let strong = caller_by(&test, &key);
    let options = begin(&test, &strong).unwrap();
    assert_eq!(options["excludeCredentials"][0]["id"], passkey.credential_id.to_text());
    assert_eq!(rename(&test, &strong, passkey.id, " Work ").unwrap().name, "Work");
    assert_eq!(list(&test, &strong)[0].name, "Work");
    assert_eq!(remove(&test, &strong, passkey.id), Ok(()));
    assert_eq!(list(&test, &strong), []);
    assert!(!account(&test, &strong).has_passkey());
}

#[test]
fn r33_a_registration_is_a_proof_by_the_passkey_for_its_sign_in_and_for_no_other() {
    let test = TestCore::new();
    let (caller, tokens, key) = (caller(&test, EMAIL), test.tokens(EMAIL), SoftwareKey::new());
    register(&test, &caller, &key);
    let other = test.caller(&tokens);
    let stored = |caller: &Caller| {
        let state = test.storage.read().unwrap().sign_in(caller.user.id, caller.principal.sign_in_id, false).unwrap();
        state.unwrap().sign_in.assurance.methods
    };
    assert_eq!(stored(&caller), Factors::of([Factor::Password, Factor::Passkey]));
    assert_eq!(stored(&other), Factors::of([Factor::Password]));
    assert!(matches!(begin(&test, &other), Err(PasskeyError::StepUp(_))));
}

#[test]
fn r25_every_verified_address_is_told_of_each_passkey_and_r79_the_trail_has_all_of_it() {
    let test = TestCore::new();
    let (caller, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let passkey = register(&test, &caller, &key);
    assert!(test.mails_to(EMAIL) == [Mail::PasskeyAdded]);
    let strong = caller_by(&test, &key);
    rename(&test, &strong, passkey.id, "Work").unwrap();
    tick(&test);
    remove(&test, &strong, passkey.id).unwrap();
    let told: Vec<_> = test.mails_to(EMAIL).into_iter().filter(|mail| *mail != Mail::NewSignIn).collect();
    assert!(told == [Mail::PasskeyAdded, Mail::PasskeyRemoved]);
    for action in [Action::PasskeyAdded, Action::PasskeyRenamed, Action::PasskeyRemoved] {
        assert_eq!(count_events(&test, caller.user.id, action), 1, "{action:?}");
    }
    let trail = trail(&test, caller.user.id);
    assert!(trail.iter().all(|record| !format!("{record:?}").contains(&passkey.public_key)));
}

#[test]
fn a_passkey_signs_in_without_a_name_and_is_enough_by_itself() {
    let test = TestCore::new();
    let (caller, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let passkey = register(&test, &caller, &key);
    change_account(&test, &caller, |user| {
        user.enrolled = user.enrolled.with(Factor::Totp);
        user.second_factor_policy = SecondFactorPolicy::Enforced;
    });
    later(&test, 1);
    let signed_in = sign_in_with(&test, &key).unwrap();
    assert_eq!(signed_in.user.id, caller.user.id);
    assert_eq!(signed_in.sign_in.assurance.methods, Factors::of([Factor::Passkey]));
    assert_eq!(signed_in.attempt.next(), None);
    let used = &list(&test, &caller)[0];
    assert_eq!((used.use_count, used.last_used_at), (1, Some(signed_in.sign_in.created_at)));
    assert_eq!(Passkey { use_count: 0, last_used_at: None, ..used.clone() }, passkey);
}

#[test]
fn a_typed_address_must_be_that_of_the_account_and_tells_nothing() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    register(&test, &ada, &key);
    test.verified_user("grace@example.com");
    let begin = |email: &str| {
        let begin = BeginPasskeySignIn { email: Some(email.to_owned()), holder: TOKENS, context: context() };
        begin.execute(&test.core).unwrap().options
    };
    let finish = |email: Option<&str>, options: &Value| {
        let email = email.map(str::to_owned);
        PasskeySignIn { email, response: key.sign(options), holder: TOKENS, context: context() }
            .execute(&test.core)
            .map(|signed_in| signed_in.user.id)
    };
    let shape = |mut options: Value| {
        options["challenge"] = Value::Null;
        options
    };
    let [known, without_passkey, unknown] =
        [EMAIL, "grace@example.com", "nobody@example.com"].map(|email| shape(begin(email)));
    assert_eq!(known, without_passkey, "r1");
    assert_eq!(known, unknown, "r1");
    assert_eq!(finish(Some(" ADA@example.com"), &begin(EMAIL)), Ok(ada.user.id));
    for (email, begun) in [("grace@example.com", "grace@example.com"), ("nobody@example.com", "nobody@example.com")] {
        assert_eq!(finish(Some(email), &begin(begun)), Err(PasskeySignInError::Refused));
    }
    for email in [None, Some("grace@example.com")] {
        assert_eq!(finish(email, &begin(EMAIL)), Err(PasskeySignInError::UnknownChallenge));
    }
}

#[test]
fn r40_a_sign_in_with_a_passkey_replaces_the_cookie_and_is_of_the_browser_that_began_it() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    register(&test, &ada, &key);
    let (options, cookie) = begin_sign_in(&test, &Holder::Browser(None));
    let cookie = cookie.unwrap();
    let response = key.sign(&options);
    let other = begin_sign_in(&test, &Holder::Browser(None)).1;
    for stranger in [Holder::Browser(other), Holder::Browser(None), TOKENS] {
        let (options, _) = begin_sign_in(&test, &Holder::Browser(Some(cookie.clone())));
        let refused = finish_sign_in(&test, &stranger, &key.sign(&options));
        assert_eq!(refused.unwrap_err(), PasskeySignInError::UnknownChallenge);
    }
    let signed_in = finish_sign_in(&test, &Holder::Browser(Some(cookie.clone())), &response).unwrap();
    let Access::Cookie(new_cookie) = signed_in.access else { panic!("tokens for a browser") };
    assert_ne!(new_cookie.expose(), cookie.expose());
    assert_eq!(browser(&test, &new_cookie).user.id, ada.user.id);

    let holder = Holder::Browser(Some(new_cookie.clone()));
    let (options, nothing) = begin_sign_in(&test, &holder);
    assert!(nothing.is_none());
    let again = finish_sign_in(&test, &holder, &key.sign(&options)).unwrap();
    let Access::Cookie(newest) = again.access else { panic!("tokens for a browser") };
    assert_eq!(browser(&test, &newest).session.unwrap().sign_ins.len(), 1);
    assert!(Authenticate::new(Credential::Cookie(new_cookie)).execute(&test.core).is_err(), "the earlier one is dead");
}

#[test]
fn r33_adding_renaming_and_removing_need_a_recent_proof_by_the_strongest_factor() {
    let test = TestCore::new();
    let (by_password, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let passkey = register(&test, &by_password, &key);
    let by_password = test.caller(&test.tokens(EMAIL));
    let refusals = |caller: &Caller| {
        [
            begin(&test, caller).map(drop),
            rename(&test, caller, passkey.id, "Work").map(drop),
            remove(&test, caller, passkey.id),
        ]
    };
    for refused in refusals(&by_password) {
        let Err(PasskeyError::StepUp(required)) = refused else { panic!("a password is enough: {refused:?}") };
        assert!(required.needs_second_factor);
    }
    let strong = caller_by(&test, &key);
    later(&test, 11);
    for refused in refusals(&strong) {
        assert!(matches!(refused, Err(PasskeyError::StepUp(_))), "{refused:?}");
    }
    assert_eq!(list(&test, &strong)[0].name, "My phone");
}

#[test]
fn r33_a_factor_that_is_enrolled_during_a_registration_is_demanded_at_its_end() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let response = key.register(&begin(&test, &ada).unwrap());
    change_account(&test, &ada, |user| user.enrolled = user.enrolled.with(Factor::Totp));
    assert!(matches!(finish(&test, &ada, &response), Err(PasskeyError::StepUp(_))));
    assert_eq!(list(&test, &ada), []);
}

#[test]
fn r38_a_passkey_needs_a_verified_primary_address() {
    let test = TestCore::with(|policy, _| policy.require_verified_email = false);
    test.unverified_user(EMAIL);
    let unverified = test.caller(&test.tokens(EMAIL));
    assert_eq!(begin(&test, &unverified), Err(PasskeyError::UnverifiedEmail));
    let grace = caller(&test, "grace@example.com");
    let response = SoftwareKey::new().register(&begin(&test, &grace).unwrap());
    change_account(&test, &grace, |user| user.identifiers[0].verified_at = None);
    assert_eq!(finish(&test, &grace, &response).unwrap_err(), PasskeyError::UnverifiedEmail);
    assert!(!account(&test, &grace).has_passkey());
}

#[test]
fn r36_a_challenge_is_answered_once_whether_or_not_the_answer_was_right() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let options = begin(&test, &ada).unwrap();
    let (wrong, right) = (key.register_at("http://localhost:9999", &options), key.register(&options));
    assert_eq!(finish(&test, &ada, &wrong).unwrap_err(), PasskeyError::Refused);
    assert_eq!(finish(&test, &ada, &right).unwrap_err(), PasskeyError::UnknownChallenge);
    let right = key.register(&begin(&test, &ada).unwrap());
    finish(&test, &ada, &right).unwrap();
    assert_eq!(finish(&test, &ada, &right).unwrap_err(), PasskeyError::UnknownChallenge);

    let (options, _) = begin_sign_in(&test, &TOKENS);
    let (wrong, right) = (key.sign_at("http://localhost:9999", &options), key.sign(&options));
    assert_eq!(finish_sign_in(&test, &TOKENS, &wrong).unwrap_err(), PasskeySignInError::Refused);
    assert_eq!(finish_sign_in(&test, &TOKENS, &right).unwrap_err(), PasskeySignInError::UnknownChallenge);
    let right = key.sign(&begin_sign_in(&test, &TOKENS).0);
    finish_sign_in(&test, &TOKENS, &right).unwrap();
    assert_eq!(finish_sign_in(&test, &TOKENS, &right).unwrap_err(), PasskeySignInError::UnknownChallenge);
}

#[test]
fn r36_a_challenge_lives_for_five_minutes() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let late = key.register(&begin(&test, &ada).unwrap());
    later(&test, 5);
    assert_eq!(finish(&test, &ada, &late).unwrap_err(), PasskeyError::UnknownChallenge);
    let options = begin(&test, &ada).unwrap();
    test.clock.advance(Duration::from_millis(299_999));
    assert!(finish(&test, &ada, &key.register(&options)).is_ok());
    let (options, _) = begin_sign_in(&test, &TOKENS);
    later(&test, 5);
    let refused = finish_sign_in(&test, &TOKENS, &key.sign(&options));
    assert_eq!(refused.unwrap_err(), PasskeySignInError::UnknownChallenge);
}

#[test]
fn r36_a_challenge_of_another_user_another_sign_in_or_another_purpose_is_unknown() {
    let test = TestCore::new();
    let (ada, grace) = (caller(&test, EMAIL), caller(&test, "grace@example.com"));
    let key = SoftwareKey::new();
    register(&test, &ada, &key);
    let ada = caller_by(&test, &key);
    let elsewhere = caller_by(&test, &key);

    let of_grace = SoftwareKey::new().register(&begin(&test, &grace).unwrap());
    assert_eq!(finish(&test, &ada, &of_grace).unwrap_err(), PasskeyError::UnknownChallenge);
    let of_ada = SoftwareKey::new().register(&begin(&test, &ada).unwrap());
    assert_eq!(finish(&test, &elsewhere, &of_ada).unwrap_err(), PasskeyError::UnknownChallenge);

    let prove = |caller: &Caller, response: Value| {
        ProveWithPasskey { response, context: context() }.execute(&test.core, caller).map(drop)
    };
    let proof = |caller: &Caller| BeginPasskeyProof { context: context() }.execute(&test.core, caller).unwrap();
    assert_eq!(prove(&elsewhere, key.sign(&proof(&ada))), Err(PasskeyError::UnknownChallenge));
    let for_sign_in = key.sign(&begin_sign_in(&test, &TOKENS).0);
    assert_eq!(prove(&ada, for_sign_in), Err(PasskeyError::UnknownChallenge));
    let for_proof = key.sign(&proof(&ada));
    let refused = finish_sign_in(&test, &TOKENS, &for_proof);
    assert_eq!(refused.unwrap_err(), PasskeySignInError::UnknownChallenge);
    let invented = key.sign(&json!({"challenge": "AAAAAAAAAAAAAAAAAAAAAA", "rpId": "localhost"}));
    assert_eq!(finish_sign_in(&test, &TOKENS, &invented).unwrap_err(), PasskeySignInError::UnknownChallenge);
}

#[test]
fn r36_a_passkey_of_another_account_proves_nothing() {
    let test = TestCore::new();
    let (ada, grace) = (caller(&test, EMAIL), caller(&test, "grace@example.com"));
    let (key, foreign) = (SoftwareKey::new(), SoftwareKey::new());
    register(&test, &ada, &key);
    register(&test, &grace, &foreign);
    let mut options = BeginPasskeyProof { context: context() }.execute(&test.core, &ada).unwrap();
    options["allowCredentials"] = json!([]);
    let prove = ProveWithPasskey { response: foreign.sign(&options), context: context() };
    assert_eq!(prove.execute(&test.core, &ada).unwrap_err(), PasskeyError::Refused);

    key.set_user_handle(b"somebody else");
    let options = BeginPasskeyProof { context: context() }.execute(&test.core, &ada).unwrap();
    let prove = ProveWithPasskey { response: key.sign(&options), context: context() };
    assert_eq!(prove.execute(&test.core, &ada).unwrap_err(), PasskeyError::Refused);
    assert_eq!(sign_in_with(&test, &key).unwrap_err(), PasskeySignInError::Refused);
    foreign.set_user_handle(&[]);
    assert_eq!(sign_in_with(&test, &foreign).unwrap_err(), PasskeySignInError::Refused);
}

#[test]
fn r36_a_counter_that_goes_back_is_refused_and_recorded() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::with_counter());
    register(&test, &ada, &key);
    let copy = key.copy();
    for _ in 0..2 {
        sign_in_with(&test, &key).unwrap();
    }
    let counter = list(&test, &ada)[0].sign_count;
    assert_eq!(sign_in_with(&test, &copy).unwrap_err(), PasskeySignInError::Refused);
    assert_eq!(count_events(&test, ada.user.id, Action::PasskeyRefused), 1);
    assert_eq!(list(&test, &ada)[0].sign_count, counter);
    assert!(sign_in_with(&test, &key).is_ok(), "the original still works");
}

#[test]
fn r37_a_credential_is_registered_once_over_all_accounts() {
    let test = TestCore::new();
    let (ada, grace) = (caller(&test, EMAIL), caller(&test, "grace@example.com"));
    let (options, theirs) = (begin(&test, &ada).unwrap(), begin(&test, &grace).unwrap());
    let mine = SoftwareKey::new().register(&options);
    finish(&test, &ada, &mine).unwrap();
    // What the authenticator signed for one challenge, put under the client data of another: without attestation nothing
    // signs the client data of a registration.
    let mut again = mine.clone();
    again["response"]["clientDataJSON"] = SoftwareKey::new().register(&theirs)["response"]["clientDataJSON"].clone();
    assert_eq!(finish(&test, &grace, &again).unwrap_err(), PasskeyError::AlreadyRegistered);
    assert_eq!(list(&test, &grace), []);
    assert!(!account(&test, &grace).has_passkey());
}

#[test]
fn r37_a_passkey_of_somebody_else_looks_like_an_unknown_one() {
    let test = TestCore::new();
    let (ada, grace) = (caller(&test, EMAIL), caller(&test, "grace@example.com"));
    let passkey = register(&test, &ada, &SoftwareKey::new());
    let key = SoftwareKey::new();
    register(&test, &grace, &key);
    for caller in [caller_by(&test, &key), test.caller(&test.tokens("grace@example.com"))] {
        assert_eq!(remove(&test, &caller, passkey.id), Err(PasskeyError::UnknownPasskey));
        assert_eq!(rename(&test, &caller, passkey.id, "mine"), Err(PasskeyError::UnknownPasskey));
    }
    assert_eq!(list(&test, &ada), [passkey]);
}

#[test]
fn r40_a_proof_with_a_passkey_is_written_to_the_sign_in_and_replaces_the_cookie() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    register(&test, &ada, &key);
    let cookie = test.cookie(EMAIL);
    later(&test, 60);
    let weak = browser(&test, &cookie);
    assert!(matches!(begin(&test, &weak), Err(PasskeyError::StepUp(_))));
    let options = BeginPasskeyProof { context: context() }.execute(&test.core, &weak).unwrap();
    assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 1);
    let prove = ProveWithPasskey { response: key.sign(&options), context: context() };
    let proven = prove.execute(&test.core, &weak).unwrap();
    assert_eq!(proven.assurance.methods, Factors::of([Factor::Password, Factor::Passkey]));
    let new_cookie = proven.new_cookie.unwrap();
    assert!(Authenticate::new(Credential::Cookie(cookie)).execute(&test.core).is_err(), "the earlier cookie is dead");
    let strong = browser(&test, &new_cookie);
    assert_eq!(strong.sign_in.id, weak.sign_in.id);
    assert_eq!(strong.sign_in.assurance, proven.assurance);
    assert!(begin(&test, &strong).is_ok());
    assert_eq!(count_events(&test, ada.user.id, Action::ProvenAgain), 1);

    let stale = test.caller(&test.tokens(EMAIL));
    let options = BeginPasskeyProof { context: context() }.execute(&test.core, &stale).unwrap();
    EndSignIn { id: stale.sign_in.id, context: context() }.execute(&test.core, &stale).unwrap();
    let prove = ProveWithPasskey { response: key.sign(&options), context: context() };
    assert_eq!(prove.execute(&test.core, &stale).unwrap_err(), PasskeyError::Unauthenticated);
}

#[test]
fn a_proof_needs_a_passkey() {
    let test = TestCore::new();
    let ada = caller(&test, EMAIL);
    let refused = BeginPasskeyProof { context: context() }.execute(&test.core, &ada);
    assert_eq!(refused, Err(PasskeyError::UnknownPasskey));
}

#[test]
fn r34_the_last_passkey_stays_while_it_is_needed() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let passkey = register(&test, &ada, &key);
    let strong = caller_by(&test, &key);
    change_account(&test, &ada, |user| user.second_factor_policy = SecondFactorPolicy::Enforced);
    assert_eq!(remove(&test, &strong, passkey.id), Err(PasskeyError::FactorDemanded));
    change_account(&test, &ada, |user| user.password_changed_at = None);
    assert_eq!(remove(&test, &strong, passkey.id), Err(PasskeyError::LastWayIn));
    assert_eq!(list(&test, &strong).len(), 1);
    let other = register(&test, &strong, &SoftwareKey::new());
    assert_eq!(remove(&test, &strong, passkey.id), Ok(()), "there is another");
    assert!(account(&test, &strong).has_passkey());
    assert_eq!(list(&test, &strong), [other]);
}

#[test]
fn an_account_has_so_many_passkeys_and_no_more() {
    let test = TestCore::with(|policy, limits| {
        policy.max_passkeys = 2;
        limits.enabled = false;
    });
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    register(&test, &ada, &key);
    let strong = caller_by(&test, &key);
    let [one, other] = [(); 2].map(|()| SoftwareKey::new().register(&begin(&test, &strong).unwrap()));
    finish(&test, &strong, &one).unwrap();
    assert_eq!(finish(&test, &strong, &other).unwrap_err(), PasskeyError::TooMany { max: 2 });
    assert_eq!(begin(&test, &strong), Err(PasskeyError::TooMany { max: 2 }));
}

#[test]
fn a_name_that_breaks_rules_is_refused_and_costs_no_challenge() {
    let test = TestCore::new();
    let ada = caller(&test, EMAIL);
    let response = SoftwareKey::new().register(&begin(&test, &ada).unwrap());
    let register = |name: &str| {
        let register = RegisterPasskey { name: name.to_owned(), response: response.clone(), context: context() };
        register.execute(&test.core, &ada).map(|registered| registered.passkey.name)
    };
    let forbidden = Violation::new(Claim::PasskeyName, Rule::ForbiddenCharacter);
    assert_eq!(register("a\u{0}b"), Err(PasskeyError::Invalid(forbidden.into())));
    assert_eq!(register(" "), Ok("Passkey".to_owned()));
}

#[test]
fn a_disabled_account_is_told_only_with_its_passkey() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    register(&test, &ada, &key);
    change_account(&test, &ada, |user| user.disabled_at = Some(user.created_at));
    assert_eq!(sign_in_with(&test, &key).unwrap_err(), PasskeySignInError::Disabled);
    let options = begin_sign_in(&test, &TOKENS).0;
    let refused = finish_sign_in(&test, &TOKENS, &key.sign_at("http://localhost:9999", &options));
    assert_eq!(refused.unwrap_err(), PasskeySignInError::Refused);
}

#[test]
fn a_passkey_that_was_removed_does_not_sign_in() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let passkey = register(&test, &ada, &key);
    let options = begin_sign_in(&test, &TOKENS).0;
    remove(&test, &caller_by(&test, &key), passkey.id).unwrap();
    assert_eq!(finish_sign_in(&test, &TOKENS, &key.sign(&options)).unwrap_err(), PasskeySignInError::Refused);
}

#[test]
fn r36_of_twenty_answers_to_one_challenge_at_once_one_succeeds() {
    let test = TestCore::with(|_, limits| limits.enabled = false);
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let response = key.register(&begin(&test, &ada).unwrap());
    let count = |answer: &(dyn Fn() -> bool + Sync)| {
        let right = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| right.fetch_add(usize::from(answer()), Relaxed));
            }
        });
        right.into_inner()
    };
    assert_eq!(count(&|| finish(&test, &ada, &response).is_ok()), 1);
    assert_eq!(list(&test, &ada).len(), 1);
    let response = key.sign(&begin_sign_in(&test, &TOKENS).0);
    assert_eq!(count(&|| finish_sign_in(&test, &TOKENS, &response).is_ok()), 1);
    let strong = caller_by(&test, &key);
    let response = key.sign(&BeginPasskeyProof { context: context() }.execute(&test.core, &strong).unwrap());
    let prove = || ProveWithPasskey { response: response.clone(), context: context() }.execute(&test.core, &strong);
    assert_eq!(count(&|| prove().is_ok()), 1);
}

#[test]
fn r86_ceremonies_have_budgets() {
    let test = TestCore::with(|_, limits| {
        limits.passkey_per_user.burst = 2;
        limits.passkey_per_ip.burst = 2;
    });
    let ada = caller(&test, EMAIL);
    assert!(begin(&test, &ada).is_ok() && begin(&test, &ada).is_ok());
    assert!(matches!(begin(&test, &ada), Err(PasskeyError::Fault(selfsame_application::Fault::Limited(_)))));
    let begin = BeginPasskeySignIn { email: None, holder: TOKENS, context: context() };
    assert!(begin.execute(&test.core).is_ok() && begin.execute(&test.core).is_ok());
    assert!(matches!(begin.execute(&test.core), Err(PasskeySignInError::Fault(_))));
}

#[test]
fn without_a_relying_party_passkeys_are_off_and_can_still_be_removed() {
    let test = TestCore::new();
    let (ada, key) = (caller(&test, EMAIL), SoftwareKey::new());
    let passkey = register(&test, &ada, &key);
    let strong = caller_by(&test, &key);
    let test = test.over(|ports| ports.webauthn = None);
    assert!(!test.core.has_passkeys());
    assert_eq!(begin(&test, &strong), Err(PasskeyError::Off));
    let begin = BeginPasskeySignIn { email: None, holder: TOKENS, context: context() };
    assert_eq!(begin.execute(&test.core).unwrap_err(), PasskeySignInError::Off);
    let shown = ListPasskeys.execute(&test.core, &strong).unwrap();
    assert_eq!((shown.passkeys.len(), shown.signals), (1, None));
    assert_eq!(remove(&test, &strong, passkey.id), Ok(()));
}
