//! Addresses and numbers: who claims one, who has proven it, which is primary.

use selfsame_domain::{Identifier, IdentifierKind, User, UserId};
use selfsame_ports::{Storage, StorageError, Unique};

use super::support::{account, changed, once, read, retried, save, unit};
use crate::{
    builders::{a_user, fresh_id, t0_plus, the_identifier},
    suites::threads::together,
};

const ADA: &str = "ada@example.com";
const PHONE: &str = "+31612345678";

/// Saves what is done to the identifiers of an account.
fn change(storage: &dyn Storage, user: &User, change: impl FnOnce(&mut Vec<Identifier>)) -> Result<User, StorageError> {
    let next = changed(user, |user| change(&mut user.identifiers));
    save(storage, user, &next).map(|()| next)
}

fn identifiers(storage: &dyn Storage, user: UserId) -> Vec<Identifier> {
    account(storage, user).expect("the account is there").identifiers
}

fn owner(storage: &dyn Storage, kind: IdentifierKind, canonical: &str) -> Option<UserId> {
    let found = read(storage, |queries| queries.by_identifier(kind, canonical));
    found.map(|found| found.user.id)
}

fn claimant(storage: &dyn Storage) -> User {
    a_user().with_email(ADA).stored_in(storage)
}

/// Proves the user's one address.
fn prove(storage: &dyn Storage, user: &User) -> Result<User, StorageError> {
    change(storage, user, |identifiers| identifiers[0].verified_at = Some(t0_plus(90)))
}

/// Another address, not primary.
fn another(address: &str) -> Identifier {
    let user = a_user().with_email("x@example.com").with_email(address);
    user.build().identifiers.remove(1)
}

pub fn identifiers_come_oldest_first(storage: &dyn Storage) {
    let mut user = a_user().with_email("c@example.com").with_phone(PHONE).with_email("a@example.com").build();
    for (identifier, age) in user.identifiers.iter_mut().zip([20, 30, 10]) {
        identifier.created_at = t0_plus(-age);
    }
    unit(storage, |unit| unit.accounts().insert(&user));
    let mut user = change(storage, &user, |identifiers| identifiers.push(another("b@example.com"))).unwrap();
    user.identifiers.sort_by_key(|identifier| identifier.created_at);
    assert_eq!(identifiers(storage, user.id), user.identifiers);
    let locked = unit(storage, |unit| unit.accounts().lock(user.id));
    assert_eq!(locked, Some(user));
}

pub fn saving_inserts_updates_and_deletes_identifiers(storage: &dyn Storage) {
    let user = a_user().with_email(ADA).with_phone(PHONE).stored_in(storage);
    let next = change(storage, &user, |identifiers| {
        identifiers.pop();
        identifiers[0].verified_at = Some(t0_plus(3));
        identifiers[0].is_second_factor = true;
        identifiers[0].value = identifiers[0].value.to_uppercase();
        identifiers.push(another("new@example.com"));
    });
    let next = next.unwrap();
    assert_eq!(account(storage, user.id), Some(next));
    let stale = owner(storage, IdentifierKind::Phone, PHONE);
    assert_eq!(stale, None);
}

pub fn the_primary_is_handed_over_in_one_save(storage: &dyn Storage) {
    let mut user = a_user().with_email("one@example.com").with_email("two@example.com").verified().stored_in(storage);
    for [one, two] in [[false, true], [true, false]] {
        user = change(storage, &user, |identifiers| {
            (identifiers[0].is_primary, identifiers[1].is_primary) = (one, two);
        })
        .unwrap();
        assert_eq!(identifiers(storage, user.id), user.identifiers);
    }
}

pub fn the_primary_is_handed_over_to_an_address_that_is_new(storage: &dyn Storage) {
    let new = |address| Identifier { is_primary: true, verified_at: Some(t0_plus(9)), ..another(address) };
    let user = a_user().with_email("old@example.com").stored_in(storage);
    let user = change(storage, &user, |identifiers| {
        identifiers[0].is_primary = false;
        identifiers.push(new("kept@example.com"));
    })
    .unwrap();
    assert_eq!(identifiers(storage, user.id), user.identifiers);
    let user = change(storage, &user, |identifiers| {
        identifiers.pop();
        identifiers.push(new("in-its-place@example.com"));
    })
    .unwrap();
    assert_eq!(identifiers(storage, user.id), user.identifiers);
}

