//! Sign-ups and sign-ins under way: each is completed at most once.

use std::slice;

use selfsame_domain::{Attempt, AttemptKind, Factor, Factors, SignInMethod, SignUpForm, User};
use selfsame_ports::{Storage, StorageError};

use super::{
    sessions::stored_session,
    sign_ins::stored_sign_in,
    support::{once, read, unit},
};
use crate::{
    builders::{a_token_hash, a_user, an_attempt, fresh_id, t0, t0_plus},
    suites::threads::{together, winners},
};

fn ada(storage: &dyn Storage) -> User {
    a_user().with_email("ada@example.com").stored_in(storage)
}

fn stored(storage: &dyn Storage, attempt: Attempt) -> Attempt {
    unit(storage, |unit| unit.proofs().insert_attempt(&attempt));
    attempt
}

fn found(storage: &dyn Storage, attempt: &Attempt) -> Option<Attempt> {
    read(storage, |queries| queries.attempt(attempt.id))
}

fn save(storage: &dyn Storage, attempt: &Attempt) -> bool {
    unit(storage, |unit| unit.proofs().save_attempt(attempt))
}

pub fn an_attempt_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let user = ada(storage);
    let (session, _) = stored_session(storage);
    let sign_up = Attempt {
        session_id: Some(session.id),
        form: SignUpForm {
            given_name: Some("Zoë \"Z\" 🦀".to_owned()),
            preferred_username: Some("zoe".to_owned()),
            phone_number: Some("+31612345678".to_owned()),
            ..SignUpForm::default()
        },
        ..an_attempt(&user)
    };
    let sign_in = Attempt {
        kind: AttemptKind::SignIn,
        method: Some(SignInMethod::UsernamePassword),
        phone_number: Some("+31612345678".to_owned()),
        credential_epoch: 1 << 40,
        required: Factors::of([Factor::Password, Factor::Email]),
        satisfied: Factors::of([Factor::Password]),
        sealed: Some((0..=255).collect()),
        token_hash: None,
        sign_in_id: Some(stored_sign_in(storage, &user).id),
        completed_at: Some(t0_plus(4)),
        ..an_attempt(&user)
    };
    let by_email = Attempt { method: Some(SignInMethod::EmailPassword), ..sign_in.clone() };
    let by_email = Attempt { id: fresh_id(), ..by_email };
    for attempt in [sign_up, sign_in, by_email, an_attempt(&user)] {
        let attempt = stored(storage, attempt);
        assert_eq!(found(storage, &attempt), Some(attempt.clone()));
        let locked = unit(storage, |unit| unit.proofs().lock_attempt(attempt.id));
        assert_eq!(locked, Some(attempt));
    }
}

pub fn an_attempt_of_nobody_and_without_an_address_reads_back(storage: &dyn Storage) {
    let (session, _) = stored_session(storage);
    let unknown = Attempt {
        kind: AttemptKind::SignIn,
        session_id: Some(session.id),
        user_id: None,
        email: None,
        required: Factors::default(),
        sealed: Some(Vec::new()),
        ..an_attempt(&a_user().build())
    };
    let attempt = stored(storage, unknown);
    assert_eq!(found(storage, &attempt), Some(attempt.clone()));
    let open = read(storage, |queries| queries.open_attempts(session.id, t0()));
    assert_eq!(open, slice::from_ref(&attempt));
    let state = Attempt { user_id: Some(ada(storage).id), ..attempt.clone() };
    assert!(save(storage, &state), "whose it is may turn out later");
    assert_eq!(found(storage, &attempt), Some(state));
}

pub fn an_attempt_of_an_account_that_is_gone_is_a_conflict(storage: &dyn Storage) {
    let attempt = an_attempt(&a_user().build());
    let refused = once(storage, |unit| unit.proofs().insert_attempt(&attempt));
    assert_eq!(refused, Err(StorageError::Conflict));
}

pub fn an_unknown_attempt_is_none(storage: &dyn Storage) {
    let user = ada(storage);
    stored(storage, an_attempt(&user));
    assert_eq!(found(storage, &an_attempt(&user)), None);
    let locked = unit(storage, |unit| unit.proofs().lock_attempt(fresh_id()));
    assert_eq!(locked, None);
}

pub fn an_attempt_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let user = ada(storage);
    let attempt = stored(storage, an_attempt(&user));
    let twin = Attempt { token_hash: None, ..attempt };
    let again = once(storage, |unit| unit.proofs().insert_attempt(&twin));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn an_attempt_is_found_by_its_temporary_token(storage: &dyn Storage) {
    let user = ada(storage);
    let token = a_token_hash();
    let attempt = Attempt { token_hash: Some(token), expires_at: t0_plus(-1), ..an_attempt(&user) };
    let attempt = stored(storage, attempt);
    stored(storage, an_attempt(&user));
    let by_token = |token| read(storage, |queries| queries.attempt_by_token(&token));
    assert_eq!(by_token(token), Some(attempt));
    assert_eq!(by_token(a_token_hash()), None);
}

