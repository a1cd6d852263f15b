//! Points to which accounts can be brought back: each is taken once, with all later ones.

use selfsame_domain::{UndoPoint, User, UserId};
use selfsame_ports::{Storage, StorageError};

use super::support::{once, unit};
use crate::{
    builders::{a_user, an_undo_point, t0_plus},
    suites::threads::{together, winners},
};

fn stored(storage: &dyn Storage, user: &User, sequence: i64) -> UndoPoint {
    let point = UndoPoint { sequence, ..an_undo_point(user) };
    unit(storage, |unit| unit.undo_points().insert(&point));
    point
}

/// Locks the account first, as a use case does.
fn take(storage: &dyn Storage, user: UserId, sequence: i64) -> Option<UndoPoint> {
    unit(storage, |unit| {
        unit.accounts().lock(user)?;
        unit.undo_points().take(user, sequence)
    })
}

pub fn an_undo_point_is_taken_as_it_was_inserted_and_once(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let point = UndoPoint { sealed: (0..=255).cycle().take(20_000).collect(), ..an_undo_point(&user) };
    unit(storage, |unit| unit.undo_points().insert(&point));
    let find = |sequence| unit(storage, |unit| unit.undo_points().find(user.id, sequence));
    assert_eq!(take(storage, user.id, point.sequence + 1), None);
    assert_eq!((find(point.sequence + 1), find(point.sequence)), (None, Some(point.clone())));
    assert_eq!(take(storage, user.id, point.sequence), Some(point.clone()));
    assert_eq!((take(storage, user.id, point.sequence), find(point.sequence)), (None, None));
}

pub fn an_undo_point_at_a_place_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let point = stored(storage, &ada, 7);
    let insert = |point: &UndoPoint| once(storage, |unit| unit.undo_points().insert(point));
    assert_eq!(insert(&point), Err(StorageError::Conflict));
    assert_eq!(insert(&UndoPoint { user_id: grace.id, ..point }), Ok(()));
    assert_eq!(insert(&an_undo_point(&a_user().build())), Err(StorageError::Conflict), "the account is gone");
}

pub fn taking_an_undo_point_removes_the_later_ones_and_no_others(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    for sequence in [3, 7, 9, 40] {
        stored(storage, &ada, sequence);
        stored(storage, &grace, sequence);
    }
    assert!(take(storage, ada.id, 7).is_some());
    assert_eq!([40, 9, 7].map(|sequence| take(storage, ada.id, sequence).is_some()), [false; 3]);
    assert!(take(storage, ada.id, 3).is_some());
    assert_eq!([40, 9, 7, 3].map(|sequence| take(storage, grace.id, sequence).is_some()), [true; 4]);
}

pub fn an_undo_point_that_twenty_threads_take_is_taken_by_one(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    stored(storage, &user, 7);
    let taken = together(20, |_| take(storage, user.id, 7).is_some());
    assert_eq!(winners(&taken), 1);
}

pub fn purging_removes_the_undo_points_that_expired_before(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    for sequence in 1..=3 {
        let point = UndoPoint { sequence, expires_at: t0_plus(sequence * 10), ..an_undo_point(&user) };
        unit(storage, |unit| unit.undo_points().insert(&point));
    }
    let purge = |before, limit| unit(storage, |unit| unit.undo_points().purge(t0_plus(before), limit));
    assert_eq!((purge(10, 5), purge(30, 1), purge(30, 5), purge(30, 5)), (0, 1, 1, 0));
    assert!(take(storage, user.id, 3).is_some());
}

pub fn undo_points_go_with_their_account(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    stored(storage, &user, 7);
    unit(storage, |unit| unit.accounts().delete(user.id));
    assert_eq!(take(storage, user.id, 7), None);
}
