//! Accounts: what is written reads back, versions are kept, handles are unique.

use std::{thread, time::Duration as StdDuration};

use chrono::Duration;
use selfsame_domain::{
    Action, Challenge, IdentifierChange, IdentifierKind, PasswordHash, Picture, Purpose, SecondFactorPolicy, SignIn,
    User, UserId, Username,
};
use selfsame_ports::{Storage, StorageError, Unique};
use serde_json::json;

use super::support::{once, read, retried, unit};
use crate::{
    builders::{a_challenge, a_sign_in, a_user, an_event, fresh_id, t0, t0_plus},
    suites::threads::together,
};

/// An account with something in every field.
fn a_full_user(username: &str, email: &str) -> User {
    let user = a_user()
        .named("Ada", "Lovelace")
        .with_username(username)
        .with_email(email)
        .verified()
        .with_phone("+31612345678")
        .with_password(PasswordHash::from_phc("$plain$one".to_owned()))
        .with_attributes(json!({"theme": {"dark": true}, "tags": ["a", "b"]}));
    User {
        name: Some("Ada, Countess".to_owned()),
        locale: Some("en-GB".to_owned()),
        zoneinfo: Some("Europe/London".to_owned()),
        picture: Some(Picture::Stored("0a1b2c.webp".to_owned())),
        second_factor_policy: SecondFactorPolicy::Enforced,
        disabled_at: Some(t0_plus(5)),
        password_changed_at: Some(t0_plus(6)),
        updated_at: t0_plus(7),
        ..user.build()
    }
}

fn stored(storage: &dyn Storage, id: UserId) -> Option<User> {
    read(storage, |queries| queries.user(id))
}

fn insert(storage: &dyn Storage, user: &User) -> Result<(), StorageError> {
    once(storage, |unit| unit.users().insert(user))
}

fn save(storage: &dyn Storage, user: &User) -> Result<(), StorageError> {
    once(storage, |unit| unit.users().save(user))
}

/// The account after a change, as a use case would hand it to `save`.
fn changed(user: &User, change: impl FnOnce(&mut User)) -> User {
    let mut next = user.clone();
    change(&mut next);
    next.touch(t0() + Duration::minutes(1));
    next
}

/// The account after it has taken another handle.
fn renamed(user: &User, handle: &str) -> User {
    changed(user, |user| user.preferred_username = Some(Username::parse(handle).unwrap()))
}

pub fn an_account_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let full = a_full_user("ada", "ada@example.com");
    let bare = a_user().build();
    for user in [full, bare] {
        insert(storage, &user).unwrap();
        assert_eq!(stored(storage, user.id), Some(user));
    }
}

pub fn locking_an_account_reads_the_whole_of_it(storage: &dyn Storage) {
    let user = a_full_user("ada", "ada@example.com");
    insert(storage, &user).unwrap();
    let locked = unit(storage, |unit| unit.users().lock(user.id));
    assert_eq!(locked, Some(user));
}

pub fn an_unknown_account_is_nobody(storage: &dyn Storage) {
    a_user().with_username("grace").stored_in(storage);
    assert_eq!(stored(storage, fresh_id()), None);
    let locked = unit(storage, |unit| unit.users().lock(fresh_id()));
    assert_eq!(locked, None);
    let by_name = read(storage, |queries| queries.user_by_username("ada"));
    assert_eq!(by_name, None);
}

pub fn an_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let user = a_user().with_username("ada").stored_in(storage);
    let other = User { id: user.id, ..a_user().with_username("grace").build() };
    assert_eq!(insert(storage, &other), Err(StorageError::Conflict));
    assert_eq!(stored(storage, user.id), Some(user));
}

pub fn an_account_is_found_by_its_canonical_username(storage: &dyn Storage) {
    let ada = a_user().with_username("AdaL").stored_in(storage);
    a_user().with_username("grace").stored_in(storage);
    let find = |canonical: &str| read(storage, |queries| queries.user_by_username(canonical));
    assert_eq!(find("adal"), Some(ada));
    assert_eq!(find("adali"), None);
}

pub fn r6_a_username_is_taken_in_any_case_and_by_look_alikes(storage: &dyn Storage) {
    a_user().with_username("paypal").stored_in(storage);
    for rival in ["paypal", "PayPal", "paypa1"] {
        let rival = a_user().with_username(rival).build();
        let taken = StorageError::Taken(Unique::PreferredUsername);
        assert_eq!(insert(storage, &rival), Err(taken));
        assert_eq!(stored(storage, rival.id), None);
    }
}

pub fn any_number_of_accounts_have_no_username(storage: &dyn Storage) {
    for _ in 0..3 {
        a_user().stored_in(storage);
    }
}

