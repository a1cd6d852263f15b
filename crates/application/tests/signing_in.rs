//! Sign-in, sessions, tokens and passwords, over memory and fakes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use common::*;
use selfsame_application::{
    Authenticate, Credential, Fault,
    attempts::{Access, Holder},
    identifiers::confirm_change::{ConfirmEmailChange, ConfirmEmailChangeError},
    identifiers::request_change::RequestEmailChange,
    operator::users::{CreateUser, SetDisabled},
    password::change::{ChangePassword, ChangePasswordError, OwnSignIn},
    password::exchange_reset_code::ExchangeResetCode,
    password::request_reset::RequestPasswordReset,
    password::reset::{ResetPassword, ResetPasswordError},
    sessions::authenticate::AuthenticateError,
    sessions::end::{EndOtherSignIns, EndSignIn, EndSignInError},
    sessions::open::OpenSession,
    sessions::refresh::RefreshAccessError,
    sessions::sign_out::{SignOut, SignOutError},
    sessions::switch::SwitchSignIn,
    sign_in::with_password::{Identity, SignIn, SignInError, SignInOutcome},
    sign_up::start::SignUp,
};
use selfsame_domain::{Action, OpaqueToken, Password, PasswordHash, RequestContext, SignUpForm};
use selfsame_ports::{Clock as _, Mail, PasswordError, PasswordHasher, StorageError, Verdict};

const EMAIL: &str = "ada@example.com";
const THIRD_PASSWORD: &str = "eleven quiet lanterns drift";

fn by_cookie(test: &TestCore, cookie: &OpaqueToken) -> Result<selfsame_application::Caller, AuthenticateError> {
    Authenticate::new(Credential::Cookie(cookie.clone())).execute(&test.core)
}

fn in_browser(test: &TestCore, email: &str, cookie: Option<&OpaqueToken>) -> OpaqueToken {
    let sign_in = SignIn { holder: Holder::Browser(cookie.cloned()), ..sign_in(email, PASSWORD) };
    cookie_of(sign_in.execute(&test.core).unwrap())
}

fn cookie_of(outcome: SignInOutcome) -> OpaqueToken {
    match outcome {
        SignInOutcome::Completed(done) => match done.access {
            Access::Cookie(cookie) => cookie,
            Access::Tokens(_) => panic!("tokens for a browser"),
        },
        SignInOutcome::Incomplete { .. } => panic!("not verified"),
    }
}

/// The same from another address.
fn from(host: u8, sign_in: SignIn) -> SignIn {
    let context = RequestContext { ip: Some([192, 0, 2, host].into()), ..context() };
    SignIn { context, ..sign_in }
}

fn by_username(name: &str, password: &str) -> SignIn {
    SignIn { identity: Identity::Username(name.to_owned()), ..sign_in("", password) }
}

/// An account that has proven [`EMAIL`] and goes by this name, too.
fn a_user_named(test: &TestCore, name: &str) {
    let form = SignUpForm { preferred_username: Some(name.to_owned()), ..SignUpForm::default() };
    let password = Some(Password::new(PASSWORD));
    CreateUser { email: EMAIL.to_owned(), is_verified: true, password, form }.execute(&test.core).unwrap();
}

/// Signs up for an address, with a password of one's own.
fn claim(test: &TestCore, email: &str, password: &str) {
    SignUp { password: Password::new(password), ..sign_up(email) }.execute(&test.core).unwrap();
}

fn is_limited(outcome: &Result<SignInOutcome, SignInError>) -> bool {
    matches!(outcome, Err(SignInError::Fault(Fault::Limited(_))))
}

/// Takes every right password for a weak one, and has no time to hash it again.
struct Weak(Arc<dyn PasswordHasher>);

impl PasswordHasher for Weak {
    fn hash(&self, _: &Password) -> Result<PasswordHash, PasswordError> {
        Err(PasswordError::Busy)
    }
    fn verify(&self, password: &Password, hash: Option<&PasswordHash>) -> Result<Verdict, PasswordError> {
        let verdict = self.0.verify(password, hash)?;
        Ok(if verdict == Verdict::Right { Verdict::RightButWeak } else { verdict })
    }
}

