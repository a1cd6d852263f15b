//! Refresh tokens: each is used once, and none outlives its sign-in (R47).

use selfsame_domain::{RefreshToken, SignIn};
use selfsame_ports::{Storage, StorageError};

use super::{
    sign_ins::stored_sign_in,
    support::{once, unit},
};
use crate::{
    builders::{a_refresh_token, a_token_hash, a_user, fresh_id, t0, t0_plus},
    suites::threads::{together, winners},
};

fn sign_in(storage: &dyn Storage) -> SignIn {
    stored_sign_in(storage, &a_user().stored_in(storage))
}

fn stored(storage: &dyn Storage, sign_in: &SignIn) -> RefreshToken {
    let token = a_refresh_token(sign_in);
    unit(storage, |unit| unit.refresh_tokens().insert(&token));
    token
}

fn found(storage: &dyn Storage, token: &RefreshToken) -> Option<RefreshToken> {
    unit(storage, |unit| unit.refresh_tokens().find(&token.token_hash))
}

fn rotate(storage: &dyn Storage, token: &RefreshToken) -> bool {
    unit(storage, |unit| unit.refresh_tokens().rotate(token.id, t0_plus(5)))
}

pub fn a_refresh_token_is_found_by_its_hash(storage: &dyn Storage) {
    let sign_in = sign_in(storage);
    let [token, _] = [(); 2].map(|()| stored(storage, &sign_in));
    assert_eq!(found(storage, &token), Some(token));
    let unknown = unit(storage, |unit| unit.refresh_tokens().find(&a_token_hash()));
    assert_eq!(unknown, None);
}

pub fn a_refresh_token_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let token = stored(storage, &sign_in(storage));
    let twin = RefreshToken { token_hash: a_token_hash(), ..token };
    let again = once(storage, |unit| unit.refresh_tokens().insert(&twin));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn r47_a_refresh_token_rotates_once_and_is_still_known(storage: &dyn Storage) {
    let sign_in = sign_in(storage);
    let [token, other] = [(); 2].map(|()| stored(storage, &sign_in));
    assert!(rotate(storage, &token));
    assert!(!rotate(storage, &token));
    let rotated = RefreshToken { rotated_at: Some(t0_plus(5)), ..token.clone() };
    assert_eq!(found(storage, &token), Some(rotated));
    assert_eq!(found(storage, &other), Some(other));
}

pub fn a_refresh_token_that_does_not_exist_cannot_rotate(storage: &dyn Storage) {
    stored(storage, &sign_in(storage));
    let rotated = unit(storage, |unit| unit.refresh_tokens().rotate(fresh_id(), t0()));
    assert!(!rotated);
}

pub fn r47_a_refresh_token_that_twenty_threads_rotate_is_rotated_by_one(storage: &dyn Storage) {
    let sign_in = sign_in(storage);
    let token = stored(storage, &sign_in);
    let answers = together(20, |_| {
        let successor = a_refresh_token(&sign_in);
        unit(storage, |unit| {
            let won = unit.refresh_tokens().rotate(token.id, t0_plus(5))?;
            if won {
                unit.refresh_tokens().insert(&successor)?;
            }
            Ok(won)
        })
    });
    assert_eq!(winners(&answers), 1);
}

pub fn refresh_tokens_go_when_their_sign_in_is_purged(storage: &dyn Storage) {
    let sign_in = sign_in(storage);
    let token = stored(storage, &sign_in);
    unit(storage, |unit| {
        unit.sessions().end_sign_in(sign_in.id, t0_plus(1))?;
        unit.sessions().purge(t0_plus(2), 10)
    });
    assert_eq!(found(storage, &token), None);
}

pub fn r47_a_refresh_token_is_known_after_its_sign_in_has_ended(storage: &dyn Storage) {
    let sign_in = sign_in(storage);
    let token = stored(storage, &sign_in);
    unit(storage, |unit| unit.sessions().end_sign_in(sign_in.id, t0_plus(1)));
    let found = found(storage, &token).expect("one that comes again is recognised");
    assert_eq!(found, token);
    let judged_by = unit(storage, |unit| unit.sessions().lock_sign_in(found.sign_in_id));
    assert_eq!(judged_by.and_then(|sign_in| sign_in.ended_at), Some(t0_plus(1)));
}
