//! Accounts that nobody has ever shown to be theirs: they go, and no other.

use std::{thread, time::Duration};

use selfsame_domain::{Action, Challenge, Purpose, SignIn, User};
use selfsame_ports::Storage;

use super::support::{account, changed, read, unit};
use crate::builders::{a_challenge, a_sign_in, a_user, an_event, append_event, t0, t0_plus};

/// Purges what was claimed at [`t0`] or earlier.
fn purge_unproven(storage: &dyn Storage, limit: i64) -> usize {
    unit(storage, |unit| unit.accounts().purge_unproven(t0_plus(1), limit))
}

/// An account that nobody has proven, made at [`t0`].
fn squatter(storage: &dyn Storage) -> User {
    a_user().with_email("ada@example.com").stored_in(storage)
}

pub fn an_account_that_nobody_ever_proved_is_purged(storage: &dyn Storage) {
    let build = || a_user().with_username("ada").with_email("ada@example.com").with_email("a@example.com");
    let squatter = build().with_phone("+31612345678").stored_in(storage);
    let old_proof = Challenge { created_at: t0(), ..a_challenge(&squatter, Purpose::VerifyEmail) };
    unit(storage, |unit| {
        unit.proofs().insert_challenge(&old_proof)?;
        append_event(unit, &an_event(squatter.id, Action::UserCreated))
    });
    assert_eq!(purge_unproven(storage, 10), 1);
    assert_eq!(account(storage, squatter.id), None);
    let owner = build().stored_in(storage);
    assert_eq!(account(storage, owner.id), Some(owner));
    let trail = read(storage, |queries| queries.audit_trail(squatter.id, 0, 10));
    assert_eq!(trail.len(), 1, "r80: the trail stays");
}

pub fn an_account_with_any_sign_of_its_owner_is_not_purged(storage: &dyn Storage) {
    let proven = a_user().with_email("proven@example.com").verified().stored_in(storage);
    let half_proven = a_user().with_email("a@example.com").with_email("half@example.com").verified().stored_in(storage);
    let disabled = a_user().with_email("disabled@example.com").disabled().stored_in(storage);
    let nameless = a_user().stored_in(storage);
    let [mut young, signed_in, mut was_signed_in, waiting] =
        [(); 4].map(|()| a_user().with_email("ada@example.com").build());
    young.identifiers[0].created_at = t0_plus(1);
    was_signed_in.sign_in_count = 1;
    let ended = SignIn { ended_at: Some(t0()), ..a_sign_in(&signed_in) };
    let new_proof = Challenge { created_at: t0_plus(1), ..a_challenge(&waiting, Purpose::ResetPassword) };
    unit(storage, |unit| {
        for user in [&young, &signed_in, &was_signed_in, &waiting] {
            unit.accounts().insert(user)?;
        }
        unit.sessions().insert_sign_in(&ended)?;
        unit.proofs().insert_challenge(&new_proof)
    });
    assert_eq!(purge_unproven(storage, 10), 0);
    for user in [proven, half_proven, disabled, nameless, young, signed_in, was_signed_in, waiting] {
        assert_eq!(account(storage, user.id), Some(user));
    }
}

pub fn unproven_accounts_are_purged_in_portions(storage: &dyn Storage) {
    for _ in 0..3 {
        squatter(storage);
    }
    assert_eq!([(); 3].map(|()| purge_unproven(storage, 2)), [2, 1, 0]);
}

pub fn an_account_that_is_being_proven_is_not_purged(storage: &dyn Storage) {
    let user = squatter(storage);
    let proven = changed(&user, |user| user.identifiers[0].verified_at = Some(t0_plus(2)));
    let purged = thread::scope(|scope| {
        let mut proving = storage.begin().unwrap();
        proving.accounts().lock(user.id).unwrap();
        proving.accounts().save(&user, &proven).unwrap();
        let purging = scope.spawn(|| purge_unproven(storage, 10));
        thread::sleep(Duration::from_millis(50));
        proving.commit().unwrap();
        purging.join().unwrap()
    });
    assert_eq!(purged, 0);
    assert_eq!(account(storage, user.id), Some(proven));
}