/// Does something else, once, while a password is being compared.
struct Meanwhile {
    inner: Arc<dyn PasswordHasher>,
    work: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl PasswordHasher for Meanwhile {
    fn hash(&self, password: &Password) -> Result<PasswordHash, PasswordError> {
        self.inner.hash(password)
    }
    fn verify(&self, password: &Password, hash: Option<&PasswordHash>) -> Result<Verdict, PasswordError> {
        let work = self.work.lock().unwrap().take();
        if let Some(work) = work {
            work();
        }
        self.inner.verify(password, hash)
    }
}

fn change(current: &str, new: &str) -> ChangePassword {
    ChangePassword {
        current_password: Password::new(current),
        new_password: Password::new(new),
        own_sign_in: OwnSignIn::GoesOn { access_ttl: Duration::from_mins(5) },
        context: context(),
    }
}

#[test]
fn r83_an_unknown_account_costs_the_same_hash_and_gets_the_same_answer() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    for email in [EMAIL, "nobody@example.com", "not an address"] {
        let before = test.passwords.verifications();
        let refused = sign_in(email, "a wrong password, that is").execute(&test.core).unwrap_err();
        assert_eq!(refused, SignInError::InvalidCredentials);
        assert_eq!(test.passwords.verifications(), before + 2, "{email}");
    }
}

#[test]
fn r83_an_unknown_username_costs_the_same_hash() {
    let test = TestCore::new();
    a_user_named(&test, "ada");
    for name in ["ada", "nobody", ""] {
        let before = test.passwords.verifications();
        let refused = by_username(name, "a wrong password, that is").execute(&test.core).unwrap_err();
        assert_eq!(refused, SignInError::InvalidCredentials);
        assert_eq!(test.passwords.verifications(), before + 1, "{name}");
    }
}

#[test]
fn r1_whoever_claims_an_address_cannot_tell_by_signing_in_whether_it_has_an_account() {
    let told = |is_taken: bool| {
        let test = TestCore::new();
        if is_taken {
            test.verified_user(EMAIL);
        }
        claim(&test, EMAIL, OTHER_PASSWORD);
        tick(&test);
        claim(&test, EMAIL, THIRD_PASSWORD);
        let tries = [THIRD_PASSWORD, OTHER_PASSWORD, THIRD_PASSWORD, THIRD_PASSWORD, THIRD_PASSWORD, THIRD_PASSWORD];
        tries.map(|password| {
            let before = test.passwords.verifications();
            let answer = match sign_in(EMAIL, password).execute(&test.core) {
                Ok(SignInOutcome::Completed(_)) => "signed in".to_owned(),
                Ok(SignInOutcome::Incomplete { attempt, user, .. }) => {
                    format!("{:?} {:?} {}", attempt.next(), attempt.email, user.is_verified())
                }
                Err(error) => error.to_string(),
            };
            (answer, test.passwords.verifications() - before)
        })
    };
    let free = told(false);
    assert_eq!(free, told(true));
    assert!(free[0].0.contains("Some(Email)"), "the last claim can be signed in to: {free:?}");
    assert_eq!(free[1].0, "wrong credentials", "an earlier one cannot");
    assert!(free[5].0.contains("too many requests"), "a claim gives no tries back: {free:?}");
}

#[test]
fn r1_the_owner_of_an_address_signs_in_whoever_claims_it() {
    let test = TestCore::new();
    let owner = test.verified_user(EMAIL);
    claim(&test, EMAIL, OTHER_PASSWORD);
    let SignInOutcome::Completed(done) = sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap() else { panic!() };
    assert_eq!(done.user.id, owner.id);
}

#[test]
fn r35_a_claim_of_an_address_buys_no_guesses_at_its_owners_password() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    claim(&test, EMAIL, OTHER_PASSWORD);
    for _ in 0..4 {
        sign_in(EMAIL, "a wrong password, that is").execute(&test.core).unwrap_err();
    }
    sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap();
    assert!(is_limited(&sign_in(EMAIL, "a wrong password, that is").execute(&test.core)));
}

