//! Refresh chains: each link is used once, and no chain outlives its sign-in (R47).

use selfsame_domain::{RefreshChain, SignIn, SignInId, UserId};
use selfsame_ports::Storage;

use super::{
    sign_ins::{found, stored},
    support::unit,
};
use crate::{
    builders::{a_refresh_chain, a_sign_in, a_token_hash, a_user, fresh_id, t0_plus},
    suites::threads::{together, winners},
};

/// A sign-in with a chain in its third generation.
fn sign_in(storage: &dyn Storage) -> (SignIn, RefreshChain) {
    let chain = RefreshChain { generation: 2, ..a_refresh_chain() };
    let sign_in = SignIn { refresh: Some(chain.clone()), ..a_sign_in(&a_user().stored_in(storage)) };
    (stored(storage, sign_in), chain)
}

fn rotate(storage: &dyn Storage, user: UserId, id: SignInId, chain: &RefreshChain, seconds: i64) -> bool {
    unit(storage, |unit| unit.sessions().rotate_refresh(user, id, chain, t0_plus(seconds)))
}

fn start(storage: &dyn Storage, sign_in: &SignIn, chain: &RefreshChain) {
    unit(storage, |unit| unit.sessions().start_refresh(sign_in.user_id, sign_in.id, chain));
}

pub fn a_refresh_chain_reads_back_as_it_was_started(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let [sign_in, other] = [(); 2].map(|()| stored(storage, a_sign_in(&user)));
    let chain = RefreshChain { generation: 7, rotated_at: t0_plus(3), ..a_refresh_chain() };
    start(storage, &sign_in, &chain);
    let expected = SignIn { refresh: Some(chain), ..sign_in };
    assert_eq!(found(storage, &expected), Some(expected));
    assert_eq!(found(storage, &other), Some(other));
}

pub fn r47_a_refresh_chain_rotates_once_in_each_generation(storage: &dyn Storage) {
    let (sign_in, chain) = sign_in(storage);
    let (bystander, of_bystander) = self::sign_in(storage);
    let rotate = |chain: &RefreshChain, seconds| rotate(storage, sign_in.user_id, sign_in.id, chain, seconds);
    let after = |generation, seconds| SignIn {
        refresh: Some(RefreshChain { hash: chain.hash, generation, rotated_at: t0_plus(seconds) }),
        last_active_at: t0_plus(seconds),
        ..sign_in.clone()
    };
    assert!(rotate(&chain, 5));
    assert_eq!(found(storage, &sign_in), Some(after(3, 5)));
    assert!(!rotate(&chain, 6));
    assert_eq!(found(storage, &sign_in), Some(after(3, 5)), "a refusal writes nothing");
    assert!(rotate(&RefreshChain { generation: 3, ..chain.clone() }, 7), "when it was handed out does not matter");
    assert_eq!(found(storage, &sign_in), Some(after(4, 7)));
    assert_eq!(found(storage, &bystander), Some(SignIn { refresh: Some(of_bystander), ..bystander }));
}

pub fn r47_a_refresh_chain_rotates_for_nobody_else(storage: &dyn Storage) {
    let (sign_in, chain) = sign_in(storage);
    let (other, _) = self::sign_in(storage);
    let without = stored(storage, a_sign_in(&a_user().stored_in(storage)));
    let with = |generation| RefreshChain { generation, ..chain.clone() };
    let own = |chain: &RefreshChain| rotate(storage, sign_in.user_id, sign_in.id, chain, 5);
    assert!(!own(&RefreshChain { hash: a_token_hash(), ..chain.clone() }), "another hash");
    assert!(!own(&with(1)), "an earlier generation");
    assert!(!own(&with(3)), "a later generation");
    assert!(!rotate(storage, other.user_id, sign_in.id, &chain, 5), "another account");
    assert!(!rotate(storage, sign_in.user_id, other.id, &chain, 5), "another sign-in");
    assert!(!rotate(storage, sign_in.user_id, fresh_id(), &chain, 5), "an unknown sign-in");
    assert!(!rotate(storage, without.user_id, without.id, &chain, 5), "a sign-in without a chain");
    for untouched in [sign_in, other, without] {
        assert_eq!(found(storage, &untouched), Some(untouched));
    }
}

pub fn r47_a_refresh_chain_that_twenty_threads_rotate_is_rotated_by_one(storage: &dyn Storage) {
    let (sign_in, chain) = sign_in(storage);
    let answers = together(20, |_| rotate(storage, sign_in.user_id, sign_in.id, &chain, 5));
    assert_eq!(winners(&answers), 1);
    let generation = found(storage, &sign_in).and_then(|found| found.refresh).map(|chain| chain.generation);
    assert_eq!(generation, Some(3));
}

pub fn r47_no_refresh_chain_rotates_after_its_sign_in_has_ended(storage: &dyn Storage) {
    let [(one, its_chain), (all, their_chain)] = [(); 2].map(|()| sign_in(storage));
    unit(storage, |unit| {
        unit.sessions().end_sign_in(one.user_id, one.id, t0_plus(1))?;
        unit.sessions().end_sign_ins_of(all.user_id, None, t0_plus(1))
    });
    for (sign_in, chain) in [(one, its_chain), (all, their_chain)] {
        assert!(!rotate(storage, sign_in.user_id, sign_in.id, &chain, 5));
        let judged_by = found(storage, &sign_in).expect("a token that comes again is recognised");
        assert_eq!((judged_by.ended_at, judged_by.refresh), (Some(t0_plus(1)), Some(chain)));
    }
}

pub fn r21_a_new_refresh_chain_voids_the_earlier_one(storage: &dyn Storage) {
    let (sign_in, old) = sign_in(storage);
    let new = RefreshChain { generation: old.generation, ..a_refresh_chain() };
    start(storage, &sign_in, &new);
    assert!(!rotate(storage, sign_in.user_id, sign_in.id, &old, 5));
    assert!(rotate(storage, sign_in.user_id, sign_in.id, &new, 5));
}

pub fn a_refresh_chain_is_started_for_its_own_account_only(storage: &dyn Storage) {
    let (sign_in, chain) = sign_in(storage);
    let (other, _) = self::sign_in(storage);
    unit(storage, |unit| unit.sessions().start_refresh(other.user_id, sign_in.id, &a_refresh_chain()));
    assert_eq!(found(storage, &sign_in), Some(SignIn { refresh: Some(chain), ..sign_in }));
}

pub fn a_refresh_chain_goes_when_its_sign_in_is_purged(storage: &dyn Storage) {
    let (sign_in, chain) = sign_in(storage);
    unit(storage, |unit| {
        unit.sessions().end_sign_in(sign_in.user_id, sign_in.id, t0_plus(1))?;
        unit.sessions().purge(t0_plus(2), 10)
    });
    assert_eq!(found(storage, &sign_in), None);
    assert!(!rotate(storage, sign_in.user_id, sign_in.id, &chain, 5));
}
