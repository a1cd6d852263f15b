//! Identities of other issuers: one for each pair of issuer and subject.

use selfsame_domain::{ExternalIdentity, SignIn, User};
use selfsame_ports::{Storage, StorageError};

use super::{
    sign_ins::stored,
    support::{once, read, unit},
};
use crate::builders::{a_sign_in, a_user, an_external_identity, fresh_id, t0, t0_plus};

fn insert(storage: &dyn Storage, identity: &ExternalIdentity) {
    unit(storage, |unit| unit.external_identities().insert(identity));
}

fn find(storage: &dyn Storage, identity: &ExternalIdentity) -> Option<(ExternalIdentity, Option<SignIn>)> {
    unit(storage, |unit| unit.external_identities().find(&identity.issuer, &identity.subject))
}

/// An identity of an account, with a sign-in.
fn in_use(storage: &dyn Storage, user: &User) -> (ExternalIdentity, SignIn) {
    let sign_in = stored(storage, a_sign_in(user));
    let identity = ExternalIdentity { sign_in_id: Some(sign_in.id), ..an_external_identity(user) };
    insert(storage, &identity);
    (identity, sign_in)
}

pub fn an_identity_reads_back_with_its_sign_in_and_its_account(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").stored_in(storage);
    let unused = an_external_identity(&user);
    insert(storage, &unused);
    assert_eq!(find(storage, &unused), Some((unused.clone(), None)));
    let (used, sign_in) = in_use(storage, &user);
    assert_eq!(find(storage, &used), Some((used.clone(), Some(sign_in.clone()))));
    for with_attributes in [false, true] {
        let look = |one: &ExternalIdentity| {
            read(storage, |queries| queries.external_identity(&one.issuer, &one.subject, with_attributes))
        };
        assert_eq!(look(&unused).map(|state| (state.identity, state.sign_in)), Some((unused.clone(), None)));
        let state = look(&used).unwrap().sign_in.unwrap();
        assert_eq!((&state.sign_in, state.user.id, state.attributes.is_some()), (&sign_in, user.id, with_attributes));
        assert_eq!(look(&ExternalIdentity { subject: "other".to_owned(), ..used.clone() }), None);
        assert_eq!(look(&ExternalIdentity { issuer: "other".to_owned(), ..used.clone() }), None);
    }
    let listed = read(storage, |queries| queries.external_identities(user.id));
    assert_eq!(listed.len(), 2);
    assert_eq!(unit(storage, |unit| unit.external_identities().of_user(user.id)), listed);
}

pub fn of_a_pair_of_issuer_and_subject_there_is_one_identity(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let first = an_external_identity(&ada);
    insert(storage, &first);
    let second = ExternalIdentity { id: fresh_id(), user_id: Some(grace.id), ..first.clone() };
    assert_eq!(once(storage, |unit| unit.external_identities().insert(&second)), Err(StorageError::Conflict));
    assert_eq!(find(storage, &first), Some((first, None)));
}

pub fn an_identity_changes_and_is_removed(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let (identity, _) = in_use(storage, &ada);
    let (user_id, tokens_not_before) = (Some(grace.id), Some(t0_plus(7)));
    let changed =
        ExternalIdentity { user_id, sign_in_id: None, tokens_not_before, created_at: t0_plus(9), ..identity.clone() };
    unit(storage, |unit| unit.external_identities().save(&changed));
    assert_eq!(find(storage, &identity), Some((changed, None)));
    let remove = || unit(storage, |unit| unit.external_identities().remove(identity.id));
    assert_eq!((remove(), remove(), find(storage, &identity)), (true, false, None));
}

pub fn an_identity_stays_without_its_account_when_that_is_removed(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (identity, _) = in_use(storage, &user);
    unit(storage, |unit| unit.accounts().delete(user.id));
    let left = ExternalIdentity { user_id: None, sign_in_id: None, ..identity.clone() };
    assert_eq!(find(storage, &identity), Some((left, None)));
}

pub fn r43_the_end_of_all_sign_ins_refuses_tokens_of_every_identity_but_the_one_that_stays(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let unused = an_external_identity(&ada);
    insert(storage, &unused);
    let ((kept, sign_in), (ended, _), (foreign, _)) =
        (in_use(storage, &ada), in_use(storage, &ada), in_use(storage, &grace));
    let not_before = |one: &ExternalIdentity| find(storage, one).unwrap().0.tokens_not_before;
    let end = |except, at| unit(storage, |unit| unit.sessions().end_sign_ins_of(ada.id, except, at));
    end(Some(sign_in.id), t0_plus(3));
    let found = [&unused, &ended, &kept, &foreign].map(not_before);
    assert_eq!(found, [Some(t0_plus(3)), Some(t0_plus(3)), None, None]);
    end(None, t0_plus(4));
    assert_eq!([&kept, &foreign].map(not_before), [Some(t0_plus(4)), None]);
}

pub fn r43_the_last_sign_in_of_an_identity_is_not_purged(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (identity, sign_in) = in_use(storage, &user);
    let other = stored(storage, a_sign_in(&user));
    unit(storage, |unit| unit.sessions().end_sign_ins_of(user.id, None, t0_plus(1)));
    let later = t0() + chrono::Duration::days(400);
    unit(storage, |unit| unit.sessions().purge(later, 100));
    let is_there = |id| read(storage, |queries| queries.sign_in(user.id, id, false)).is_some();
    assert_eq!((is_there(sign_in.id), is_there(other.id)), (true, false));
    unit(storage, |unit| unit.external_identities().save(&ExternalIdentity { sign_in_id: None, ..identity.clone() }));
    unit(storage, |unit| unit.sessions().purge(later, 100));
    assert!(!is_there(sign_in.id));
}