#[test]
fn r82_a_full_hashing_queue_is_told_and_costs_no_budget() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.passwords.set_busy(true);
    for _ in 0..20 {
        let refused = sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap_err();
        assert!(matches!(refused, SignInError::Fault(Fault::Unavailable(_))));
    }
    test.passwords.set_busy(false);
    sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn r82_a_full_hashing_queue_costs_no_change_of_password() {
    let test = TestCore::with(|_, limits| limits.password_change_per_user.burst = 1);
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    test.passwords.set_busy(true);
    for _ in 0..5 {
        let refused = change(PASSWORD, OTHER_PASSWORD).execute(&test.core, &caller).unwrap_err();
        assert!(matches!(refused, ChangePasswordError::Fault(Fault::Unavailable(_))), "{refused:?}");
    }
    test.passwords.set_busy(false);
    change(PASSWORD, OTHER_PASSWORD).execute(&test.core, &caller).unwrap();
}

#[test]
fn r82_a_queue_that_is_full_for_the_new_password_costs_no_change_of_password() {
    let test = TestCore::with(|_, limits| limits.password_change_per_user.burst = 1);
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    let hasher = test.ports.passwords.clone();
    let weak = Arc::new(Weak(test.passwords.clone()));
    let test = test.over(|ports| ports.passwords = weak);
    for _ in 0..5 {
        let refused = change(PASSWORD, OTHER_PASSWORD).execute(&test.core, &caller).unwrap_err();
        assert!(matches!(refused, ChangePasswordError::Fault(Fault::Unavailable(_))), "{refused:?}");
    }
    let test = test.over(|ports| ports.passwords = hasher);
    change(PASSWORD, OTHER_PASSWORD).execute(&test.core, &caller).unwrap();
}

#[test]
fn r82_a_full_hashing_queue_costs_no_try_of_a_reset_link() {
    let test = TestCore::with(|_, limits| limits.proof_per_ip.burst = 1);
    test.verified_user(EMAIL);
    RequestPasswordReset { email: EMAIL.into(), context: context() }.execute(&test.core).unwrap();
    let new_password = Password::new(OTHER_PASSWORD);
    let reset = ResetPassword { token: link_token(&test, EMAIL), new_password, context: context() };
    test.passwords.set_busy(true);
    for _ in 0..5 {
        let refused = reset.execute(&test.core).unwrap_err();
        assert!(matches!(refused, ResetPasswordError::Fault(Fault::Unavailable(_))), "{refused:?}");
    }
    test.passwords.set_busy(false);
    reset.execute(&test.core).unwrap();
}

#[test]
fn r35_one_budget_for_an_account_whichever_route_asks() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    for _ in 0..3 {
        sign_in(EMAIL, "a wrong password, that is").execute(&test.core).unwrap_err();
    }
    for _ in 0..2 {
        let refused = change("a wrong password, that is", OTHER_PASSWORD).execute(&test.core, &caller).unwrap_err();
        assert_eq!(refused, ChangePasswordError::WrongPassword);
    }
    let refused = sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap_err();
    assert!(matches!(refused, SignInError::Fault(Fault::Limited(_))), "{refused:?}");
}

#[test]
fn r35_one_address_cannot_lock_an_account() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    for _ in 0..(2 * 24 * 60) {
        let _limited_or_wrong = from(66, sign_in(EMAIL, "a wrong password, that is")).execute(&test.core);
        test.clock.advance(Duration::from_mins(1));
    }
    sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn r35_a_botnet_exhausts_an_account_but_not_for_a_browser_that_knows_it() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let known = in_browser(&test, EMAIL, None);
    test.clock.advance(Duration::from_hours(13));
    assert_eq!(by_cookie(&test, &known).unwrap_err(), AuthenticateError::Unauthenticated);
    for number in 0..100 {
        let refused = from(100 + number / 5, sign_in(EMAIL, "a wrong password, that is")).execute(&test.core);
        assert_eq!(refused.unwrap_err(), SignInError::InvalidCredentials);
    }
    assert!(is_limited(&sign_in(EMAIL, PASSWORD).execute(&test.core)), "from anywhere else");
    in_browser(&test, EMAIL, Some(&known));
}

#[test]
fn r35_a_right_password_makes_the_budgets_of_its_account_full_again() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    for _ in 0..3 {
        for _ in 0..4 {
            sign_in(EMAIL, "a wrong password, that is").execute(&test.core).unwrap_err();
        }
        sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
        test.clock.advance(Duration::from_secs(30));
    }
}

