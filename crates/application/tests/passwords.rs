//! Rules of new passwords that need a look at the account or at the world, and the removal of a password.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use common::*;
use selfsame_application::{
    Authenticate, Caller, Credential, Fault,
    attempts::{Access, Holder},
    password::{
        change::{ChangePassword, ChangePasswordError, OwnSignIn},
        estimate::EstimatePassword,
        remove::{RemovePassword, RemovePasswordError},
        request_reset::RequestPasswordReset,
        reset::{ResetPassword, ResetPasswordError},
    },
    sessions::{name::NameSignIn, name::NameSignInError, revoke_token::RevokeToken},
    sign_in::with_password::{SignIn, SignInError, SignInOutcome},
    sign_up::start::{SignUp, SignUpError},
};
use selfsame_domain::{Action, Factor, Factors, Password, Rule, SecondFactorPolicy, Violations};
use selfsame_ports::{BreachedPasswords, BreachedPasswordsError, Mail};

const EMAIL: &str = "ada@example.com";
const PASSWORDS: [&str; 6] = [
    PASSWORD,
    "seven purple elephants juggle",
    "eleven quiet lanterns drift",
    "twelve marble pigeons argue",
    "thirteen velvet anchors hum",
    "fourteen copper kettles sing",
];
const GOES_ON: OwnSignIn = OwnSignIn::GoesOn { access_ttl: Duration::from_mins(5) };

fn change(test: &TestCore, current: &str, new: &str) -> Result<(), ChangePasswordError> {
    // In a sign-in of its own, because each change ends all others.
    change_as(test, &test.caller_by(EMAIL, Factors::of([Factor::Password])), current, new)
}

fn change_as(test: &TestCore, caller: &Caller, current: &str, new: &str) -> Result<(), ChangePasswordError> {
    let change = ChangePassword {
        current_password: Password::new(current),
        new_password: Password::new(new),
        own_sign_in: GOES_ON,
        context: context(),
    };
    change.execute(&test.core, caller).map(drop)
}

fn rule(violations: &Violations) -> &Rule {
    &violations.0[0].rule
}

fn unlimited() -> TestCore {
    TestCore::with(|_, limits| limits.enabled = false)
}

#[test]
fn r18_none_of_the_last_five_passwords_can_be_the_next_one() {
    let test = unlimited();
    test.verified_user(EMAIL);
    for (current, new) in PASSWORDS.iter().zip(&PASSWORDS[1..5]) {
        change(&test, current, new).unwrap();
    }
    let current = PASSWORDS[4];
    for earlier in &PASSWORDS[..4] {
        let Err(ChangePasswordError::Invalid(violations)) = change(&test, current, earlier) else {
            unreachable!("{earlier} was used before")
        };
        assert_eq!(rule(&violations), &Rule::UsedBefore, "{earlier}");
    }
    change(&test, current, PASSWORDS[5]).unwrap();
    change(&test, PASSWORDS[5], PASSWORDS[0]).unwrap();
}

#[test]
fn r82_at_most_five_hashes_are_compared_and_none_before_the_current_password_was_right() {
    let test = unlimited();
    test.verified_user(EMAIL);
    for (current, new) in PASSWORDS.iter().zip(&PASSWORDS[1..]) {
        change(&test, current, new).unwrap();
    }
    let caller = test.caller(&{
        let SignInOutcome::Completed(signed_in) = sign_in(EMAIL, PASSWORDS[5]).execute(&test.core).unwrap() else {
            unreachable!("a verified account")
        };
        tokens_of(*signed_in)
    });
    let before = test.passwords.verifications();
    let new = "fifteen wooden rockets whisper";
    assert_eq!(change_as(&test, &caller, "wrong horse battery staple", new), Err(ChangePasswordError::WrongPassword));
    assert_eq!(test.passwords.verifications() - before, 1);
    change_as(&test, &caller, PASSWORDS[5], new).unwrap();
    assert_eq!(test.passwords.verifications() - before, 1 + 1 + 4);
}

