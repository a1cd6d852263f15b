//! Accounts: what is written reads back, versions are kept, handles are unique.

use chrono::Duration;
use selfsame_domain::{Action, IdentifierKind, PasswordHash, Picture, SecondFactorPolicy, User, UserId, Username};
use selfsame_ports::{Storage, StorageError, Unique};
use serde_json::json;

use super::support::{once, read, retried, unit};
use crate::{
    builders::{a_user, an_event, fresh_id, t0, t0_plus},
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