#[test]
fn r35_a_reset_makes_the_budgets_of_its_account_full_again() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    for _ in 0..5 {
        sign_in(EMAIL, "a wrong password, that is").execute(&test.core).unwrap_err();
    }
    assert!(is_limited(&sign_in(EMAIL, PASSWORD).execute(&test.core)));
    RequestPasswordReset { email: EMAIL.into(), context: context() }.execute(&test.core).unwrap();
    let new_password = Password::new(OTHER_PASSWORD);
    ResetPassword { token: link_token(&test, EMAIL), new_password, context: context() }.execute(&test.core).unwrap();
    sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn r82_right_passwords_cost_the_budget_of_their_address() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    for _ in 0..10 {
        sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
    }
    assert!(is_limited(&sign_in(EMAIL, PASSWORD).execute(&test.core)));
    from(2, sign_in(EMAIL, PASSWORD)).execute(&test.core).unwrap();
}

#[test]
fn what_cannot_be_an_address_costs_no_budget_but_that_of_who_typed_it() {
    let test = TestCore::new();
    for _ in 0..20 {
        let refused = sign_in("not an address", PASSWORD).execute(&test.core).unwrap_err();
        assert_eq!(refused, SignInError::InvalidCredentials);
        test.clock.advance(Duration::from_secs(6));
    }
}

#[test]
fn r35_a_username_does_not_tell_by_its_budget_whose_address_it_goes_with() {
    let test = TestCore::new();
    a_user_named(&test, "ada");
    for _ in 0..5 {
        sign_in(EMAIL, "a wrong password, that is").execute(&test.core).unwrap_err();
    }
    assert!(is_limited(&sign_in(EMAIL, PASSWORD).execute(&test.core)));
    let refused = by_username("ada", "a wrong password, that is").execute(&test.core).unwrap_err();
    assert_eq!(refused, SignInError::InvalidCredentials);
}

#[test]
fn r19_a_hash_that_cannot_be_made_stronger_just_now_fails_no_sign_in() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let weak = Arc::new(Weak(test.passwords.clone()));
    let test = test.over(|ports| ports.passwords = weak);
    sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn r40_a_planted_cookie_that_was_replaced_meanwhile_leads_nobody_into_the_new_session() {
    let test = TestCore::new();
    test.verified_user("mallory@example.com");
    test.verified_user(EMAIL);
    let planted = in_browser(&test, "mallory@example.com", None);
    tick(&test);
    let meanwhile = Arc::new(Meanwhile { inner: test.passwords.clone(), work: Mutex::default() });
    let test = test.over(|ports| ports.passwords = meanwhile.clone());
    let (core, victims) = (test.core.clone(), Arc::new(Mutex::new(None)));
    let (cookie, told) = (planted.clone(), victims.clone());
    *meanwhile.work.lock().unwrap() = Some(Box::new(move || {
        let sign_in = SignIn { holder: Holder::Browser(Some(cookie)), ..sign_in(EMAIL, PASSWORD) };
        *told.lock().unwrap() = Some(cookie_of(sign_in.execute(&core).unwrap()));
    }));
    let mallorys = in_browser(&test, "mallory@example.com", Some(&planted));
    let victims = victims.lock().unwrap().take().unwrap();
    let emails = |cookie: &OpaqueToken| -> Vec<String> {
        let sign_ins = by_cookie(&test, cookie).unwrap().session.unwrap().sign_ins;
        sign_ins.iter().map(|(_, user)| user.primary_email().unwrap().value.clone()).collect()
    };
    assert_eq!(emails(&mallorys), ["mallory@example.com"]);
    assert_eq!(emails(&victims), ["mallory@example.com", EMAIL]);
}

#[test]
fn r40_a_password_change_under_an_earlier_cookie_brings_no_new_one() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.verified_user("bob@example.com");
    let earlier = in_browser(&test, EMAIL, None);
    let caller = by_cookie(&test, &earlier).unwrap();
    let in_force = in_browser(&test, "bob@example.com", Some(&earlier));
    let changed = change(PASSWORD, OTHER_PASSWORD).execute(&test.core, &caller).unwrap();
    assert!(changed.new_cookie.is_none());
    by_cookie(&test, &in_force).unwrap();
}