#[test]
fn r18_a_reset_refuses_the_current_and_the_earlier_passwords_too_and_keeps_its_token() {
    let test = unlimited();
    test.verified_user(EMAIL);
    change(&test, PASSWORDS[0], PASSWORDS[1]).unwrap();
    test.clock.advance(Duration::from_secs(1));
    RequestPasswordReset { email: EMAIL.to_owned(), context: context() }.execute(&test.core).unwrap();
    let token = link_token(&test, EMAIL);
    let reset = |new: &str| {
        ResetPassword { token: token.clone(), new_password: Password::new(new), context: context() }.execute(&test.core)
    };
    for used in &PASSWORDS[..2] {
        let Err(ResetPasswordError::Invalid(violations)) = reset(used) else { unreachable!("{used} was used before") };
        assert_eq!(rule(&violations), &Rule::UsedBefore);
    }
    reset(PASSWORDS[2]).unwrap();
}

/// Says of one password that it is breached, after some failures; counts how often it is asked.
#[derive(Default)]
struct Breached {
    fails: Mutex<usize>,
    asked: AtomicUsize,
}

impl BreachedPasswords for Breached {
    fn contains(&self, password: &Password) -> Result<bool, BreachedPasswordsError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut fails = self.fails.lock().unwrap();
        if *fails > 0 {
            *fails -= 1;
            return Err(BreachedPasswordsError("timed out".to_owned()));
        }
        Ok(password.expose() == OTHER_PASSWORD)
    }
}

fn with_breaches(breached: &Arc<Breached>) -> TestCore {
    unlimited().over(|ports| ports.breached_passwords = Some(breached.clone()))
}

#[test]
fn r18_a_breached_password_is_refused_with_a_reason_wherever_one_is_chosen() {
    let breached = Arc::new(Breached::default());
    let test = with_breaches(&breached);
    test.verified_user(EMAIL);
    let Err(ChangePasswordError::Invalid(violations)) = change(&test, PASSWORD, OTHER_PASSWORD) else {
        unreachable!("a breached password")
    };
    assert!(matches!(rule(&violations), Rule::TooWeak { reason } if reason.contains("breach")));
    let sign_up = SignUp { password: Password::new(OTHER_PASSWORD), ..sign_up("eve@example.com") };
    assert!(matches!(sign_up.execute(&test.core), Err(SignUpError::Invalid(_))));
    change(&test, PASSWORD, PASSWORDS[2]).unwrap();
    let asked = breached.asked.load(Ordering::SeqCst);
    assert!(matches!(change(&test, PASSWORDS[2], "short"), Err(ChangePasswordError::Invalid(_))));
    assert_eq!(breached.asked.load(Ordering::SeqCst), asked, "a password that breaks another rule is not looked up");
}

#[test]
fn a_service_of_breached_passwords_that_fails_refuses_nothing_and_is_left_alone_for_a_while() {
    let breached = Arc::new(Breached { fails: Mutex::new(1), ..Breached::default() });
    let test = with_breaches(&breached);
    test.verified_user(EMAIL);
    change(&test, PASSWORD, OTHER_PASSWORD).unwrap();
    change(&test, OTHER_PASSWORD, PASSWORDS[2]).unwrap();
    let asked = || breached.asked.load(Ordering::SeqCst);
    // Once for the account itself, which failed.
    assert_eq!(asked(), 1);
    test.clock.advance(Duration::from_secs(30));
    change(&test, PASSWORDS[2], PASSWORDS[3]).unwrap();
    assert_eq!(asked(), 2);
}

#[test]
fn r17_an_account_that_demands_its_one_time_password_may_have_a_shorter_password() {
    let test = unlimited();
    test.verified_user(EMAIL);
    let short = "kQ7#vM2xW";
    let is_refused = |result| matches!(result, Err(ChangePasswordError::Invalid(_)));
    assert!(is_refused(change(&test, PASSWORD, short)));
    test.enrol(EMAIL, Factors::of([Factor::Totp]));
    assert!(is_refused(change(&test, PASSWORD, short)), "the policy does not demand it");
    test.change_user(EMAIL, |user| user.second_factor_policy = SecondFactorPolicy::Enforced);
    assert!(is_refused(change(&test, PASSWORD, "kQ7#vM2")));
    change(&test, PASSWORD, short).unwrap();
}

fn remove(test: &TestCore, caller: &Caller, current: &str) -> Result<(), RemovePasswordError> {
    let remove = RemovePassword { current_password: Password::new(current), own_sign_in: GOES_ON, context: context() };
    remove.execute(&test.core, caller).map(drop)
}

/// A caller whose last proof was one by a passkey.
fn by_passkey(test: &TestCore) -> Caller {
    test.caller_by(EMAIL, Factors::of([Factor::Passkey]))
}