pub fn saving_writes_every_field_of_the_account(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").stored_in(storage);
    let full = changed(&user, |user| {
        *user = User {
            id: user.id,
            version: user.version,
            created_at: user.created_at,
            updated_at: user.updated_at,
            identifiers: user.identifiers.clone(),
            ..a_full_user("ada", "other@example.com")
        };
    });
    save(storage, &full).unwrap();
    assert_eq!(stored(storage, user.id), Some(full.clone()));

    let bare = changed(&full, |user| {
        *user = User {
            id: user.id,
            version: user.version,
            updated_at: user.updated_at,
            identifiers: user.identifiers.clone(),
            ..a_user().build()
        };
    });
    save(storage, &bare).unwrap();
    assert_eq!(stored(storage, user.id), Some(bare));
}

pub fn saving_an_account_leaves_its_identifiers_alone(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").stored_in(storage);
    let without = changed(&user, |user| user.identifiers.clear());
    save(storage, &without).unwrap();
    let kept = stored(storage, user.id).unwrap().identifiers;
    assert_eq!(kept, user.identifiers);
}

pub fn a_stale_version_is_a_conflict_and_writes_nothing(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let first = changed(&user, |user| user.name = Some("first".to_owned()));
    save(storage, &first).unwrap();
    let late = changed(&user, |user| user.name = Some("late".to_owned()));
    let early = User { version: first.version + 2, ..first.clone() };
    for stale in [late, early] {
        assert_eq!(save(storage, &stale), Err(StorageError::Conflict));
    }
    assert_eq!(stored(storage, user.id), Some(first));
}

pub fn saving_an_account_that_is_gone_is_a_conflict(storage: &dyn Storage) {
    let gone = changed(&a_user().build(), |_| {});
    assert_eq!(save(storage, &gone), Err(StorageError::Conflict));
}

pub fn r6_saving_a_username_of_somebody_else_is_refused(storage: &dyn Storage) {
    a_user().with_username("paypal").stored_in(storage);
    let user = a_user().with_username("ada").stored_in(storage);
    let greedy = renamed(&user, "paypa1");
    let taken = StorageError::Taken(Unique::PreferredUsername);
    assert_eq!(save(storage, &greedy), Err(taken));
    assert_eq!(stored(storage, user.id), Some(user));
}

pub fn a_username_may_change_its_case_and_is_free_once_given_up(storage: &dyn Storage) {
    let ada = a_user().with_username("ada").stored_in(storage);
    let shouting = renamed(&ada, "ADA");
    save(storage, &shouting).unwrap();
    let nameless = changed(&shouting, |user| user.preferred_username = None);
    save(storage, &nameless).unwrap();
    a_user().with_username("ada").stored_in(storage);
}

pub fn r19_a_stronger_hash_takes_the_place_of_the_one_it_was_made_for(storage: &dyn Storage) {
    let hash = |text: &str| PasswordHash::from_phc(text.to_owned());
    let user = a_user().with_password(hash("$old")).stored_in(storage);
    let rehash = |old, new| {
        unit(storage, |unit| unit.users().rehash(user.id, &hash(old), &hash(new)));
    };
    rehash("$other", "$wrong");
    assert_eq!(stored(storage, user.id), Some(user.clone()));
    rehash("$old", "$new");
    let expected = User { password: Some(hash("$new")), ..user.clone() };
    assert_eq!(stored(storage, user.id), Some(expected));
}

pub fn fifty_units_that_lock_merge_and_save_lose_nothing(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    together(50, |number| {
        unit(storage, |unit| {
            let mut user = unit.users().lock(user.id)?.expect("the account is there");
            let key = format!("thread-{number}");
            user.attributes.0.insert(key, json!(number));
            user.touch(t0());
            unit.users().save(&user)?;
            unit.audit().append(&an_event(user.id, Action::ProfileUpdated))
        });
    });
    let after = stored(storage, user.id).unwrap();
    assert_eq!(after.attributes.0.len(), 50);
    assert_eq!(after.version, user.version + 50);
    assert_eq!(after.updated_at, user.updated_at + Duration::milliseconds(50));
    let trail = read(storage, |queries| queries.audit_trail(user.id));
    assert_eq!(trail.len(), 50);
    assert_eq!(selfsame_domain::audit::first_broken_link(&trail), None);
}

pub fn one_username_wanted_by_twenty_accounts_goes_to_one(storage: &dyn Storage) {
    let answers = together(20, |_| {
        let user = a_user().with_username("ada").build();
        retried(storage, |unit| unit.users().insert(&user))
    });
    let taken = Err(StorageError::Taken(Unique::PreferredUsername));
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let refused = answers.iter().filter(|&answer| *answer == taken);
    assert_eq!(refused.count(), 19, "{answers:?}");
}

fn listed(storage: &dyn Storage, after: Option<UserId>, limit: i64) -> Vec<UserId> {
    read(storage, |queries| queries.list_users(after, limit)).into_iter().map(|user| user.id).collect()
}

