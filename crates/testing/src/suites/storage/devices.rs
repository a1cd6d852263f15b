//! Remembered devices, and the origins of sign-ins.

use selfsame_domain::{Device, Instant, TokenHash, User};
use selfsame_ports::{Storage, StorageError};

use super::support::{once, read, unit};
use crate::{
    builders::{a_device, a_token_hash, a_user, t0, t0_plus},
    suites::threads::together,
};

fn stored(storage: &dyn Storage, device: Device) -> (Device, TokenHash) {
    let token = a_token_hash();
    unit(storage, |unit| unit.devices().insert(&device, &token));
    (device, token)
}

fn found(storage: &dyn Storage, user: &User, token: &TokenHash) -> Option<Device> {
    read(storage, |queries| queries.device(user.id, token))
}

fn offered(user: &User) -> Device {
    Device { activated_at: None, expires_at: t0_plus(300), ..a_device(user) }
}

fn activate(storage: &dyn Storage, user: &User, offer: &TokenHash, now: Instant) -> Option<(Device, TokenHash)> {
    let token = a_token_hash();
    let expires_at = t0() + chrono::Duration::days(30);
    let device = unit(storage, |unit| unit.devices().activate(user.id, offer, &token, now, expires_at));
    device.map(|device| (device, token))
}

pub fn a_device_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let full = Device { name: Some("Laptop \"é\"".to_owned()), last_used_at: t0_plus(1), ..a_device(&user) };
    let bare = Device { ip: None, user_agent: None, ..offered(&user) };
    for device in [full, bare] {
        let (device, token) = stored(storage, device);
        assert_eq!(found(storage, &user, &token), Some(device));
    }
    let (_, of_other) = stored(storage, a_device(&a_user().stored_in(storage)));
    for unknown in [a_token_hash(), of_other] {
        assert_eq!(found(storage, &user, &unknown), None);
    }
    unit(storage, |unit| unit.accounts().delete(user.id));
    assert_eq!(read(storage, |queries| queries.devices(user.id, 0, t0(), 10)), []);
}

pub fn the_use_of_a_device_is_noted_while_it_is_in_force(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let (device, token) = stored(storage, a_device(&ada));
    let (_, offer) = stored(storage, offered(&ada));
    let ip = Some("192.0.2.9".to_owned());
    let note = |user: &User, token: &TokenHash, epoch: i64, now| {
        unit(storage, |unit| unit.devices().note_use(user.id, token, epoch, ip.clone(), now))
    };
    let epoch = device.credential_epoch;
    assert!(!note(&grace, &token, epoch, t0_plus(9)));
    assert!(!note(&ada, &offer, epoch, t0_plus(9)));
    assert!(!note(&ada, &token, epoch + 1, t0_plus(9)));
    assert!(!note(&ada, &token, epoch, device.expires_at));
    assert_eq!(found(storage, &ada, &token), Some(device.clone()));
    assert!(note(&ada, &token, epoch, t0_plus(9)));
    assert_eq!(found(storage, &ada, &token), Some(Device { ip: ip.clone(), last_used_at: t0_plus(9), ..device }));
}

pub fn a_device_token_or_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (device, token) = stored(storage, a_device(&user));
    for (device, token) in
        [(device, a_token_hash()), (a_device(&user), token), (a_device(&a_user().build()), a_token_hash())]
    {
        let refused = once(storage, |unit| unit.devices().insert(&device, &token));
        assert_eq!(refused, Err(StorageError::Conflict));
    }
}

pub fn an_offered_device_is_brought_into_force_once_under_another_token(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (offer, offer_token) = stored(storage, offered(&user));
    let (device, token) = activate(storage, &user, &offer_token, t0_plus(299)).expect("the offer is accepted");
    let expires_at = t0() + chrono::Duration::days(30);
    assert_eq!(device, Device { activated_at: Some(t0_plus(299)), expires_at, ..offer });
    assert_eq!((found(storage, &user, &token), found(storage, &user, &offer_token)), (Some(device), None));
    assert_eq!(activate(storage, &user, &offer_token, t0_plus(299)), None);
    assert_eq!(activate(storage, &user, &token, t0_plus(299)), None, "it is in force already");
}

