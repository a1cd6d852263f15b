//! Sign-in, sessions, tokens and passwords, over memory and fakes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{collections::HashSet, sync::Mutex, thread, time::Duration};

use common::*;
use selfsame_application::{
    Authenticate, Credential, Fault,
    attempts::{Access, Holder},
    authenticate::AuthenticateError,
    change_password::{ChangePassword, ChangePasswordError},
    exchange_reset_code::ExchangeResetCode,
    manage_user::SetDisabled,
    open_session::OpenSession,
    refresh_access::RefreshAccessError,
    request_password_reset::RequestPasswordReset,
    reset_password::{ResetPassword, ResetPasswordError},
    sign_in::{SignInError, SignInOutcome},
    sign_out::{SignOut, SignOutError},
    switch_sign_in::SwitchSignIn,
};
use selfsame_domain::{Action, OpaqueToken, Password};
use selfsame_ports::{Mail, StorageError};

const EMAIL: &str = "ada@example.com";

fn by_cookie(test: &TestCore, cookie: &OpaqueToken) -> Result<selfsame_application::Caller, AuthenticateError> {
    Authenticate { credential: Credential::Cookie(cookie.clone()) }.execute(&test.core)
}

fn in_browser(test: &TestCore, email: &str, cookie: Option<&OpaqueToken>) -> OpaqueToken {
    let mut sign_in = sign_in(email, PASSWORD);
    sign_in.holder = Holder::Browser(cookie.cloned());
    match sign_in.execute(&test.core).unwrap() {
        SignInOutcome::Completed(done) => match done.access {
            Access::Cookie(cookie) => cookie,
            Access::Tokens(_) => panic!("tokens for a browser"),
        },
        SignInOutcome::Unverified { .. } => panic!("not verified"),
    }
}

fn change(current: &str, new: &str) -> ChangePassword {
    ChangePassword {
        current_password: Password::new(current),
        new_password: Password::new(new),
        end_own_sign_in: false,
        client: client(),
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
        assert_eq!(test.passwords.verifications(), before + 1, "{email}");
    }
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
fn r43_a_disabled_account_is_out_at_once_and_back_when_enabled() {
    let test = TestCore::new();
    let user = test.verified_user(EMAIL).id;
    let tokens = test.tokens(EMAIL);
    let cookie = in_browser(&test, EMAIL, None);
    SetDisabled { user, is_disabled: true }.execute(&test.core).unwrap();
    let bearer = Authenticate { credential: Credential::Bearer(tokens.access_token.token.clone()) };
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
    assert_eq!(view.session.active_sign_in, Some(bob.id));
    SwitchSignIn { cookie: cookie.clone(), sign_in: ada.id, client: client() }.execute(&test.core).unwrap();
    assert_eq!(by_cookie(&test, &cookie).unwrap().user.id, ada.user_id);
    SignOut::One { cookie: cookie.clone(), sign_in: ada.id }.execute(&test.core, &client()).unwrap();
    assert_eq!(by_cookie(&test, &cookie).unwrap().user.id, bob.user_id);
    let foreign = SignOut::One { cookie: cookie.clone(), sign_in: ada.id }.execute(&test.core, &client());
    assert_eq!(foreign, Err(SignOutError::UnknownSignIn));
    SignOut::All { cookie: cookie.clone() }.execute(&test.core, &client()).unwrap();
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
    let bearer = Authenticate { credential: Credential::Bearer(second.access_token.token) };
    assert_eq!(bearer.execute(&test.core).unwrap_err(), AuthenticateError::Unauthenticated);
    let mut queries = test.core.storage.read().unwrap();
    assert_eq!(queries.count_events(user, Action::TokenReused).unwrap(), 1);
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
    let as_access = Authenticate { credential: Credential::Bearer(tokens.refresh_token.expose().to_owned()) };
    assert_eq!(as_access.execute(&test.core).unwrap_err(), AuthenticateError::Unauthenticated);
    assert!(by_cookie(&test, &tokens.refresh_token).is_err());
    RequestPasswordReset { email: EMAIL.into(), client: client() }.execute(&test.core).unwrap();
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
    change(PASSWORD, OTHER_PASSWORD).execute(&test.core, &caller).unwrap();
    test.caller(&own);
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
    let ask = |email: &str| RequestPasswordReset { email: email.into(), client: client() }.execute(&test.core);
    assert_eq!((ask("nobody@example.com"), ask(EMAIL)), (Ok(()), Ok(())));
    assert_eq!((test.mails_to(EMAIL).len(), test.mails_to("nobody@example.com").len()), (1, 0));
    let reset = |token: &str, new: &str| {
        let new_password = Password::new(new);
        ResetPassword { token: token.into(), new_password, client: client() }.execute(&test.core)
    };
    let first = link_token(&test, EMAIL);
    assert!(matches!(reset(&first, "short"), Err(ResetPasswordError::Invalid(_))), "and the token is still good");
    let tokens = test.tokens(EMAIL);
    reset(&first, OTHER_PASSWORD).unwrap();
    assert_eq!(reset(&first, PASSWORD), Err(ResetPasswordError::InvalidToken));
    assert!(refresh(&tokens.refresh_token).execute(&test.core).is_err(), "every sign-in ends");
    tick(&test);
    ask(EMAIL).unwrap();
    let second = link_token(&test, EMAIL);
    let SignInOutcome::Completed(done) = sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap() else { panic!() };
    let caller = test.caller(&tokens_of(*done));
    change(OTHER_PASSWORD, PASSWORD).execute(&test.core, &caller).unwrap();
    assert_eq!(reset(&second, OTHER_PASSWORD), Err(ResetPasswordError::InvalidToken));
}

#[test]
fn a_reset_code_becomes_a_token_once() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    RequestPasswordReset { email: EMAIL.into(), client: client() }.execute(&test.core).unwrap();
    let exchange = ExchangeResetCode { email: "ADA@example.com".into(), code: code(&test, EMAIL), client: client() };
    let token = exchange.execute(&test.core).unwrap();
    assert!(exchange.execute(&test.core).is_err());
    let new_password = Password::new(OTHER_PASSWORD);
    let reset = ResetPassword { token: token.expose().into(), new_password, client: client() };
    reset.execute(&test.core).unwrap();
    sign_in(EMAIL, OTHER_PASSWORD).execute(&test.core).unwrap();
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