#[test]
fn r79_a_sign_in_that_makes_room_for_another_is_in_the_trail_of_its_account() {
    let test = TestCore::with(|policy, _| policy.max_sign_ins = 1);
    let (ada, bob) = (test.verified_user(EMAIL).id, test.verified_user("bob@example.com").id);
    let ended = |user| count_events(&test, user, Action::SignedOut);
    let cookie = in_browser(&test, "bob@example.com", None);
    let cookie = in_browser(&test, EMAIL, Some(&cookie));
    assert_eq!((ended(ada), ended(bob)), (0, 1), "no room for two");
    let cookie = in_browser(&test, EMAIL, Some(&cookie));
    assert_eq!((ended(ada), ended(bob)), (1, 1), "one for each account");
    SignOut::All { cookie }.execute(&test.core, &context()).unwrap();
    assert_eq!((ended(ada), ended(bob)), (2, 1));
}

#[test]
fn r42_a_sign_in_lasts_as_long_as_any_in_a_browser_that_was_here_before() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.verified_user("bob@example.com");
    let cookie = in_browser(&test, EMAIL, None);
    for _ in 0..(20 * 24 / 11) {
        test.clock.advance(Duration::from_hours(11));
        by_cookie(&test, &cookie).unwrap();
    }
    let cookie = in_browser(&test, "bob@example.com", Some(&cookie));
    let caller = by_cookie(&test, &cookie).unwrap();
    assert_eq!(caller.sign_in.expires_at, test.ports.clock.now() + test.core.policy.absolute);
    for _ in 0..(29 * 24 / 11) {
        test.clock.advance(Duration::from_hours(11));
        by_cookie(&test, &cookie).unwrap();
    }
    assert_eq!(by_cookie(&test, &cookie).unwrap().session.unwrap().sign_ins.len(), 1, "the first one is over");
}

#[test]
fn r40_the_cookie_changes_at_sign_in_and_the_earlier_one_is_dead() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let first = in_browser(&test, EMAIL, None);
    let second = in_browser(&test, EMAIL, Some(&first));
    assert_eq!(by_cookie(&test, &first).unwrap_err(), AuthenticateError::Unauthenticated);
    assert_eq!(by_cookie(&test, &second).unwrap().session.unwrap().sign_ins.len(), 1);
}

#[test]
fn r41_a_cookie_that_was_never_handed_out_is_replaced_not_adopted() {
    let test = TestCore::new();
    let forged = OpaqueToken::from_bytes(&[9; 32]);
    let opened = OpenSession { cookie: Some(forged.clone()) }.execute(&test.core).unwrap();
    let cookie = opened.new_cookie.unwrap();
    assert_ne!(cookie.hash(), forged.hash());
    let again = OpenSession { cookie: Some(cookie) }.execute(&test.core).unwrap();
    assert!(again.new_cookie.is_none());
    assert_eq!(again.view.session.id, opened.view.session.id);
    assert_eq!(test.storage.commits(), 0, "a stranger costs no row");
}

#[test]
fn r42_a_sign_in_ends_when_idle_and_in_any_case() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let cookie = in_browser(&test, EMAIL, None);
    for _ in 0..(30 * 24 / 11) {
        test.clock.advance(Duration::from_hours(11));
        by_cookie(&test, &cookie).unwrap();
    }
    test.clock.advance(Duration::from_hours(11));
    assert_eq!(by_cookie(&test, &cookie).unwrap_err(), AuthenticateError::Unauthenticated, "30 days are over");
    let idle = in_browser(&test, EMAIL, None);
    test.clock.advance(Duration::from_hours(12));
    assert_eq!(by_cookie(&test, &idle).unwrap_err(), AuthenticateError::Unauthenticated);
}

