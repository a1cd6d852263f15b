//! Accounts: what is written reads back, and nobody writes over what somebody else wrote.

use selfsame_domain::{
    Action, AuditHead, Factor, Factors, Identifier, IdentifierKind, Meter, Picture, SecondFactorPolicy, User,
    WriteBudgets,
};
use selfsame_ports::{Storage, StorageError};
use serde_json::json;

use super::support::{account, changed, once, read, save, unit};
use crate::{
    builders::{a_user, an_event, append_event, fresh_id, t0, t0_plus},
    suites::threads::together,
};

/// An account with something in every field.
fn a_full_user(username: &str, email: &str) -> User {
    let user = a_user()
        .named("Ada", "Lovelace")
        .with_username(username)
        .with_email(email)
        .verified()
        .with_phone("+31612345678");
    User {
        name: Some("Ada, Countess".to_owned()),
        locale: Some("en-GB".to_owned()),
        zoneinfo: Some("Europe/London".to_owned()),
        picture: Some(Picture::Stored("0a1b2c.webp".to_owned())),
        second_factor_policy: SecondFactorPolicy::Enforced,
        enrolled: Factors::of([Factor::Totp, Factor::Passkey]),
        backup_codes_left: 9,
        password_changed_at: Some(t0_plus(6)),
        credential_epoch: 3,
        sign_in_count: 12,
        audit_head: AuditHead { sequence: 4, mac: std::array::from_fn(|index| u8::try_from(255 - index).unwrap()) },
        write_budgets: WriteBudgets {
            changes: Meter::from_stored(1_773_500_966_535_001),
            audit_bytes: Meter::from_stored(1_773_500_966_535_002),
            phone_notices: Meter::from_stored(1_773_500_966_535_003),
            email_notices: Meter::from_stored(1_773_500_966_535_004),
            password_notices: Meter::from_stored(1_773_500_966_535_005),
            sign_in_notices: Meter::from_stored(1_773_500_966_535_006),
        },
        disabled_at: Some(t0_plus(5)),
        frozen_at: Some(t0_plus(8)),
        deletion_at: Some(t0_plus(6)),
        updated_at: t0_plus(7),
        ..user.build()
    }
}

fn insert(storage: &dyn Storage, user: &User) -> Result<(), StorageError> {
    once(storage, |unit| unit.accounts().insert(user))
}

pub fn an_account_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let full = a_full_user("ada", "ada@example.com");
    let bare = a_user().build();
    for user in [full, bare] {
        insert(storage, &user).unwrap();
        assert_eq!(account(storage, user.id), Some(user));
    }
}

pub fn locking_an_account_reads_the_whole_of_it(storage: &dyn Storage) {
    let user = a_full_user("ada", "ada@example.com");
    insert(storage, &user).unwrap();
    let locked = unit(storage, |unit| unit.accounts().lock(user.id));
    assert_eq!(locked, Some(user));
}

pub fn an_unknown_account_is_nobody(storage: &dyn Storage) {
    a_user().with_username("grace").stored_in(storage);
    assert_eq!(account(storage, fresh_id()), None);
    let locked = unit(storage, |unit| unit.accounts().lock(fresh_id()));
    assert_eq!(locked, None);
    let by_id = read(storage, |queries| queries.credentials(fresh_id()));
    assert_eq!(by_id, None);
    let by_name = read(storage, |queries| queries.by_username("ada"));
    assert_eq!(by_name, None);
}

pub fn an_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let user = a_user().with_username("ada").stored_in(storage);
    let other = User { id: user.id, ..a_user().with_username("grace").build() };
    assert_eq!(insert(storage, &other), Err(StorageError::Conflict));
    assert_eq!(account(storage, user.id), Some(user));
}

