//! Sign-ins: live until they are ended, once.

use selfsame_domain::{Attempt, Session, SignIn, User, UserId};
use selfsame_ports::{Storage, StorageError};

use super::{
    sessions::stored_session,
    support::{once, read, unit},
};
use crate::{
    builders::{a_session, a_sign_in, a_token_hash, a_user, an_attempt, fresh_id, t0, t0_plus},
    suites::threads::{together, winners},
};

/// A sign-in in storage.
pub(super) fn stored_sign_in(storage: &dyn Storage, user: &User) -> SignIn {
    stored(storage, a_sign_in(user))
}

fn stored(storage: &dyn Storage, sign_in: SignIn) -> SignIn {
    unit(storage, |unit| unit.sessions().insert_sign_in(&sign_in));
    sign_in
}

fn found(storage: &dyn Storage, sign_in: &SignIn) -> Option<SignIn> {
    let found = read(storage, |queries| queries.sign_in(sign_in.id));
    found.map(|(sign_in, _)| sign_in)
}

fn live(storage: &dyn Storage, user: UserId) -> i64 {
    read(storage, |queries| queries.count_live_sign_ins(user, t0()))
}

pub fn a_sign_in_reads_back_with_its_account(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").with_phone("+31612345678").stored_in(storage);
    let (session, _) = stored_session(storage);
    let in_browser = SignIn { session_id: Some(session.id), last_active_at: t0_plus(3), ..a_sign_in(&user) };
    let bare = SignIn { ip: None, user_agent: None, ended_at: Some(t0_plus(9)), ..a_sign_in(&user) };
    for sign_in in [in_browser, bare].map(|sign_in| stored(storage, sign_in)) {
        let read_back = read(storage, |queries| queries.sign_in(sign_in.id));
        assert_eq!(read_back, Some((sign_in.clone(), user.clone())));
        let found = unit(storage, |unit| unit.sessions().find_sign_in(sign_in.id));
        assert_eq!(found, Some(sign_in.clone()));
        let locked = unit(storage, |unit| unit.sessions().lock_sign_in(sign_in.id));
        assert_eq!(locked, Some(sign_in));
    }
}

pub fn an_unknown_sign_in_is_none(storage: &dyn Storage) {
    stored_sign_in(storage, &a_user().stored_in(storage));
    let read_back = read(storage, |queries| queries.sign_in(fresh_id()));
    assert_eq!(read_back, None);
    let found = unit(storage, |unit| unit.sessions().find_sign_in(fresh_id()));
    assert_eq!(found, None);
    let locked = unit(storage, |unit| unit.sessions().lock_sign_in(fresh_id()));
    assert_eq!(locked, None);
}

pub fn a_sign_in_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let sign_in = stored_sign_in(storage, &a_user().stored_in(storage));
    let again = once(storage, |unit| unit.sessions().insert_sign_in(&sign_in));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn touching_a_sign_in_says_when_it_was_used(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let [sign_in, other] = [(); 2].map(|()| stored_sign_in(storage, &user));
    unit(storage, |unit| unit.sessions().touch_sign_in(sign_in.id, t0_plus(60)));
    let touched = SignIn { last_active_at: t0_plus(60), ..sign_in.clone() };
    assert_eq!(found(storage, &sign_in), Some(touched));
    assert_eq!(found(storage, &other), Some(other));
}

pub fn a_sign_in_ends_once_and_keeps_the_instant(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let [sign_in, other] = [(); 2].map(|()| stored_sign_in(storage, &user));
    let end = |seconds| unit(storage, |unit| unit.sessions().end_sign_in(sign_in.id, t0_plus(seconds)));
    assert!(end(5));
    assert!(!end(6));
    let ended = SignIn { ended_at: Some(t0_plus(5)), ..sign_in.clone() };
    assert_eq!(found(storage, &sign_in), Some(ended));
    assert_eq!(found(storage, &other), Some(other));
}

pub fn a_sign_in_that_does_not_exist_cannot_end(storage: &dyn Storage) {
    let ended = unit(storage, |unit| unit.sessions().end_sign_in(fresh_id(), t0()));
    assert!(!ended);
}

pub fn a_sign_in_that_twenty_threads_end_is_ended_by_one(storage: &dyn Storage) {
    let sign_in = stored_sign_in(storage, &a_user().stored_in(storage));
    let answers = together(20, |_| unit(storage, |unit| unit.sessions().end_sign_in(sign_in.id, t0())));
    assert_eq!(winners(&answers), 1);
}

