//! Idempotency keys: one request has a key, and only its changes are committed (R69).

use selfsame_domain::{IdempotencyClaim, IdempotencyKey};
use selfsame_ports::{Storage, StorageError};

use super::support::{once, unit};
use crate::{
    builders::{an_idempotency_key, t0, t0_plus},
    suites::threads::together,
};

fn stored(storage: &dyn Storage, key: IdempotencyKey) -> IdempotencyKey {
    unit(storage, |unit| unit.idempotency_keys().insert(&key));
    key
}

fn found(storage: &dyn Storage, key: &IdempotencyKey) -> Option<IdempotencyKey> {
    unit(storage, |unit| unit.idempotency_keys().lock(&key.hash))
}

pub fn r69_a_key_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let bare = stored(storage, an_idempotency_key());
    let response = Some((0..=255).collect());
    let full = stored(storage, IdempotencyKey { applied_at: Some(t0_plus(1)), response, ..an_idempotency_key() });
    for key in [bare, full] {
        assert_eq!(found(storage, &key), Some(key));
    }
    assert_eq!(found(storage, &an_idempotency_key()), None);
}

pub fn r69_a_key_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let key = stored(storage, an_idempotency_key());
    let other = IdempotencyKey { hash: key.hash, ..an_idempotency_key() };
    assert_eq!(once(storage, |unit| unit.idempotency_keys().insert(&other)), Err(StorageError::Conflict));
    assert_eq!(found(storage, &key), Some(key));
}

pub fn r69_only_the_request_that_has_the_key_changes_its_row(storage: &dyn Storage) {
    let key = stored(storage, an_idempotency_key());
    let other = IdempotencyClaim { claim: an_idempotency_key().claim, ..key.claimed() };
    let changed = |claim: IdempotencyClaim| {
        unit(storage, |unit| {
            let is_marked = unit.idempotency_keys().mark_applied(&claim, t0_plus(1))?;
            let is_kept = unit.idempotency_keys().keep_response(&claim, b"sealed")?;
            Ok((is_marked, is_kept))
        })
    };
    assert_eq!(changed(other), (false, false));
    assert!(!unit(storage, |unit| unit.idempotency_keys().remove(&other)));
    assert_eq!(found(storage, &key), Some(key.clone()));
    assert_eq!(changed(key.claimed()), (true, true));
    let applied = IdempotencyKey { applied_at: Some(t0_plus(1)), response: Some(b"sealed".to_vec()), ..key.clone() };
    assert_eq!(found(storage, &key), Some(applied));
    assert!(unit(storage, |unit| unit.idempotency_keys().remove(&key.claimed())));
    assert_eq!(found(storage, &key), None);
    assert_eq!(changed(key.claimed()), (false, false));
}

pub fn r69_a_key_that_was_taken_over_belongs_to_the_later_request(storage: &dyn Storage) {
    let first = stored(storage, an_idempotency_key());
    let later = IdempotencyKey { hash: first.hash, ..an_idempotency_key() };
    unit(storage, |unit| {
        assert!(unit.idempotency_keys().remove(&first.claimed())?);
        unit.idempotency_keys().insert(&later)
    });
    assert!(!unit(storage, |unit| unit.idempotency_keys().mark_applied(&first.claimed(), t0())));
    assert!(unit(storage, |unit| unit.idempotency_keys().mark_applied(&later.claimed(), t0())));
}

pub fn r69_of_twenty_requests_that_insert_one_key_one_does(storage: &dyn Storage) {
    let key = an_idempotency_key();
    let inserted = together(20, |_| {
        let own = IdempotencyKey { claim: an_idempotency_key().claim, ..key.clone() };
        unit(storage, |unit| {
            if unit.idempotency_keys().lock(&own.hash)?.is_some() {
                return Ok(false);
            }
            unit.idempotency_keys().insert(&own).map(|()| true)
        })
    });
    assert_eq!(inserted.into_iter().filter(|is_first| *is_first).count(), 1);
}

pub fn purging_removes_the_keys_that_expired_before(storage: &dyn Storage) {
    let all = [-1, 0, 1]
        .map(|seconds| stored(storage, IdempotencyKey { expires_at: t0_plus(seconds), ..an_idempotency_key() }));
    assert_eq!(unit(storage, |unit| unit.idempotency_keys().purge(t0(), 10)), 1);
    assert_eq!(all.map(|key| found(storage, &key).is_some()), [false, true, true]);
    assert_eq!(unit(storage, |unit| unit.idempotency_keys().purge(t0_plus(9), 1)), 1, "in portions");
}