pub fn saving_writes_every_field_of_the_account(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").stored_in(storage);
    let keep = |next: &User| User {
        id: user.id,
        version: user.version + 1,
        identifiers: user.identifiers.clone(),
        ..next.clone()
    };
    let full = keep(&a_full_user("ada", "other@example.com"));
    save(storage, &user, &full).unwrap();
    assert_eq!(account(storage, user.id), Some(full.clone()));

    let bare = keep(&a_user().build());
    save(storage, &full, &bare).unwrap();
    assert_eq!(account(storage, user.id), Some(bare));
}

pub fn saving_writes_each_field_by_itself(storage: &dyn Storage) {
    let full = a_full_user("ada", "ada@example.com");
    let changes: [fn(&mut User, User); 24] = [
        |user, full| user.preferred_username = full.preferred_username,
        |user, full| user.given_name = full.given_name,
        |user, full| user.family_name = full.family_name,
        |user, full| user.name = full.name,
        |user, full| user.locale = full.locale,
        |user, full| user.zoneinfo = full.zoneinfo,
        |user, full| user.picture = full.picture,
        |user, full| user.second_factor_policy = full.second_factor_policy,
        |user, full| user.enrolled = full.enrolled,
        |user, full| user.backup_codes_left = full.backup_codes_left,
        |user, full| user.password_changed_at = full.password_changed_at,
        |user, full| user.credential_epoch = full.credential_epoch,
        |user, full| user.sign_in_count = full.sign_in_count,
        |user, full| user.audit_head = full.audit_head,
        |user, full| user.write_budgets.changes = full.write_budgets.changes,
        |user, full| user.write_budgets.audit_bytes = full.write_budgets.audit_bytes,
        |user, full| user.write_budgets.phone_notices = full.write_budgets.phone_notices,
        |user, full| user.write_budgets.email_notices = full.write_budgets.email_notices,
        |user, full| user.write_budgets.password_notices = full.write_budgets.password_notices,
        |user, full| user.write_budgets.sign_in_notices = full.write_budgets.sign_in_notices,
        |user, full| user.disabled_at = full.disabled_at,
        |user, full| user.frozen_at = full.frozen_at,
        |user, full| user.deletion_at = full.deletion_at,
        |user, full| user.updated_at = full.updated_at,
    ];
    let mut user = a_user().stored_in(storage);
    for change in changes {
        let mut next = user.clone();
        change(&mut next, full.clone());
        assert_ne!(next, user, "a test that changes nothing tells nothing");
        save(storage, &user, &next).unwrap();
        assert_eq!(account(storage, user.id), Some(next.clone()));
        user = next;
    }
}

pub fn saving_does_not_change_when_an_account_was_made(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let meddled = changed(&user, |user| user.created_at = t0_plus(-99));
    save(storage, &user, &meddled).unwrap();
    assert_eq!(account(storage, user.id), Some(User { created_at: user.created_at, ..meddled }));
}

pub fn saving_leaves_identifiers_alone_that_do_not_differ(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").stored_in(storage);
    let without = User { identifiers: Vec::new(), ..user.clone() };
    let next = changed(&without, |user| user.name = Some("Ada".to_owned()));
    save(storage, &without, &next).unwrap();
    let expected = User { identifiers: user.identifiers, ..next };
    assert_eq!(account(storage, user.id), Some(expected));
}

pub fn an_account_can_be_saved_when_nothing_or_its_identifiers_alone_differ(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").stored_in(storage);
    save(storage, &user, &user).unwrap();
    assert_eq!(account(storage, user.id), Some(user.clone()));
    let without = User { identifiers: Vec::new(), ..user.clone() };
    save(storage, &user, &without).unwrap();
    assert_eq!(account(storage, user.id), Some(without));
}

pub fn a_stale_version_is_a_conflict_and_writes_nothing(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").stored_in(storage);
    let first = changed(&user, |user| user.name = Some("first".to_owned()));
    save(storage, &user, &first).unwrap();
    let ahead = User { version: first.version + 1, ..first.clone() };
    for stale in [user, ahead] {
        let late = changed(&stale, |user| {
            user.name = Some("late".to_owned());
            user.identifiers.clear();
        });
        let identifiers_alone = User { identifiers: Vec::new(), ..stale.clone() };
        for next in [late, identifiers_alone] {
            assert_eq!(save(storage, &stale, &next), Err(StorageError::Conflict));
        }
    }
    assert_eq!(account(storage, first.id), Some(first));
}