#[test]
fn r43_r48_a_disabled_account_is_out_at_once_and_back_when_enabled() {
    let test = TestCore::new();
    let user = test.verified_user(EMAIL).id;
    let tokens = test.tokens(EMAIL);
    let cookie = in_browser(&test, EMAIL, None);
    SetDisabled { user, is_disabled: true }.execute(&test.core).unwrap();
    let bearer = Authenticate::new(Credential::Bearer(tokens.access_token.token.clone()));
    assert_eq!(bearer.execute(&test.core).unwrap_err(), AuthenticateError::Unauthenticated);
    assert_eq!(by_cookie(&test, &cookie).unwrap_err(), AuthenticateError::Unauthenticated);
    assert_eq!(refresh(&tokens.refresh_token).execute(&test.core).unwrap_err(), RefreshAccessError::Invalid);
    assert_eq!(sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap_err(), SignInError::Disabled);
    SetDisabled { user, is_disabled: false }.execute(&test.core).unwrap();
    sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn several_accounts_in_one_browser_are_switched_and_signed_out_one_by_one() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.verified_user("bob@example.com");
    let cookie = in_browser(&test, EMAIL, None);
    tick(&test);
    let cookie = in_browser(&test, "bob@example.com", Some(&cookie));
    let view = by_cookie(&test, &cookie).unwrap().session.unwrap();
    let [(ada, _), (bob, _)] = &view.sign_ins[..] else { panic!() };
    assert_eq!(view.active, Some(bob.id));
    SwitchSignIn { cookie: cookie.clone(), sign_in: ada.id, context: context() }.execute(&test.core).unwrap();
    assert_eq!(by_cookie(&test, &cookie).unwrap().user.id, ada.user_id);
    SignOut::One { cookie: cookie.clone(), sign_in: ada.id }.execute(&test.core, &context()).unwrap();
    assert_eq!(by_cookie(&test, &cookie).unwrap().user.id, bob.user_id);
    let foreign = SignOut::One { cookie: cookie.clone(), sign_in: ada.id }.execute(&test.core, &context());
    assert_eq!(foreign, Err(SignOutError::UnknownSignIn));
    SignOut::All { cookie: cookie.clone() }.execute(&test.core, &context()).unwrap();
    assert_eq!(by_cookie(&test, &cookie).unwrap_err(), AuthenticateError::Unauthenticated);
}

#[test]
fn r47_a_refresh_token_rotates_and_a_lost_answer_can_be_asked_for_again() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let first = test.tokens(EMAIL).refresh_token;
    let second = refresh(&first).execute(&test.core).unwrap().refresh_token;
    test.clock.advance(Duration::from_secs(9));
    let again = refresh(&first).execute(&test.core).unwrap().refresh_token;
    assert_eq!(again.hash(), second.hash(), "the same successor");
    refresh(&second).execute(&test.core).unwrap();
}

#[test]
fn r47_reuse_after_the_grace_ends_the_family_although_the_request_fails() {
    let test = TestCore::new();
    let user = test.verified_user(EMAIL).id;
    let tokens = test.tokens(EMAIL);
    let second = refresh(&tokens.refresh_token).execute(&test.core).unwrap();
    test.clock.advance(Duration::from_secs(11));
    assert_eq!(refresh(&tokens.refresh_token).execute(&test.core).unwrap_err(), RefreshAccessError::Invalid);
    assert_eq!(refresh(&second.refresh_token).execute(&test.core).unwrap_err(), RefreshAccessError::Invalid);
    let bearer = Authenticate::new(Credential::Bearer(second.access_token.token));
    assert_eq!(bearer.execute(&test.core).unwrap_err(), AuthenticateError::Unauthenticated);
    assert_eq!(count_events(&test, user, Action::TokenReused), 1);
}

#[test]
fn r47_reuse_is_noticed_within_the_grace_once_the_successor_was_used() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let first = test.tokens(EMAIL).refresh_token;
    let second = refresh(&first).execute(&test.core).unwrap().refresh_token;
    let third = refresh(&second).execute(&test.core).unwrap().refresh_token;
    assert_eq!(refresh(&first).execute(&test.core).unwrap_err(), RefreshAccessError::Invalid);
    assert_eq!(refresh(&third).execute(&test.core).unwrap_err(), RefreshAccessError::Invalid);
}

#[test]
fn r47_twenty_parallel_uses_make_one_successor() {
    let test = TestCore::with(|_, limits| limits.enabled = false);
    test.verified_user(EMAIL);
    let first = test.tokens(EMAIL).refresh_token;
    let successors = Mutex::new(HashSet::new());
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                let next = refresh(&first).execute(&test.core).unwrap().refresh_token;
                successors.lock().unwrap().insert(next.hash());
            });
        }
    });
    assert_eq!(successors.into_inner().unwrap().len(), 1);
}

