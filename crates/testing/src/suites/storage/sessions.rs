//! Browser sessions: one cookie each, and all that a request is judged by in one read.

use selfsame_domain::{Attempt, Session, SignIn, TokenHash};
use selfsame_ports::{SessionState, Storage, StorageError};

use super::support::{once, read, unit};
use crate::{
    builders::{a_session, a_sign_in, a_token_hash, a_user, an_attempt, fresh_id, t0, t0_plus},
    suites::threads::{together, winners},
};

/// A session in storage, with the hash of its cookie.
pub(super) fn stored_session(storage: &dyn Storage) -> (Session, TokenHash) {
    let (session, token) = (a_session(), a_token_hash());
    unit(storage, |unit| unit.sessions().insert(&session, &token));
    (session, token)
}

fn by_cookie(storage: &dyn Storage, token: &TokenHash) -> Option<SessionState> {
    read(storage, |queries| queries.session(token, t0(), false))
}

pub fn a_session_is_found_by_its_cookie(storage: &dyn Storage) {
    let (session, token) = stored_session(storage);
    stored_session(storage);
    let state = by_cookie(storage, &token).expect("the session is there");
    assert_eq!(
        state,
        SessionState { session, active: None, sign_ins: vec![], attributes: None, has_open_attempts: false }
    );
}

pub fn r41_a_cookie_that_was_never_handed_out_names_no_session(storage: &dyn Storage) {
    stored_session(storage);
    assert_eq!(by_cookie(storage, &a_token_hash()), None);
}

pub fn a_session_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let (session, _) = stored_session(storage);
    let again = once(storage, |unit| unit.sessions().insert(&session, &a_token_hash()));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn a_session_can_be_locked_also_when_it_has_expired(storage: &dyn Storage) {
    let expired = Session { expires_at: t0_plus(-1), ..a_session() };
    let token = a_token_hash();
    let found = unit(storage, |unit| {
        unit.sessions().insert(&expired, &token)?;
        Ok((unit.sessions().lock(expired.id)?, unit.sessions().lock(fresh_id())?))
    });
    assert_eq!(found, (Some(expired.clone()), None));
    let state = by_cookie(storage, &token).expect("the session is there");
    assert_eq!(state.session, expired);
}

pub fn r40_the_earlier_cookie_is_dead_once_it_is_replaced(storage: &dyn Storage) {
    let (session, old) = stored_session(storage);
    let new = a_token_hash();
    assert!(unit(storage, |unit| unit.sessions().replace_token(session.id, &old, &new)));
    assert_eq!(by_cookie(storage, &old), None);
    assert_eq!(by_cookie(storage, &new).map(|state| state.session), Some(session));
}

pub fn r40_who_holds_an_earlier_cookie_cannot_replace_the_one_in_force(storage: &dyn Storage) {
    let (session, first) = stored_session(storage);
    let (second, third) = (a_token_hash(), a_token_hash());
    let replace = |id, old, new| unit(storage, |unit| unit.sessions().replace_token(id, &old, &new));
    assert!(replace(session.id, first, second));
    assert!(!replace(session.id, first, third));
    assert!(!replace(fresh_id(), second, third));
    assert!(by_cookie(storage, &third).is_none());
    assert!(by_cookie(storage, &second).is_some());
}

pub fn r40_a_cookie_that_twenty_threads_replace_is_replaced_by_one(storage: &dyn Storage) {
    let (session, old) = stored_session(storage);
    let answers = together(20, |_| {
        let new = a_token_hash();
        unit(storage, |unit| unit.sessions().replace_token(session.id, &old, &new))
    });
    assert_eq!(winners(&answers), 1);
}

pub fn saving_writes_all_of_a_session_but_when_it_began(storage: &dyn Storage) {
    let (session, token) = stored_session(storage);
    let (bystander, of_bystander) = stored_session(storage);
    let seen = Session { last_seen_at: t0_plus(60), expires_at: t0_plus(99), ..session };
    let meddled = Session { created_at: t0_plus(-99), ..seen.clone() };
    unit(storage, |unit| unit.sessions().save(&meddled));
    let found = |token| by_cookie(storage, token).map(|state| state.session);
    assert_eq!(found(&token), Some(seen));
    assert_eq!(found(&of_bystander), Some(bystander));
}

pub fn a_session_comes_with_its_sign_ins_and_their_accounts_oldest_first(storage: &dyn Storage) {
    let (session, token) = stored_session(storage);
    let (other, _) = stored_session(storage);
    let ada = a_user()
        .with_email("ada@example.com")
        .with_phone("+31612345678")
        .with_email("second@example.com")
        .stored_in(storage);
    let grace = a_user().with_email("grace@example.com").disabled().stored_in(storage);
    let made = |user, seconds| SignIn { session_id: Some(session.id), created_at: t0_plus(seconds), ..a_sign_in(user) };
    let (second, first) = (made(&ada, 20), made(&grace, 10));
    let ended = SignIn { ended_at: Some(t0_plus(1)), ..made(&ada, 0) };
    let elsewhere = SignIn { session_id: Some(other.id), ..a_sign_in(&ada) };
    unit(storage, |unit| {
        for sign_in in [&second, &first, &ended, &elsewhere, &a_sign_in(&ada)] {
            unit.sessions().insert_sign_in(sign_in)?;
        }
        Ok(())
    });
    let state = by_cookie(storage, &token).expect("the session is there");
    let expected = [(first.clone(), grace), (second.clone(), ada)];
    assert_eq!(state.sign_ins, expected);
    let listed = unit(storage, |unit| unit.sessions().sign_ins(session.id));
    assert_eq!(listed, [first, second]);
}

pub fn a_session_knows_whether_an_attempt_of_it_is_open(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (session, token) = stored_session(storage);
    let (other, _) = stored_session(storage);
    let has_open = |storage, attempt: Attempt| {
        unit(storage, |unit| unit.proofs().insert_attempt(&attempt));
        by_cookie(storage, &token).expect("the session is there").has_open_attempts
    };
    let attempt = || Attempt { session_id: Some(session.id), ..an_attempt(&user) };
    let elsewhere = Attempt { session_id: Some(other.id), ..an_attempt(&user) };
    let completed = Attempt { completed_at: Some(t0()), ..attempt() };
    let expired = Attempt { expires_at: t0(), ..attempt() };
    assert!(!has_open(storage, elsewhere));
    assert!(!has_open(storage, completed));
    assert!(!has_open(storage, expired));
    assert!(has_open(storage, attempt()));
}

pub fn purging_removes_the_sessions_that_expired_before(storage: &dyn Storage) {
    let stored = |expires_at| {
        let session = Session { expires_at, ..a_session() };
        let token = a_token_hash();
        unit(storage, |unit| unit.sessions().insert(&session, &token));
        token
    };
    let [old, edge, young] = [t0_plus(-1), t0(), t0_plus(1)].map(stored);
    let purged = unit(storage, |unit| unit.sessions().purge(t0(), 10));
    assert_eq!(purged, 1);
    assert!(by_cookie(storage, &old).is_none());
    assert!(by_cookie(storage, &edge).is_some());
    assert!(by_cookie(storage, &young).is_some());
}
