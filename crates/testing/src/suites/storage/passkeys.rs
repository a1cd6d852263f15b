//! Passkeys: one credential id over all accounts, and a counter that only grows (R36, R37).

use selfsame_domain::{Passkey, User};
use selfsame_ports::{Storage, StorageError, Unique};

use super::support::{once, read, retried, unit};
use crate::{
    builders::{a_passkey, a_user, t0_plus},
    suites::threads::together,
};

fn ada(storage: &dyn Storage) -> User {
    a_user().stored_in(storage)
}

fn stored(storage: &dyn Storage, passkey: Passkey) -> Passkey {
    unit(storage, |unit| unit.passkeys().insert(&passkey));
    passkey
}

fn passkeys_of(storage: &dyn Storage, user: &User) -> Vec<Passkey> {
    read(storage, |queries| queries.passkeys(user.id))
}

fn count(storage: &dyn Storage, user: &User) -> i64 {
    unit(storage, |unit| unit.passkeys().count(user.id))
}

fn record_use(storage: &dyn Storage, passkey: &Passkey, sign_count: u32) -> bool {
    unit(storage, |unit| unit.passkeys().record_use(passkey.user_id, passkey.id, sign_count, true, t0_plus(7)))
}

pub fn a_passkey_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let user = ada(storage);
    let used = Passkey {
        sign_count: u32::MAX,
        is_backup_eligible: false,
        is_backed_up: true,
        last_used_at: Some(t0_plus(3)),
        use_count: 12,
        transports: Vec::new(),
        ..a_passkey(&user)
    };
    for passkey in [used, a_passkey(&user)] {
        let passkey = stored(storage, passkey);
        assert_eq!(read(storage, |queries| queries.passkey(&passkey.credential_id)), Some(passkey));
    }
    let unknown = a_passkey(&user);
    assert_eq!(read(storage, |queries| queries.passkey(&unknown.credential_id)), None);
}

pub fn passkeys_of_an_account_come_oldest_first(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let later = stored(storage, Passkey { created_at: t0_plus(9), ..a_passkey(&ada) });
    let earlier = stored(storage, a_passkey(&ada));
    let other = stored(storage, a_passkey(&grace));
    assert_eq!(passkeys_of(storage, &ada), [earlier.clone(), later.clone()]);
    assert_eq!(unit(storage, |unit| unit.passkeys().list(ada.id)), [earlier, later]);
    assert_eq!(passkeys_of(storage, &grace), [other]);
    assert_eq!([count(storage, &ada), count(storage, &grace)], [2, 1]);
}

pub fn the_account_that_has_registered_a_credential_is_found(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let (of_ada, of_nobody) = (stored(storage, a_passkey(&ada)), a_passkey(&grace));
    let owner = |passkey: &Passkey| unit(storage, |unit| unit.passkeys().owner(&passkey.credential_id));
    assert_eq!((owner(&of_ada), owner(&of_nobody)), (Some(ada.id), None));
}

pub fn a_passkey_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let user = ada(storage);
    let first = stored(storage, a_passkey(&user));
    let again = Passkey { id: first.id, ..a_passkey(&user) };
    assert_eq!(once(storage, |unit| unit.passkeys().insert(&again)), Err(StorageError::Conflict));
}

pub fn a_passkey_of_an_account_that_is_gone_is_a_conflict(storage: &dyn Storage) {
    let passkey = a_passkey(&a_user().build());
    assert_eq!(once(storage, |unit| unit.passkeys().insert(&passkey)), Err(StorageError::Conflict));
}

pub fn r37_a_credential_id_belongs_to_one_account(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let first = stored(storage, a_passkey(&ada));
    for user in [&ada, &grace] {
        let again = Passkey { credential_id: first.credential_id.clone(), ..a_passkey(user) };
        let refused = once(storage, |unit| unit.passkeys().insert(&again));
        assert_eq!(refused, Err(StorageError::Taken(Unique::Passkey)));
    }
    assert!(unit(storage, |unit| unit.passkeys().remove(ada.id, first.id)));
    let again = Passkey { credential_id: first.credential_id, ..a_passkey(&grace) };
    assert_eq!(once(storage, |unit| unit.passkeys().insert(&again)), Ok(()), "it is free once it was removed");
}