#[test]
fn r46_one_kind_of_token_is_not_taken_for_another() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let tokens = test.tokens(EMAIL);
    let as_access = Authenticate::new(Credential::Bearer(tokens.refresh_token.expose().to_owned()));
    assert_eq!(as_access.execute(&test.core).unwrap_err(), AuthenticateError::Unauthenticated);
    assert!(by_cookie(&test, &tokens.refresh_token).is_err());
    RequestPasswordReset { email: EMAIL.into(), context: context() }.execute(&test.core).unwrap();
    assert!(verify_link(&link_token(&test, EMAIL)).execute(&test.core).is_err(), "a reset link verifies nothing");
}

#[test]
fn r21_r25_a_password_change_ends_every_other_sign_in_and_is_mailed() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let (own, other) = (test.tokens(EMAIL), test.tokens(EMAIL));
    let browser = in_browser(&test, EMAIL, None);
    let caller = test.caller(&own);
    tick(&test);
    let changed = change(PASSWORD, OTHER_PASSWORD).execute(&test.core, &caller).unwrap();
    test.caller(&own);
    assert_eq!(
        refresh(&own.refresh_token).execute(&test.core).unwrap_err(),
        RefreshAccessError::Invalid,
        "a stolen copy"
    );
    refresh(&changed.new_tokens.unwrap().refresh_token).execute(&test.core).unwrap();
    assert!(refresh(&other.refresh_token).execute(&test.core).is_err());
    assert!(by_cookie(&test, &browser).is_err());
    assert!(matches!(test.mails_to(EMAIL).last(), Some(Mail::PasswordChanged)));
    assert_eq!(sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap_err(), SignInError::InvalidCredentials);
    sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn r21_the_browser_that_changes_the_password_gets_a_new_cookie() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let cookie = in_browser(&test, EMAIL, None);
    let caller = by_cookie(&test, &cookie).unwrap();
    let new = change(PASSWORD, OTHER_PASSWORD).execute(&test.core, &caller).unwrap().new_cookie.unwrap();
    assert!(by_cookie(&test, &cookie).is_err());
    by_cookie(&test, &new).unwrap();
}

#[test]
fn r23_r24_a_reset_is_answered_alike_used_once_and_dies_with_a_change() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let ask = |email: &str| RequestPasswordReset { email: email.into(), context: context() }.execute(&test.core);
    assert_eq!((ask("nobody@example.com"), ask(EMAIL)), (Ok(()), Ok(())));
    assert_eq!((test.mails_to(EMAIL).len(), test.mails_to("nobody@example.com").len()), (1, 0));
    let reset = |token: &str, new: &str| {
        let new_password = Password::new(new);
        ResetPassword { token: token.into(), new_password, context: context() }.execute(&test.core)
    };
    let first = link_token(&test, EMAIL);
    assert!(matches!(reset(&first, "short"), Err(ResetPasswordError::Invalid(_))), "and the token is still good");
    let tokens = test.tokens(EMAIL);
    reset(&first, OTHER_PASSWORD).unwrap();
    assert_eq!(reset(&first, PASSWORD), Err(ResetPasswordError::UsedToken));
    assert!(refresh(&tokens.refresh_token).execute(&test.core).is_err(), "every sign-in ends");
    tick(&test);
    ask(EMAIL).unwrap();
    let second = link_token(&test, EMAIL);
    let SignInOutcome::Completed(done) = sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap() else { panic!() };
    let caller = test.caller(&tokens_of(*done));
    change(OTHER_PASSWORD, THIRD_PASSWORD).execute(&test.core, &caller).unwrap();
    assert_eq!(reset(&second, OTHER_PASSWORD), Err(ResetPasswordError::InvalidToken));
}