pub fn r21_all_sign_ins_of_an_account_end_but_one(storage: &dyn Storage) {
    let ada = a_user().stored_in(storage);
    let grace = a_user().stored_in(storage);
    let [kept, gone, over] = [(); 3].map(|()| stored_sign_in(storage, &ada));
    let foreign = stored_sign_in(storage, &grace);
    let end_all = |except| unit(storage, |unit| unit.sessions().end_sign_ins_of(ada.id, except, t0_plus(5)));
    unit(storage, |unit| unit.sessions().end_sign_in(over.id, t0_plus(1)));

    assert_eq!(end_all(Some(kept.id)), 1);
    let ended_at = |sign_in| found(storage, sign_in).and_then(|found| found.ended_at);
    assert_eq!(ended_at(&kept), None);
    assert_eq!(ended_at(&gone), Some(t0_plus(5)));
    assert_eq!(ended_at(&over), Some(t0_plus(1)));

    assert_eq!(end_all(None), 1);
    assert_eq!(ended_at(&kept), Some(t0_plus(5)));
    assert_eq!(ended_at(&foreign), None);
}

pub fn live_sign_ins_are_neither_ended_nor_expired(storage: &dyn Storage) {
    let ada = a_user().stored_in(storage);
    let grace = a_user().stored_in(storage);
    let ended = SignIn { ended_at: Some(t0()), ..a_sign_in(&ada) };
    let expired = SignIn { expires_at: t0(), ..a_sign_in(&ada) };
    let last_moment = SignIn { expires_at: t0() + chrono::Duration::milliseconds(1), ..a_sign_in(&ada) };
    for sign_in in [ended, expired, last_moment, a_sign_in(&ada), a_sign_in(&grace)] {
        stored(storage, sign_in);
    }
    assert_eq!(live(storage, ada.id), 2);
    assert_eq!(live(storage, grace.id), 1);
    assert_eq!(live(storage, fresh_id()), 0);
}

pub fn purging_removes_the_sign_ins_that_ended_or_expired_before(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let ended = |seconds| SignIn { ended_at: Some(t0_plus(seconds)), ..a_sign_in(&user) };
    let expired = |seconds| SignIn { expires_at: t0_plus(seconds), ..a_sign_in(&user) };
    let all = [ended(-1), expired(-1), ended(0), expired(0), a_sign_in(&user)];
    let all = all.map(|sign_in| stored(storage, sign_in));
    let purged = unit(storage, |unit| unit.sessions().purge(t0(), 10));
    assert_eq!(purged, 2);
    let left = all.map(|sign_in| found(storage, &sign_in).is_some());
    assert_eq!(left, [false, false, true, true, true]);
}

pub fn sessions_and_sign_ins_are_purged_in_portions(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let over = [(Some(t0_plus(-1)), t0_plus(1)), (None, t0_plus(-1)), (Some(t0_plus(-1)), t0_plus(-1))];
    for (ended_at, expires_at) in over.into_iter().cycle().take(12) {
        stored(storage, SignIn { ended_at, expires_at, ..a_sign_in(&user) });
    }
    for _ in 0..5 {
        let session = Session { expires_at: t0_plus(-1), ..a_session() };
        unit(storage, |unit| unit.sessions().insert(&session, &a_token_hash()));
    }
    let purge = || unit(storage, |unit| unit.sessions().purge(t0(), 2));
    let mut rows = 0;
    loop {
        let portion = purge();
        assert!(portion <= 6, "two ended, two expired and two sessions");
        rows += portion;
        if portion < 2 {
            break;
        }
    }
    assert_eq!((rows, purge()), (17, 0));
}

pub fn a_session_outlives_the_sign_in_that_was_active_in_it(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (session, token) = stored_session(storage);
    let sign_in = SignIn { session_id: Some(session.id), ended_at: Some(t0_plus(-1)), ..a_sign_in(&user) };
    let active = Session { active_sign_in: Some(sign_in.id), ..session.clone() };
    unit(storage, |unit| {
        unit.sessions().insert_sign_in(&sign_in)?;
        unit.sessions().save(&active)
    });
    let purged = unit(storage, |unit| unit.sessions().purge(t0(), 10));
    assert_eq!(purged, 1);
    let state = read(storage, |queries| queries.session(&token, t0()));
    assert_eq!(state.map(|state| state.session), Some(session));
}

pub fn a_purged_session_takes_its_sign_ins_and_attempts_along(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (session, _) = stored_session(storage);
    let in_session = SignIn {
        session_id: Some(session.id),
        expires_at: session.expires_at + chrono::Duration::days(1),
        ..a_sign_in(&user)
    };
    let attempt = Attempt { session_id: Some(session.id), ..an_attempt(&user) };
    stored(storage, in_session.clone());
    unit(storage, |unit| unit.attempts().insert(&attempt));
    let after = session.expires_at + chrono::Duration::seconds(1);
    let purged = unit(storage, |unit| unit.sessions().purge(after, 10));
    assert_eq!(purged, 2, "the session and its sign-in");
    assert_eq!(found(storage, &in_session), None);
    let attempt = read(storage, |queries| queries.attempt(attempt.id));
    assert_eq!(attempt, None);
}