pub fn saving_writes_how_far_an_attempt_got_and_nothing_else(storage: &dyn Storage) {
    let user = ada(storage);
    let other = a_user().stored_in(storage);
    let (session, _) = stored_session(storage);
    let attempt = stored(storage, an_attempt(&user));
    let next = Attempt {
        user_id: Some(other.id),
        credential_epoch: 5,
        required: Factors::of([Factor::Password, Factor::Email]),
        satisfied: Factors::of([Factor::Email]),
        sealed: Some(b"sealed".to_vec()),
        token_hash: Some(a_token_hash()),
        ..attempt.clone()
    };
    let meddled = Attempt {
        kind: AttemptKind::SignIn,
        session_id: Some(session.id),
        email: Some("other@example.com".to_owned()),
        phone_number: Some("+31687654321".to_owned()),
        method: Some(SignInMethod::EmailPassword),
        form: SignUpForm { name: Some("Mallory".to_owned()), ..SignUpForm::default() },
        created_at: t0_plus(-99),
        expires_at: t0_plus(99_999),
        ..next.clone()
    };
    assert!(save(storage, &meddled));
    assert_eq!(found(storage, &attempt), Some(next.clone()));

    let done = Attempt {
        user_id: None,
        satisfied: next.required.clone(),
        sealed: None,
        token_hash: None,
        sign_in_id: Some(stored_sign_in(storage, &user).id),
        completed_at: Some(t0_plus(8)),
        ..next
    };
    assert!(save(storage, &done));
    assert_eq!(found(storage, &attempt), Some(done));
}

pub fn a_completed_attempt_cannot_be_saved_again(storage: &dyn Storage) {
    let user = ada(storage);
    let done = Attempt { completed_at: Some(t0_plus(1)), ..an_attempt(&user) };
    let done = stored(storage, done);
    let again = Attempt { completed_at: Some(t0_plus(2)), ..done.satisfying(Factor::Email) };
    assert!(!save(storage, &again));
    assert_eq!(found(storage, &done), Some(done));
    assert!(!save(storage, &an_attempt(&user)), "nor one that is not there");
}

pub fn an_attempt_that_twenty_threads_complete_is_completed_by_one(storage: &dyn Storage) {
    let user = ada(storage);
    let attempt = stored(storage, an_attempt(&user));
    let answers = together(20, |number| {
        let seconds = i64::try_from(number).unwrap();
        let done = Attempt { completed_at: Some(t0_plus(seconds)), ..attempt.clone() };
        save(storage, &done)
    });
    assert_eq!(winners(&answers), 1);
    let winner = answers.iter().position(|&won| won).unwrap();
    let completed_at = found(storage, &attempt).unwrap().completed_at;
    assert_eq!(completed_at, Some(t0_plus(i64::try_from(winner).unwrap())));
}

pub fn open_attempts_of_a_session_come_oldest_first(storage: &dyn Storage) {
    let user = ada(storage);
    let (session, _) = stored_session(storage);
    let (other, _) = stored_session(storage);
    let made = |seconds| Attempt { session_id: Some(session.id), created_at: t0_plus(seconds), ..an_attempt(&user) };
    let completed = Attempt { completed_at: Some(t0()), ..made(-40) };
    let expired = Attempt { expires_at: t0(), ..made(-30) };
    let elsewhere = Attempt { session_id: Some(other.id), ..an_attempt(&user) };
    let (second, first) = (made(-10), made(-20));
    for attempt in [&second, &completed, &first, &expired, &elsewhere, &an_attempt(&user)] {
        stored(storage, attempt.clone());
    }
    let open = read(storage, |queries| queries.open_attempts(session.id, t0()));
    assert_eq!(open, [first, second]);
}

pub fn purging_removes_the_attempts_that_expired_before(storage: &dyn Storage) {
    let user = ada(storage);
    let expires = |seconds| Attempt { expires_at: t0_plus(seconds), ..an_attempt(&user) };
    let all = [-1, 0, 1].map(|seconds| stored(storage, expires(seconds)));
    let purged = unit(storage, |unit| unit.proofs().purge_attempts(t0(), 10));
    assert_eq!(purged, 1);
    let left = all.map(|attempt| found(storage, &attempt).is_some());
    assert_eq!(left, [false, true, true]);
}

pub fn attempts_are_purged_in_portions(storage: &dyn Storage) {
    let user = ada(storage);
    for _ in 0..3 {
        stored(storage, Attempt { expires_at: t0_plus(-1), ..an_attempt(&user) });
    }
    let purge = || unit(storage, |unit| unit.proofs().purge_attempts(t0(), 2));
    assert_eq!([purge(), purge(), purge()], [2, 1, 0]);
}