pub fn r80_a_stale_end_of_the_audit_chain_is_a_conflict_and_writes_nothing(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let event = an_event(user.id, Action::SignedIn);
    let record = unit(storage, |unit| append_event(unit, &event));
    let behind = user.clone();
    let ahead = User { audit_head: AuditHead { sequence: 2, ..record.head() }, ..user.clone() };
    for stale in [behind, ahead] {
        let late = changed(&stale, |user| user.name = Some("late".to_owned()));
        assert_eq!(save(storage, &stale, &late), Err(StorageError::Conflict));
    }
    assert_eq!(account(storage, user.id), Some(User { audit_head: record.head(), ..user }), "of the same version");
}

pub fn an_account_that_was_read_without_a_lock_can_be_saved(storage: &dyn Storage) {
    let id = a_user().with_email("ada@example.com").stored_in(storage).id;
    let before = account(storage, id).unwrap();
    let after = changed(&before, |user| {
        user.name = Some("Ada".to_owned());
        user.identifiers[0].verified_at = Some(t0_plus(9));
    });
    save(storage, &before, &after).unwrap();
    assert_eq!(account(storage, id), Some(after));
}

pub fn of_twenty_units_that_save_from_one_state_of_an_account_one_does(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let answers = together(20, |number| {
        let next = changed(&user, |user| user.name = Some(number.to_string()));
        save(storage, &user, &next)
    });
    let saved = answers.iter().position(Result::is_ok).expect("one is saved");
    let refused = answers.iter().filter(|&answer| *answer == Err(StorageError::Conflict)).count();
    assert_eq!(refused, 19, "{answers:?}");
    assert_eq!(account(storage, user.id).unwrap().name, Some(saved.to_string()));
}

pub fn saving_an_account_that_is_gone_is_a_conflict(storage: &dyn Storage) {
    let gone = a_user().build();
    let next = changed(&gone, |_| {});
    assert_eq!(save(storage, &gone, &next), Err(StorageError::Conflict));
}

pub fn fifty_units_that_lock_merge_and_save_lose_nothing(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    together(50, |number| {
        unit(storage, |unit| {
            append_event(unit, &an_event(user.id, Action::ProfileUpdated))?;
            let before = unit.accounts().lock(user.id)?.expect("the account is there");
            let mut attributes = unit.accounts().attributes(user.id)?;
            attributes.0.insert(format!("thread-{number}"), json!(number));
            unit.accounts().save_attributes(user.id, &attributes)?;
            let mut after = before.clone();
            after.touch(t0());
            unit.accounts().save(&before, &after)
        });
    });
    let after = account(storage, user.id).unwrap();
    let attributes = unit(storage, |unit| unit.accounts().attributes(user.id));
    assert_eq!(attributes.0.len(), 50);
    assert_eq!(after.version, user.version + 50);
    assert_eq!(after.updated_at, user.updated_at + chrono::Duration::milliseconds(50));
    assert_eq!(after.audit_head.sequence, 50);
}

pub fn a_deleted_account_frees_its_username_and_its_identifiers(storage: &dyn Storage) {
    let build = || a_full_user("ada", "ada@example.com");
    let (first, second) = (build(), build());
    insert(storage, &first).unwrap();
    unit(storage, |unit| {
        unit.accounts().lock(first.id)?;
        unit.accounts().delete(first.id)
    });
    assert_eq!(account(storage, first.id), None);
    let by_email = read(storage, |queries| queries.by_identifier(IdentifierKind::Email, "ada@example.com"));
    assert_eq!(by_email, None);
    let identifiers: Vec<Identifier> = first.identifiers;
    let second = User { identifiers, ..second };
    insert(storage, &second).unwrap();
    assert_eq!(account(storage, second.id), Some(second), "the ids of the identifiers are free too");
}