pub fn an_offer_that_twenty_threads_accept_is_accepted_once(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (_, offer) = stored(storage, offered(&user));
    let accepted = together(20, |_| activate(storage, &user, &offer, t0()));
    assert_eq!(accepted.into_iter().flatten().count(), 1);
}

pub fn an_offer_of_another_account_or_past_its_time_is_not_accepted(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let (_, offer) = stored(storage, offered(&ada));
    assert_eq!(activate(storage, &grace, &offer, t0()), None);
    assert_eq!(activate(storage, &ada, &offer, t0_plus(300)), None);
}

pub fn the_devices_in_force_are_listed_by_their_last_use(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let used_at = |seconds| Device { last_used_at: t0_plus(seconds), ..a_device(&ada) };
    let [early, late] = [1, 2].map(|seconds| stored(storage, used_at(seconds)).0);
    stored(storage, offered(&ada));
    stored(storage, Device { expires_at: t0(), ..used_at(3) });
    stored(storage, Device { credential_epoch: 7, ..used_at(4) });
    stored(storage, a_device(&grace));
    let listed = |limit| read(storage, |queries| queries.devices(ada.id, ada.credential_epoch, t0(), limit));
    assert_eq!(listed(10), [late.clone(), early]);
    assert_eq!(listed(1), [late]);
}

pub fn r62_a_device_is_removed_by_its_own_account_only(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let (of_ada, token) = stored(storage, a_device(&ada));
    let (_, of_grace) = stored(storage, a_device(&grace));
    assert!(!unit(storage, |unit| unit.devices().remove(grace.id, of_ada.id)));
    assert!(found(storage, &ada, &token).is_some());
    assert!(unit(storage, |unit| unit.devices().remove(ada.id, of_ada.id)));
    assert_eq!(found(storage, &ada, &token), None);
    let others = [(); 2].map(|()| stored(storage, a_device(&ada)).1);
    assert_eq!(unit(storage, |unit| unit.devices().remove_all(ada.id)), 2);
    assert!(
        others.iter().all(|token| found(storage, &ada, token).is_none()) && found(storage, &grace, &of_grace).is_some()
    );
}

pub fn devices_are_purged_in_portions(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    for _ in 0..3 {
        stored(storage, Device { expires_at: t0_plus(-1), ..a_device(&user) });
    }
    let (_, kept) = stored(storage, Device { expires_at: t0(), ..a_device(&user) });
    let purge = || unit(storage, |unit| unit.devices().purge(t0(), 2));
    assert_eq!([purge(), purge(), purge()], [2, 1, 0]);
    assert!(found(storage, &user, &kept).is_some());
}

pub fn an_origin_is_new_once_for_each_account(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let note = |user: &User, origin: u8| unit(storage, |unit| unit.devices().note_origin(user.id, &[origin; 32], t0()));
    assert_eq!([note(&ada, 1), note(&ada, 1), note(&ada, 2), note(&grace, 1)], [false, true, false, false]);
    unit(storage, |unit| unit.accounts().delete(ada.id));
}

pub fn origins_are_purged_by_age_and_in_portions(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let note = |origin: u8, now| unit(storage, |unit| unit.devices().note_origin(user.id, &[origin; 32], now));
    for origin in 1..=3 {
        assert!(!note(origin, t0_plus(-9)));
    }
    assert!(!note(4, t0()) && note(3, t0_plus(1)), "the use of a known one is noted");
    let purge = || unit(storage, |unit| unit.devices().purge_origins(t0(), 1));
    assert_eq!([purge(), purge(), purge()], [1, 1, 0]);
    assert!(note(3, t0()) && note(4, t0()) && !note(1, t0()));
}