#[test]
fn a_password_is_removed_while_a_passkey_remains() {
    let test = unlimited();
    test.verified_user(EMAIL);
    test.enrol(EMAIL, Factors::of([Factor::Passkey]));
    let (other, caller) = (test.tokens(EMAIL), by_passkey(&test));
    assert_eq!(remove(&test, &caller, "wrong horse battery staple"), Err(RemovePasswordError::WrongPassword));
    remove(&test, &caller, PASSWORD).unwrap();
    assert!(matches!(sign_in(EMAIL, PASSWORD).execute(&test.core), Err(SignInError::InvalidCredentials)));
    let by_token = |token: &str| Authenticate::new(Credential::Bearer(token.to_owned())).execute(&test.core);
    assert!(by_token(&other.access_token.token).is_err(), "R21: all others have ended");
    assert!(test.mails_to(EMAIL).pop() == Some(Mail::PasswordRemoved));
    assert_eq!(count_events(&test, caller.user.id, Action::PasswordRemoved), 1);
    let user = test.ports.storage.read().unwrap().user(caller.user.id).unwrap().unwrap();
    assert!(!user.has_password());
    let again = Caller { user, ..caller };
    assert_eq!(remove(&test, &again, PASSWORD), Err(RemovePasswordError::WrongPassword), "there is none any more");
    let first = ChangePassword {
        current_password: Password::new(""),
        new_password: Password::new(PASSWORD),
        own_sign_in: GOES_ON,
        context: context(),
    };
    let Err(ChangePasswordError::Invalid(violations)) = first.execute(&test.core, &again) else {
        unreachable!("the removed one was used before")
    };
    assert_eq!(rule(&violations), &Rule::UsedBefore);
    let first = ChangePassword { new_password: Password::new(OTHER_PASSWORD), ..first };
    first.execute(&test.core, &again).unwrap();
}

#[test]
fn the_only_way_in_cannot_be_removed() {
    let test = unlimited();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    assert_eq!(remove(&test, &caller, PASSWORD), Err(RemovePasswordError::NoAlternative));
    test.enrol(EMAIL, Factors::of([Factor::Totp]));
    let caller = test.caller_by(EMAIL, Factors::of([Factor::Password, Factor::Totp]));
    assert_eq!(remove(&test, &caller, PASSWORD), Err(RemovePasswordError::NoAlternative));
    assert!(sign_in(EMAIL, PASSWORD).execute(&test.core).is_ok());
}

#[test]
fn r10_the_removal_of_a_password_needs_a_recent_proof_by_the_passkey() {
    let test = unlimited();
    test.verified_user(EMAIL);
    test.enrol(EMAIL, Factors::of([Factor::Passkey]));
    let by_password = test.caller(&test.tokens(EMAIL));
    assert!(matches!(remove(&test, &by_password, PASSWORD), Err(RemovePasswordError::StepUp(_))));
    let stale = by_passkey(&test);
    test.clock.advance(Duration::from_mins(10));
    assert!(matches!(remove(&test, &stale, PASSWORD), Err(RemovePasswordError::StepUp(_))));
}

#[test]
fn r20_guesses_at_the_current_password_of_a_removal_have_the_budget_of_a_sign_in() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.enrol(EMAIL, Factors::of([Factor::Passkey]));
    let caller = by_passkey(&test);
    let guesses: Vec<_> = (0..6).map(|_| remove(&test, &caller, "wrong horse battery staple")).collect();
    assert!(guesses[..5].iter().all(|guess| *guess == Err(RemovePasswordError::WrongPassword)), "{guesses:?}");
    assert!(matches!(guesses[5], Err(RemovePasswordError::Fault(Fault::Limited(_)))));
}

#[test]
fn a_password_that_twenty_threads_remove_is_removed_once() {
    let test = unlimited();
    test.verified_user(EMAIL);
    test.enrol(EMAIL, Factors::of([Factor::Passkey]));
    let caller = by_passkey(&test);
    let removed = thread::scope(|scope| {
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(|| remove(&test, &caller, PASSWORD).is_ok())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|done| *done).count()
    });
    assert_eq!(removed, 1);
    assert_eq!(count_events(&test, caller.user.id, Action::PasswordRemoved), 1);
}

