//! Second factors: each code is good once, and nothing of an unconfirmed app has an effect (R28-R30).

use selfsame_domain::{PendingTotp, Totp, User, UserId};
use selfsame_ports::{Storage, StorageError};

use super::support::{once, read, unit};
use crate::{
    builders::{a_pending_totp, a_user, t0_plus},
    suites::threads::{together, winners},
};

fn ada(storage: &dyn Storage) -> User {
    a_user().stored_in(storage)
}

fn totp(storage: &dyn Storage, user: UserId) -> Option<Totp> {
    read(storage, |queries| queries.totp(user))
}

fn pending(storage: &dyn Storage, user: UserId) -> Option<PendingTotp> {
    read(storage, |queries| queries.pending_totp(user))
}

fn begun(storage: &dyn Storage, user: &User) -> PendingTotp {
    let pending = a_pending_totp(user);
    unit(storage, |unit| unit.second_factors().begin_totp(&pending));
    pending
}

/// Locks the account first, as a use case does.
fn confirm(storage: &dyn Storage, pending: &PendingTotp, step: i64) -> bool {
    unit(storage, |unit| {
        unit.accounts().lock(pending.user_id)?;
        unit.second_factors().confirm_totp(pending, step, t0_plus(9))
    })
}

fn enrolled(storage: &dyn Storage, user: &User) -> PendingTotp {
    let pending = begun(storage, user);
    assert!(confirm(storage, &pending, 7));
    pending
}

fn use_totp(storage: &dyn Storage, user: UserId, step: i64, sealed: &[u8]) -> bool {
    unit(storage, |unit| unit.second_factors().use_totp(user, step, sealed))
}

fn use_code(storage: &dyn Storage, user: UserId, mac: [u8; 32]) -> bool {
    unit(storage, |unit| unit.second_factors().use_backup_code(user, &mac, t0_plus(9)))
}

pub fn r28_a_pending_authenticator_app_replaces_the_earlier_one_and_has_no_effect(storage: &dyn Storage) {
    let user = ada(storage);
    let first = begun(storage, &user);
    let second = begun(storage, &user);
    assert_eq!(pending(storage, user.id), Some(second));
    assert_eq!(totp(storage, user.id), None);
    assert!(!confirm(storage, &first, 7));
}

pub fn r28_an_authenticator_app_is_confirmed_once_and_replaces_the_earlier_one(storage: &dyn Storage) {
    let user = ada(storage);
    for step in [7, 5] {
        let pending = begun(storage, &user);
        assert!(confirm(storage, &pending, step));
        assert!(!confirm(storage, &pending, step));
        let expected =
            Totp { user_id: user.id, sealed: pending.sealed.clone(), last_step: step, created_at: t0_plus(9) };
        assert_eq!(totp(storage, user.id), Some(expected));
    }
    assert_eq!(pending(storage, user.id), None);
}

pub fn r28_an_authenticator_app_that_twenty_threads_confirm_is_confirmed_by_one(storage: &dyn Storage) {
    let pending = begun(storage, &ada(storage));
    let confirmed = together(20, |_| confirm(storage, &pending, 7));
    assert_eq!(winners(&confirmed), 1);
}

pub fn r29_the_step_of_an_accepted_code_only_grows(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let [of_ada, of_grace] = [&ada, &grace].map(|user| enrolled(storage, user));
    let steps = [7, 8, 8, 6, 9].map(|step| use_totp(storage, ada.id, step, b"sealed again"));
    assert_eq!(steps, [false, true, false, false, true]);
    let stored = totp(storage, ada.id).unwrap();
    assert_eq!((stored.last_step, stored.sealed), (9, b"sealed again".to_vec()));
    let other = totp(storage, grace.id).unwrap();
    assert_eq!((other.last_step, other.sealed), (7, of_grace.sealed));
    assert!(!use_totp(storage, a_user().build().id, 8, &of_ada.sealed));
}

pub fn r29_a_code_that_twenty_threads_use_is_accepted_once(storage: &dyn Storage) {
    let user = ada(storage);
    let pending = enrolled(storage, &user);
    let accepted = together(20, |_| use_totp(storage, user.id, 8, &pending.sealed));
    assert_eq!(winners(&accepted), 1);
}

pub fn a_secret_is_sealed_again_unless_it_has_changed(storage: &dyn Storage) {
    let user = ada(storage);
    let before = enrolled(storage, &user).sealed;
    let reseal = || unit(storage, |unit| unit.second_factors().reseal_totp(user.id, &before, b"again"));
    assert_eq!([reseal(), reseal()], [true, false]);
    assert_eq!(totp(storage, user.id).unwrap().sealed, b"again");
}

pub fn an_authenticator_app_of_an_account_that_is_gone_is_a_conflict(storage: &dyn Storage) {
    let gone = a_user().build();
    let refused = once(storage, |unit| unit.second_factors().begin_totp(&a_pending_totp(&gone)));
    assert_eq!(refused, Err(StorageError::Conflict));
    let refused = once(storage, |unit| unit.second_factors().set_backup_codes(gone.id, &[[7; 32]]));
    assert_eq!(refused, Err(StorageError::Conflict));
}

pub fn removing_an_authenticator_app_removes_the_pending_one_too(storage: &dyn Storage) {
    let user = ada(storage);
    enrolled(storage, &user);
    begun(storage, &user);
    unit(storage, |unit| unit.second_factors().remove_totp(user.id));
    assert_eq!((totp(storage, user.id), pending(storage, user.id)), (None, None));
}