#[test]
fn a_reset_code_becomes_a_token_once() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    RequestPasswordReset { email: EMAIL.into(), context: context() }.execute(&test.core).unwrap();
    let exchange = ExchangeResetCode { email: "ADA@example.com".into(), code: code(&test, EMAIL), context: context() };
    let token = exchange.execute(&test.core).unwrap();
    assert!(exchange.execute(&test.core).is_err());
    let new_password = Password::new(OTHER_PASSWORD);
    let reset = ResetPassword { token: token.expose().into(), new_password, context: context() };
    reset.execute(&test.core).unwrap();
    sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn r24_a_reset_token_is_void_once_another_address_is_the_primary_one() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    RequestPasswordReset { email: EMAIL.into(), context: context() }.execute(&test.core).unwrap();
    let exchange = ExchangeResetCode { email: EMAIL.into(), code: code(&test, EMAIL), context: context() };
    let token = exchange.execute(&test.core).unwrap();
    let new_email = "ada@new.example".to_owned();
    RequestEmailChange { new_email: new_email.clone(), context: context() }.execute(&test.core, &caller).unwrap();
    let confirm = ConfirmEmailChange { code: code(&test, &new_email), new_email, context: context() };
    confirm.execute(&test.core, &caller).unwrap();
    let new_password = Password::new(OTHER_PASSWORD);
    let reset = ResetPassword { token: token.expose().into(), new_password, context: context() };
    assert_eq!(reset.execute(&test.core).unwrap_err(), ResetPasswordError::InvalidToken);
}

#[test]
fn r35_a_right_code_for_an_own_address_buys_no_guesses_at_another() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = test.caller(&test.tokens(EMAIL));
    let ask = |email: &str| {
        test.clock.advance(Duration::from_mins(3));
        RequestEmailChange { new_email: email.into(), context: context() }.execute(&test.core, &caller).unwrap();
    };
    let confirm = |email: &str, code: String| {
        let confirm = ConfirmEmailChange { new_email: email.into(), code, context: context() };
        confirm.execute(&test.core, &caller).map(drop)
    };
    ask("victim@example.com");
    let victims = code(&test, "victim@example.com");
    for _ in 0..4 {
        confirm("victim@example.com", wrong(&victims)).unwrap_err();
    }
    ask("own@example.com");
    confirm("own@example.com", code(&test, "own@example.com")).unwrap();
    ask("victim@example.com");
    let victims = code(&test, "victim@example.com");
    confirm("victim@example.com", wrong(&victims)).unwrap_err();
    let refused = confirm("victim@example.com", victims).unwrap_err();
    assert!(matches!(refused, ConfirmEmailChangeError::TooManyTries(_)), "{refused:?}");
}

#[test]
fn r97_who_signs_in_last_is_active_whatever_the_clock_says() {
    let test = TestCore::new();
    let bob = "bob@example.com";
    for email in [EMAIL, bob] {
        test.verified_user(email);
    }
    let now = test.clock.now();
    let cookie = in_browser(&test, EMAIL, None);
    test.clock.set(now - chrono::Duration::seconds(30));
    let cookie = in_browser(&test, bob, Some(&cookie));
    let active = by_cookie(&test, &cookie).unwrap().user;
    assert_eq!(active.primary_email().unwrap().value, bob);
}

#[test]
fn r91_an_outage_is_told_as_such_and_spends_nothing() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.storage.fail_with(StorageError::Unavailable("gone".into()));
    for _ in 0..20 {
        let refused = sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap_err();
        assert!(matches!(refused, SignInError::Fault(Fault::Unavailable(_))));
    }
    test.storage.recover();
    sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn a_unit_that_met_another_writer_runs_again() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    test.storage.fail_next_commit(StorageError::Conflict);
    test.storage.fail_next_commit(StorageError::Conflict);
    sign_in(EMAIL, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn r43_of_two_sign_ins_that_end_each_other_the_first_wins() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = || by_cookie(&test, &in_browser(&test, EMAIL, None)).unwrap();
    let (thief, owner, third) = (caller(), caller(), caller());
    let end = |id| EndSignIn { id, context: context() };
    end(thief.sign_in.id).execute(&test.core, &owner).unwrap();

    assert_eq!(end(owner.sign_in.id).execute(&test.core, &thief), Err(EndSignInError::Unauthenticated));
    let others = EndOtherSignIns { context: context() }.execute(&test.core, &thief);
    assert_eq!(others, Err(EndSignInError::Unauthenticated));
    // The others are stale too, and live.
    end(third.sign_in.id).execute(&test.core, &owner).unwrap();
    assert_eq!(end(third.sign_in.id).execute(&test.core, &owner), Err(EndSignInError::UnknownSignIn));
}