pub fn accounts_are_listed_in_ascending_order_of_their_ids(storage: &dyn Storage) {
    assert_eq!(listed(storage, None, 10), []);
    let [first, second, third] = [(); 3].map(|()| fresh_id());
    let full = User { id: second, ..a_full_user("ada", "ada@example.com") };
    let with_two = a_user().with_email("grace@example.com").with_email("g@example.com");
    let users = [User { id: first, ..with_two.build() }, full, User { id: third, ..a_user().build() }];
    for user in users.iter().rev() {
        insert(storage, user).unwrap();
    }
    let all = read(storage, |queries| queries.list_users(None, 10));
    assert_eq!(all, users, "each with all its identifiers");
}

pub fn accounts_are_listed_page_by_page(storage: &dyn Storage) {
    let users = [(); 5].map(|()| {
        let user = a_user().with_email(&format!("{}@example.com", fresh_id::<UserId>()));
        user.with_phone("+31612345678").stored_in(storage).id
    });
    assert_eq!(listed(storage, None, 2), users[..2]);
    assert_eq!(listed(storage, Some(users[1]), 2), users[2..4]);
    assert_eq!(listed(storage, Some(users[3]), 2), users[4..]);
    assert_eq!(listed(storage, Some(users[4]), 2), []);
}

pub fn a_deleted_account_frees_its_username_and_its_identifiers(storage: &dyn Storage) {
    let build = || a_full_user("ada", "ada@example.com");
    let (first, second) = (build(), build());
    insert(storage, &first).unwrap();
    unit(storage, |unit| {
        unit.users().lock(first.id)?;
        unit.users().delete(first.id)
    });
    assert_eq!(stored(storage, first.id), None);
    let by_email = read(storage, |queries| queries.user_by_identifier(IdentifierKind::Email, "ada@example.com"));
    assert_eq!(by_email, None);
    insert(storage, &second).unwrap();
    assert_eq!(stored(storage, second.id), Some(second));
}

/// Purges what was claimed at [`t0`] or earlier.
fn purge_unproven(storage: &dyn Storage, limit: i64) -> usize {
    unit(storage, |unit| unit.users().purge_unproven(t0_plus(1), limit))
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
        unit.challenges().insert(&old_proof)?;
        unit.users().lock(squatter.id)?;
        unit.audit().append(&an_event(squatter.id, Action::UserCreated))
    });
    assert_eq!(purge_unproven(storage, 10), 1);
    assert_eq!(stored(storage, squatter.id), None);
    let owner = build().stored_in(storage);
    assert_eq!(stored(storage, owner.id), Some(owner));
    let trail = read(storage, |queries| queries.audit_trail(squatter.id));
    assert_eq!(trail.len(), 1, "r80: the trail stays");
}

pub fn an_account_with_any_sign_of_its_owner_is_not_purged(storage: &dyn Storage) {
    let proven = a_user().with_email("proven@example.com").verified().stored_in(storage);
    let half_proven = a_user().with_email("a@example.com").with_email("half@example.com").verified().stored_in(storage);
    let disabled = a_user().with_email("disabled@example.com").disabled().stored_in(storage);
    let nameless = a_user().stored_in(storage);
    let [mut young, signed_in, was_signed_in, waiting] =
        [(); 4].map(|()| a_user().with_email("ada@example.com").build());
    young.identifiers[0].created_at = t0_plus(1);
    let ended = SignIn { ended_at: Some(t0()), ..a_sign_in(&signed_in) };
    let new_proof = Challenge { created_at: t0_plus(1), ..a_challenge(&waiting, Purpose::ResetPassword) };
    unit(storage, |unit| {
        for user in [&young, &signed_in, &was_signed_in, &waiting] {
            unit.users().insert(user)?;
        }
        unit.sessions().insert_sign_in(&ended)?;
        unit.audit().append(&an_event(was_signed_in.id, Action::SignedIn))?;
        unit.challenges().insert(&new_proof)
    });
    assert_eq!(purge_unproven(storage, 10), 0);
    for user in [proven, half_proven, disabled, nameless, young, signed_in, was_signed_in, waiting] {
        assert_eq!(stored(storage, user.id), Some(user));
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
    let proven = {
        let mut email = user.identifiers[0].clone();
        email.verified_at = Some(t0_plus(2));
        IdentifierChange::Update(email)
    };
    let purged = thread::scope(|scope| {
        let mut proving = storage.begin().unwrap();
        proving.users().lock(user.id).unwrap();
        proving.users().change_identifiers(user.id, &[proven]).unwrap();
        let purging = scope.spawn(|| purge_unproven(storage, 10));
        thread::sleep(StdDuration::from_millis(50));
        proving.commit().unwrap();
        purging.join().unwrap()
    });
    assert_eq!(purged, 0);
    assert!(stored(storage, user.id).is_some_and(|user| user.is_verified()));
}