#[test]
fn r21_whoever_removes_the_password_in_a_browser_gets_a_new_cookie() {
    let test = unlimited();
    test.verified_user(EMAIL);
    test.enrol(EMAIL, Factors::of([Factor::Passkey]));
    let cookie = {
        let sign_in = SignIn { holder: Holder::Browser(None), ..sign_in(EMAIL, PASSWORD) };
        let SignInOutcome::Completed(done) = sign_in.execute(&test.core).unwrap() else { unreachable!("verified") };
        let Access::Cookie(cookie) = done.access else { unreachable!("a browser") };
        cookie
    };
    let by_cookie = |cookie| Authenticate::new(Credential::Cookie(cookie)).execute(&test.core);
    let mut caller = by_cookie(cookie.clone()).unwrap();
    caller.principal.assurance.methods = Factors::of([Factor::Passkey]);
    let remove = RemovePassword { current_password: Password::new(PASSWORD), own_sign_in: GOES_ON, context: context() };
    let replaced = remove.execute(&test.core, &caller).unwrap();
    assert!(by_cookie(cookie).is_err());
    assert!(by_cookie(replaced.new_cookie.unwrap()).is_ok());
}

#[test]
fn the_strength_of_a_password_is_told_with_the_rule_that_it_breaks() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let estimate = |password: &str, caller: Option<&Caller>| {
        let ask = EstimatePassword { password: Password::new(password), context: context() };
        ask.execute(&test.core, caller).unwrap()
    };
    let strong = estimate(OTHER_PASSWORD, None);
    assert_eq!((strong.strength.score, strong.broken), (4, None));
    assert_eq!(estimate("short", None).broken, Some(Rule::TooShort { min: 15 }));
    let caller = test.caller(&test.tokens(EMAIL));
    let own = "ada@example.com1";
    let broken = |caller| estimate(own, caller).broken;
    assert!(matches!(broken(Some(&caller)), Some(Rule::TooWeak { .. })), "it is made of the caller's address");
}

#[test]
fn r83_estimates_of_passwords_have_a_budget() {
    let test = TestCore::new();
    let ask = || EstimatePassword { password: Password::new(PASSWORD), context: context() }.execute(&test.core, None);
    let asked: Vec<_> = (0..21).map(|_| ask()).collect();
    assert!(asked[..20].iter().all(Result::is_ok));
    assert!(matches!(asked[20], Err(Fault::Limited(_))));
}

#[test]
fn r49_a_sign_in_has_the_name_that_its_user_gave_it() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    let name = |name: Option<&str>| {
        let name = NameSignIn { id: caller.sign_in.id, name: name.map(str::to_owned), context: context() };
        name.execute(&test.core, &caller)
    };
    let stored = || {
        let state = test.ports.storage.read().unwrap().sign_in(caller.user.id, caller.sign_in.id, false).unwrap();
        state.unwrap().sign_in.name
    };
    name(Some(" Work  laptop ")).unwrap();
    assert_eq!(stored().as_deref(), Some("Work  laptop"));
    for bad in ["", "\u{202E}", &"x".repeat(65)] {
        assert!(matches!(name(Some(bad)), Err(NameSignInError::Invalid(_))), "{bad:?}");
    }
    name(None).unwrap();
    assert_eq!(stored(), None);
    test.verified_user("eve@example.com");
    let eve = test.caller(&test.tokens("eve@example.com"));
    let foreign = NameSignIn { id: caller.sign_in.id, name: None, context: context() };
    assert_eq!(foreign.execute(&test.core, &eve), Err(NameSignInError::UnknownSignIn));
}

#[test]
fn r50_a_revoked_token_takes_its_sign_in_along_whichever_of_its_tokens_it_is() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let by_token = |token: &str| Authenticate::new(Credential::Bearer(token.to_owned())).execute(&test.core);
    let revoke = |token: &str| RevokeToken { token: token.to_owned(), context: context() }.execute(&test.core);
    for token_of in [
        |tokens: &selfsame_application::attempts::TokenSet| tokens.refresh_token.expose().to_owned(),
        |tokens: &selfsame_application::attempts::TokenSet| tokens.access_token.token.clone(),
    ] {
        let (tokens, other) = (test.tokens(EMAIL), test.tokens(EMAIL));
        let token = token_of(&tokens);
        for _ in 0..2 {
            assert_eq!(revoke(&token), Ok(()));
        }
        assert!(by_token(&tokens.access_token.token).is_err());
        assert!(refresh(&tokens.refresh_token).execute(&test.core).is_err());
        assert!(by_token(&other.access_token.token).is_ok());
    }
    for unknown in ["", "abc", "a.b.c"] {
        assert_eq!(revoke(unknown), Ok(()), "{unknown:?}");
    }
}