pub fn an_account_has_one_primary_address_and_one_primary_number(storage: &dyn Storage) {
    let user = a_user().with_email("one@example.com").with_phone(PHONE).stored_in(storage);
    let second = Identifier { is_primary: true, ..another("two@example.com") };
    let refused = change(storage, &user, |identifiers| identifiers.push(second.clone()));
    assert!(matches!(refused, Err(StorageError::Internal(_))), "{refused:?}");
    assert_eq!(identifiers(storage, user.id), user.identifiers);

    let mut two_of_them = a_user().with_email("three@example.com").build();
    two_of_them.identifiers.push(second);
    let refused = once(storage, |unit| unit.accounts().insert(&two_of_them));
    assert!(matches!(refused, Err(StorageError::Internal(_))), "{refused:?}");
}

pub fn an_account_has_an_address_once(storage: &dyn Storage) {
    let user = a_user().with_email(ADA).stored_in(storage);
    let twice = change(storage, &user, |identifiers| identifiers.push(another(ADA)));
    assert_eq!(twice, Err(StorageError::Conflict));
    assert_eq!(identifiers(storage, user.id), user.identifiers);
    let inserted = a_user().with_email(ADA).with_email(ADA).build();
    let twice = once(storage, |unit| unit.accounts().insert(&inserted));
    assert_eq!(twice, Err(StorageError::Conflict));
}

pub fn an_address_that_goes_may_come_again_in_the_same_save(storage: &dyn Storage) {
    let user = a_user().with_email("one@example.com").with_email(ADA).verified().stored_in(storage);
    let again = change(storage, &user, |identifiers| {
        identifiers.pop();
        identifiers.push(Identifier { verified_at: Some(t0_plus(99)), ..another(ADA) });
    });
    assert_eq!(account(storage, user.id), Some(again.unwrap()));
}

pub fn an_identifier_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let ada = claimant(storage);
    let grace = a_user().stored_in(storage);
    let stolen = || Identifier { id: ada.identifiers[0].id, ..another("grace@example.com") };
    let refused = change(storage, &grace, |identifiers| identifiers.push(stolen()));
    assert_eq!(refused, Err(StorageError::Conflict));
    let inserted = User { identifiers: vec![stolen()], ..a_user().build() };
    let refused = once(storage, |unit| unit.accounts().insert(&inserted));
    assert_eq!(refused, Err(StorageError::Conflict));
    assert_eq!(identifiers(storage, ada.id), ada.identifiers);
}

pub fn a_save_reaches_no_identifier_of_another_account(storage: &dyn Storage) {
    let ada = claimant(storage);
    let mallory = a_user().stored_in(storage);
    let before = User { identifiers: ada.identifiers.clone(), ..mallory };
    let proven = change(storage, &before, |identifiers| identifiers[0].verified_at = Some(t0_plus(9)));
    assert_eq!(proven, Err(StorageError::Conflict));
    assert_eq!(identifiers(storage, ada.id), ada.identifiers);
    // Whether that is an error or nothing at all is the adapter's business.
    let _ = change(storage, &before, Vec::clear);
    assert_eq!(identifiers(storage, ada.id), ada.identifiers);
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
    prove(storage, &ada).unwrap();

    assert_eq!(prove(storage, &rival), Err(taken.clone()));
    let other = a_user().with_email("other@example.com").stored_in(storage);
    let inserted = Identifier { verified_at: Some(t0_plus(1)), ..another(ADA) };
    let refused = change(storage, &other, |identifiers| identifiers.push(inserted));
    assert_eq!(refused, Err(taken.clone()));
    let late = a_user().with_email(ADA).verified().build();
    let refused = once(storage, |unit| unit.accounts().insert(&late));
    assert_eq!(refused, Err(taken));

    assert_eq!(account(storage, rival.id), Some(rival));
    assert_eq!(account(storage, other.id), Some(other));
    assert_eq!(owner(storage, IdentifierKind::Email, ADA), Some(ada.id));
}

pub fn r3_a_proven_address_may_still_be_claimed(storage: &dyn Storage) {
    a_user().with_email(ADA).verified().stored_in(storage);
    claimant(storage);
}

pub fn r3_a_proven_address_is_free_once_its_account_gives_it_up(storage: &dyn Storage) {
    let ada = a_user().with_email("first@example.com").with_email(ADA).verified().stored_in(storage);
    let rival = claimant(storage);
    let both = once(storage, |unit| {
        let without = changed(&ada, |user| user.identifiers.truncate(1));
        unit.accounts().save(&ada, &without)?;
        let proven = changed(&rival, |user| user.identifiers[0].verified_at = Some(t0_plus(9)));
        unit.accounts().save(&rival, &proven)
    });
    assert_eq!(both, Ok(()));
    assert_eq!(owner(storage, IdentifierKind::Email, ADA), Some(rival.id));
}

