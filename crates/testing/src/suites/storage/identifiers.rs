//! Addresses and numbers: who claims one, who has proven it, which is primary.

use selfsame_domain::{Identifier, IdentifierChange, IdentifierKind, User, UserId};
use selfsame_ports::{Storage, StorageError, Unique};

use super::support::{once, read, retried, unit};
use crate::{
    builders::{a_user, fresh_id, t0_plus, the_identifier},
    suites::threads::together,
};

const ADA: &str = "ada@example.com";

fn change(storage: &dyn Storage, user: UserId, changes: &[IdentifierChange]) -> Result<(), StorageError> {
    once(storage, |unit| {
        unit.users().lock(user)?;
        unit.users().change_identifiers(user, changes)
    })
}

fn identifiers(storage: &dyn Storage, user: UserId) -> Vec<Identifier> {
    let user = read(storage, |queries| queries.user(user));
    user.expect("the account is there").identifiers
}

fn owner(storage: &dyn Storage, kind: IdentifierKind, canonical: &str) -> Option<UserId> {
    let found = read(storage, |queries| queries.user_by_identifier(kind, canonical));
    found.map(|user| user.id)
}

fn claimant(storage: &dyn Storage) -> User {
    a_user().with_email(ADA).stored_in(storage)
}

/// The user's one address, proven.
fn proof(user: &User) -> IdentifierChange {
    IdentifierChange::Update(Identifier {
        verified_at: Some(t0_plus(90)),
        ..the_identifier(user, IdentifierKind::Email).clone()
    })
}

/// Another address, not primary.
fn another(address: &str) -> Identifier {
    let user = a_user().with_email("x@example.com").with_email(address);
    user.build().identifiers.remove(1)
}

pub fn identifiers_come_oldest_first(storage: &dyn Storage) {
    let mut user = a_user().with_email("c@example.com").with_phone("+31612345678").with_email("a@example.com").build();
    for (identifier, age) in user.identifiers.iter_mut().zip([20, 30, 10]) {
        identifier.created_at = t0_plus(-age);
    }
    unit(storage, |unit| unit.users().insert(&user));
    let youngest = another("b@example.com");
    let changes = [IdentifierChange::Insert(youngest.clone())];
    change(storage, user.id, &changes).unwrap();

    user.identifiers.push(youngest);
    user.identifiers.sort_by_key(|identifier| identifier.created_at);
    assert_eq!(identifiers(storage, user.id), user.identifiers);
}

pub fn changes_insert_update_and_delete_rows(storage: &dyn Storage) {
    let user = a_user().with_email(ADA).with_phone("+31612345678").stored_in(storage);
    let [mut email, phone] = user.identifiers.clone().try_into().unwrap();
    email.verified_at = Some(t0_plus(3));
    email.value = email.value.to_uppercase();
    let new = another("new@example.com");
    let changes = [
        IdentifierChange::Update(email.clone()),
        IdentifierChange::Delete(phone.id),
        IdentifierChange::Insert(new.clone()),
    ];
    change(storage, user.id, &changes).unwrap();
    assert_eq!(identifiers(storage, user.id), [email, new]);
    let stale = owner(storage, IdentifierKind::Phone, "+31612345678");
    assert_eq!(stale, None);
}

pub fn another_address_becomes_primary_when_the_old_one_steps_down_first(storage: &dyn Storage) {
    let user = a_user().with_email("old@example.com").with_email("new@example.com").verified().stored_in(storage);
    let [mut old, mut new] = user.identifiers.clone().try_into().unwrap();
    (old.is_primary, new.is_primary) = (false, true);
    let changes = [IdentifierChange::Update(old.clone()), IdentifierChange::Update(new.clone())];
    change(storage, user.id, &changes).unwrap();
    assert_eq!(identifiers(storage, user.id), [old, new]);
}

pub fn an_account_has_one_primary_address_and_one_primary_number(storage: &dyn Storage) {
    let user = a_user().with_email("one@example.com").with_phone("+31612345678").stored_in(storage);
    let second = Identifier { is_primary: true, ..another("two@example.com") };
    let refused = change(storage, user.id, &[IdentifierChange::Insert(second)]);
    assert!(matches!(refused, Err(StorageError::Internal(_))), "{refused:?}");
    assert_eq!(identifiers(storage, user.id), user.identifiers);
}

pub fn an_identifier_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let ada = claimant(storage);
    let grace = a_user().stored_in(storage);
    let stolen = Identifier { id: ada.identifiers[0].id, ..another("grace@example.com") };
    let refused = change(storage, grace.id, &[IdentifierChange::Insert(stolen)]);
    assert_eq!(refused, Err(StorageError::Conflict));
}

pub fn a_change_reaches_no_identifier_of_another_account(storage: &dyn Storage) {
    let ada = claimant(storage);
    let mallory = a_user().stored_in(storage);
    for foreign in [proof(&ada), IdentifierChange::Delete(ada.identifiers[0].id)] {
        // Whether that is an error or nothing at all is the adapter's business.
        let _ = change(storage, mallory.id, &[foreign]);
        assert_eq!(identifiers(storage, ada.id), ada.identifiers);
    }
}