pub fn r37_a_credential_id_that_twenty_accounts_register_goes_to_one(storage: &dyn Storage) {
    let users: Vec<User> = (0..20).map(|_| a_user().stored_in(storage)).collect();
    let credential_id = a_passkey(&users[0]).credential_id;
    let answers = together(20, |thread| {
        let passkey = Passkey { credential_id: credential_id.clone(), ..a_passkey(&users[thread]) };
        retried(storage, |unit| unit.passkeys().insert(&passkey))
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(StorageError::Taken(Unique::Passkey)))));
}

pub fn r37_a_passkey_is_changed_and_removed_for_its_own_account_only(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let passkey = stored(storage, a_passkey(&ada));
    let (rename, remove) = unit(storage, |unit| {
        let renamed = unit.passkeys().rename(grace.id, passkey.id, "mine")?;
        Ok((renamed, unit.passkeys().remove(grace.id, passkey.id)?))
    });
    assert!(!rename && !remove);
    assert!(!unit(storage, |unit| unit.passkeys().record_use(grace.id, passkey.id, 9, true, t0_plus(7))));
    assert_eq!(passkeys_of(storage, &ada), std::slice::from_ref(&passkey));

    assert!(unit(storage, |unit| unit.passkeys().rename(ada.id, passkey.id, "Work")));
    assert_eq!(passkeys_of(storage, &ada), [Passkey { name: "Work".to_owned(), ..passkey.clone() }]);
    let removed = [(); 2].map(|()| unit(storage, |unit| unit.passkeys().remove(ada.id, passkey.id)));
    assert_eq!(removed, [true, false]);
    assert_eq!(count(storage, &ada), 0);
}

pub fn all_passkeys_of_an_account_are_removed_and_no_others(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let of_grace = stored(storage, a_passkey(&grace));
    for _ in 0..2 {
        stored(storage, a_passkey(&ada));
    }
    let removed = [(); 2].map(|()| unit(storage, |unit| unit.passkeys().remove_all(ada.id)));
    assert_eq!((removed, count(storage, &ada)), ([2, 0], 0));
    assert_eq!(passkeys_of(storage, &grace), [of_grace]);
}

pub fn a_use_writes_counter_backup_state_and_instant(storage: &dyn Storage) {
    let user = ada(storage);
    let passkey = stored(storage, a_passkey(&user));
    assert!(record_use(storage, &passkey, 5));
    let used = Passkey { sign_count: 5, is_backed_up: true, last_used_at: Some(t0_plus(7)), use_count: 1, ..passkey };
    assert_eq!(passkeys_of(storage, &user), [used]);
}

pub fn r36_a_counter_that_does_not_grow_is_refused_unless_there_is_none(storage: &dyn Storage) {
    let user = ada(storage);
    let counting = stored(storage, a_passkey(&user));
    assert_eq!(
        [0, 0, 3, 3, 2, 0, 4].map(|count| record_use(storage, &counting, count)),
        [true, true, true, false, false, false, true]
    );
}

pub fn r36_a_counter_that_twenty_threads_report_is_taken_once(storage: &dyn Storage) {
    let user = ada(storage);
    let passkey = stored(storage, Passkey { sign_count: 3, ..a_passkey(&user) });
    let answers = together(20, |_| record_use(storage, &passkey, 4));
    assert_eq!(answers.into_iter().filter(|taken| *taken).count(), 1);
}

pub fn a_passkey_goes_with_its_account(storage: &dyn Storage) {
    let user = ada(storage);
    let passkey = stored(storage, a_passkey(&user));
    unit(storage, |unit| unit.accounts().delete(user.id));
    assert_eq!(read(storage, |queries| queries.passkey(&passkey.credential_id)), None);
}