pub fn r3_one_address_proven_by_twelve_accounts_at_once_goes_to_one(storage: &dyn Storage) {
    let users: Vec<User> = (0..12).map(|_| claimant(storage)).collect();
    let answers = together(users.len(), |number| {
        retried(storage, |unit| {
            let before = unit.accounts().lock(users[number].id)?.expect("the account is there");
            let after = changed(&before, |user| user.identifiers[0].verified_at = Some(t0_plus(90)));
            unit.accounts().save(&before, &after)
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

fn claim(storage: &dyn Storage, seconds: i64) -> UserId {
    let mut user = a_user().with_email(ADA).with_email("second@example.com").with_phone(PHONE).build();
    the_address(&mut user).created_at = t0_plus(seconds);
    unit(storage, |unit| unit.accounts().insert(&user));
    user.id
}

fn the_address(user: &mut User) -> &mut Identifier {
    &mut user.identifiers[0]
}

pub fn r1_the_last_to_claim_an_address_is_found_whoever_has_proven_it(storage: &dyn Storage) {
    let claimed = || read(storage, |queries| queries.unproven_claim(IdentifierKind::Email, ADA));
    a_user().with_email("else@example.com").stored_in(storage);
    a_user().with_email(ADA).verified().stored_in(storage);
    assert_eq!(claimed(), None);
    let [_, last, _] = [10, 30, 20].map(|seconds| claim(storage, seconds));
    let found = claimed().expect("there are claims").user;
    assert_eq!((found.id, found.identifiers.len()), (last, 3), "with all of its identifiers");
    let of_numbers = read(storage, |queries| queries.unproven_claim(IdentifierKind::Phone, ADA));
    assert_eq!(of_numbers, None);
}

pub fn the_last_to_claim_an_address_is_found_while_nobody_has_proven_it(storage: &dyn Storage) {
    let [_, last, _] = [10, 30, 20].map(|seconds| claim(storage, seconds));
    assert_eq!(owner(storage, IdentifierKind::Email, ADA), Some(last));
}

pub fn an_account_is_found_by_its_number_too(storage: &dyn Storage) {
    let ada = a_user().with_phone(PHONE).stored_in(storage);
    let found = owner(storage, IdentifierKind::Phone, PHONE);
    assert_eq!(found, Some(ada.id));
    assert_eq!(the_identifier(&ada, IdentifierKind::Phone).canonical, PHONE);
    let other_kind = owner(storage, IdentifierKind::Email, PHONE);
    assert_eq!(other_kind, None);
}

pub fn r2_rival_claims_are_the_other_unproven_ones_in_ascending_order(storage: &dyn Storage) {
    let mut rivals: Vec<UserId> = (0..3).map(|_| claimant(storage).id).collect();
    let ada = claimant(storage);
    rivals.push(claimant(storage).id);
    a_user().with_email("else@example.com").stored_in(storage);
    let prover = a_user().with_email(ADA).verified().stored_in(storage);

    let claims = |except| unit(storage, |unit| unit.accounts().rival_claims(IdentifierKind::Email, ADA, except));
    assert_eq!(claims(ada.id), rivals);
    rivals.insert(3, ada.id);
    assert_eq!(claims(prover.id), rivals);
    let of_numbers = unit(storage, |unit| unit.accounts().rival_claims(IdentifierKind::Phone, ADA, fresh_id()));
    assert_eq!(of_numbers, []);
}

pub fn r3_whether_another_account_has_proven_an_address_is_known(storage: &dyn Storage) {
    let (ada, eve) = (a_user().with_email(ADA).verified().stored_in(storage), claimant(storage));
    let is_proven = |kind, canonical: &str, except| {
        unit(storage, |unit| unit.accounts().is_proven_by_another(kind, canonical, except))
    };
    assert!(is_proven(IdentifierKind::Email, ADA, eve.id));
    assert!(!is_proven(IdentifierKind::Email, ADA, ada.id), "a claim is none");
    assert!(!is_proven(IdentifierKind::Phone, ADA, eve.id));
    assert!(!is_proven(IdentifierKind::Email, "else@example.com", eve.id));
}