pub fn r2_any_number_of_accounts_may_claim_what_nobody_has_proven(storage: &dyn Storage) {
    for _ in 0..3 {
        claimant(storage);
    }
}

pub fn r3_a_proven_address_cannot_be_proven_by_another_account(storage: &dyn Storage) {
    let taken = StorageError::Taken(Unique::Identifier);
    let ada = claimant(storage);
    let rival = claimant(storage);
    change(storage, ada.id, &[proof(&ada)]).unwrap();

    let refused = change(storage, rival.id, &[proof(&rival)]);
    assert_eq!(refused, Err(taken.clone()));
    let inserted = Identifier { verified_at: Some(t0_plus(1)), is_primary: false, ..another(ADA) };
    let refused = change(storage, rival.id, &[IdentifierChange::Insert(inserted)]);
    assert_eq!(refused, Err(taken.clone()));
    let late = a_user().with_email(ADA).verified().build();
    let refused = once(storage, |unit| unit.users().insert(&late));
    assert_eq!(refused, Err(taken));

    assert_eq!(identifiers(storage, rival.id), rival.identifiers);
    assert_eq!(owner(storage, IdentifierKind::Email, ADA), Some(ada.id));
}

pub fn r3_a_proven_address_may_still_be_claimed(storage: &dyn Storage) {
    a_user().with_email(ADA).verified().stored_in(storage);
    claimant(storage);
}

pub fn r3_one_address_proven_by_twelve_accounts_at_once_goes_to_one(storage: &dyn Storage) {
    let users: Vec<User> = (0..12).map(|_| claimant(storage)).collect();
    let answers = together(users.len(), |number| {
        let user = &users[number];
        retried(storage, |unit| {
            unit.users().lock(user.id)?;
            unit.users().change_identifiers(user.id, &[proof(user)])
        })
    });
    let taken = Err(StorageError::Taken(Unique::Identifier));
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let refused = answers.iter().filter(|&answer| *answer == taken);
    assert_eq!(refused.count(), 11, "{answers:?}");
}

pub fn whoever_proved_an_address_is_found_by_it_before_whoever_claims_it(storage: &dyn Storage) {
    let prover = a_user().with_email(ADA).verified().stored_in(storage);
    let later = claimant(storage);
    assert!(later.id > prover.id);
    assert_eq!(owner(storage, IdentifierKind::Email, ADA), Some(prover.id));
    let nobody = owner(storage, IdentifierKind::Email, "nobody@example.com");
    assert_eq!(nobody, None);
}

pub fn r1_the_last_to_claim_an_address_is_found_whoever_has_proven_it(storage: &dyn Storage) {
    let claimed = || read(storage, |queries| queries.unproven_claim(IdentifierKind::Email, ADA));
    let claim = |seconds| {
        let mut user = a_user().with_email(ADA).with_email("second@example.com").with_phone("+31612345678").build();
        user.identifiers[0].created_at = t0_plus(seconds);
        unit(storage, |unit| unit.users().insert(&user));
        user.id
    };
    a_user().with_email("else@example.com").stored_in(storage);
    a_user().with_email(ADA).verified().stored_in(storage);
    assert_eq!(claimed(), None);
    let [_, last, _] = [claim(10), claim(30), claim(20)];
    let found = claimed().expect("there are claims");
    assert_eq!((found.id, found.identifiers.len()), (last, 3), "with all of its identifiers");
    let of_numbers = read(storage, |queries| queries.unproven_claim(IdentifierKind::Phone, ADA));
    assert_eq!(of_numbers, None);
}

pub fn the_last_to_claim_an_address_is_found_while_nobody_has_proven_it(storage: &dyn Storage) {
    let claim = |seconds| {
        let mut user = a_user().with_email(ADA).build();
        user.identifiers[0].created_at = t0_plus(seconds);
        unit(storage, |unit| unit.users().insert(&user));
        user.id
    };
    let [_, last, _] = [claim(10), claim(30), claim(20)];
    assert_eq!(owner(storage, IdentifierKind::Email, ADA), Some(last));
}

pub fn an_account_is_found_by_its_number_too(storage: &dyn Storage) {
    let ada = a_user().with_phone("+31612345678").stored_in(storage);
    let found = owner(storage, IdentifierKind::Phone, "+31612345678");
    assert_eq!(found, Some(ada.id));
    let other_kind = owner(storage, IdentifierKind::Email, "+31612345678");
    assert_eq!(other_kind, None);
}

pub fn r2_rival_claims_are_the_other_unproven_ones_in_ascending_order(storage: &dyn Storage) {
    let mut rivals: Vec<UserId> = (0..3).map(|_| claimant(storage).id).collect();
    let ada = claimant(storage);
    rivals.push(claimant(storage).id);
    a_user().with_email("else@example.com").stored_in(storage);
    let prover = a_user().with_email(ADA).verified().stored_in(storage);

    let claims = |except| unit(storage, |unit| unit.users().rival_claims(IdentifierKind::Email, ADA, except));
    assert_eq!(claims(ada.id), rivals);
    rivals.insert(3, ada.id);
    assert_eq!(claims(prover.id), rivals);
    let of_numbers = unit(storage, |unit| unit.users().rival_claims(IdentifierKind::Phone, ADA, fresh_id()));
    assert_eq!(of_numbers, []);
}