pub fn authenticator_apps_are_listed_page_by_page(storage: &dyn Storage) {
    let mut users: Vec<UserId> = (0..3)
        .map(|_| {
            let user = ada(storage);
            enrolled(storage, &user);
            user.id
        })
        .collect();
    users.sort_unstable();
    let page = |after| -> Vec<UserId> {
        let totps = read(storage, |queries| queries.list_totps(after, 2));
        totps.into_iter().map(|totp| totp.user_id).collect()
    };
    assert_eq!(
        (page(None), page(Some(users[1])), page(Some(users[2]))),
        (users[..2].to_vec(), users[2..].to_vec(), vec![])
    );
}

pub fn purging_removes_the_pending_apps_that_began_before(storage: &dyn Storage) {
    let (old, young) = (ada(storage), ada(storage));
    begun(storage, &old);
    let later = PendingTotp { created_at: t0_plus(60), ..a_pending_totp(&young) };
    unit(storage, |unit| unit.second_factors().begin_totp(&later));
    let purge = || unit(storage, |unit| unit.second_factors().purge_pending_totps(t0_plus(60), 10));
    assert_eq!([purge(), purge()], [1, 0]);
    assert_eq!((pending(storage, old.id), pending(storage, young.id)), (None, Some(later)));
}

pub fn r30_a_backup_code_is_used_once_and_by_its_account(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    unit(storage, |unit| unit.second_factors().set_backup_codes(ada.id, &[[7; 32], [8; 32]]));
    unit(storage, |unit| unit.second_factors().set_backup_codes(grace.id, &[[7; 32]]));
    assert_eq!([use_code(storage, ada.id, [7; 32]), use_code(storage, ada.id, [7; 32])], [true, false]);
    assert_eq!([use_code(storage, grace.id, [8; 32]), use_code(storage, grace.id, [7; 32])], [false, true]);
    assert!(use_code(storage, ada.id, [8; 32]));
}

pub fn r30_a_backup_code_that_twenty_threads_use_is_accepted_once(storage: &dyn Storage) {
    let user = ada(storage);
    unit(storage, |unit| unit.second_factors().set_backup_codes(user.id, &[[7; 32]]));
    let accepted = together(20, |_| use_code(storage, user.id, [7; 32]));
    assert_eq!(winners(&accepted), 1);
}

pub fn r30_a_new_set_of_backup_codes_voids_the_old_one(storage: &dyn Storage) {
    let user = ada(storage);
    let set = |macs: &[[u8; 32]]| unit(storage, |unit| unit.second_factors().set_backup_codes(user.id, macs));
    set(&[[7; 32], [8; 32]]);
    set(&[[8; 32], [9; 32]]);
    assert_eq!([7, 8].map(|byte| use_code(storage, user.id, [byte; 32])), [false, true]);
    set(&[]);
    assert!(!use_code(storage, user.id, [9; 32]));
}

pub fn r30_a_used_backup_code_is_noted_until_it_is_purged(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    for user in [ada.id, grace.id] {
        unit(storage, |unit| unit.second_factors().set_backup_codes(user, &[[7; 32], [8; 32]]));
    }
    let left = || unit(storage, |unit| unit.second_factors().backup_codes(ada.id));
    let used = |user| unit(storage, |unit| unit.second_factors().used_backup_codes(user));
    assert_eq!((left(), used(ada.id)), (vec![[7; 32], [8; 32]], vec![]));
    assert!(use_code(storage, ada.id, [7; 32]));
    assert!(!use_code(storage, ada.id, [9; 32]));
    unit(storage, |unit| unit.second_factors().set_backup_codes(ada.id, &[]));
    assert_eq!((left(), used(ada.id), used(grace.id)), (vec![], vec![[7; 32]], vec![]));
    let purge = |before| unit(storage, |unit| unit.second_factors().purge_used_backup_codes(t0_plus(before), 10));
    assert_eq!((purge(9), purge(10), purge(10)), (0, 1, 0));
    assert_eq!(used(ada.id), <[[u8; 32]; 0]>::default());
}

pub fn an_authenticator_app_is_restored_in_place_of_another(storage: &dyn Storage) {
    let user = ada(storage);
    let app = Totp { user_id: user.id, sealed: b"earlier".to_vec(), last_step: 3, created_at: t0_plus(1) };
    let restore = || unit(storage, |unit| unit.second_factors().restore_totp(&app));
    restore();
    assert_eq!(totp(storage, user.id), Some(app.clone()));
    enrolled(storage, &user);
    begun(storage, &user);
    restore();
    assert_eq!((totp(storage, user.id), pending(storage, user.id)), (Some(app.clone()), None));
    assert_eq!(unit(storage, |unit| unit.second_factors().totp(user.id)), Some(app));
    let gone = Totp { user_id: a_user().build().id, sealed: Vec::new(), last_step: 0, created_at: t0_plus(1) };
    let refused = once(storage, |unit| unit.second_factors().restore_totp(&gone));
    assert_eq!(refused, Err(StorageError::Conflict));
}

pub fn second_factors_go_with_their_account(storage: &dyn Storage) {
    let user = ada(storage);
    enrolled(storage, &user);
    begun(storage, &user);
    unit(storage, |unit| unit.second_factors().set_backup_codes(user.id, &[[7; 32]]));
    unit(storage, |unit| unit.accounts().delete(user.id));
    assert_eq!((totp(storage, user.id), pending(storage, user.id)), (None, None));
    assert!(!use_code(storage, user.id, [7; 32]));
}
