//! What users have allowed applications: one row for each account and application.

use selfsame_domain::{AuthorizedClient, Consent, Scopes, SignIn, User, UserId};
use selfsame_ports::{Storage, StorageError};

use super::{
    sign_ins::stored,
    support::{once, read, unit},
};
use crate::builders::{a_sign_in, a_user, t0, t0_plus};

fn a_consent(user: &User, client_id: &str, scope: &str) -> Consent {
    Consent {
        user_id: user.id,
        client_id: client_id.to_owned(),
        scopes: Scopes::known_in(scope),
        created_at: t0(),
        updated_at: t0_plus(1),
    }
}

fn save(storage: &dyn Storage, consent: &Consent) {
    unit(storage, |unit| unit.consents().save(consent));
}

fn all_of(storage: &dyn Storage, user: UserId) -> Vec<Consent> {
    read(storage, |queries| queries.consents(user))
}

pub fn a_consent_reads_back_as_it_was_saved(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let consent = a_consent(&ada, "app", "openid profile:write");
    save(storage, &consent);
    save(storage, &a_consent(&grace, "app", "openid"));
    assert_eq!(all_of(storage, ada.id), std::slice::from_ref(&consent));
    assert_eq!(unit(storage, |unit| unit.consents().find(ada.id, "app")), Some(consent));
    assert_eq!(unit(storage, |unit| unit.consents().find(ada.id, "other")), None);
    unit(storage, |unit| unit.accounts().delete(ada.id));
    assert_eq!(all_of(storage, ada.id), []);
}

pub fn a_consent_is_replaced_and_keeps_when_it_was_first_given(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    save(storage, &a_consent(&user, "app", "openid"));
    let more = Consent { created_at: t0_plus(5), updated_at: t0_plus(5), ..a_consent(&user, "app", "openid email") };
    save(storage, &more);
    assert_eq!(all_of(storage, user.id), [Consent { created_at: t0(), ..more }]);
}

pub fn consents_are_listed_in_the_order_in_which_they_were_first_given(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    save(storage, &Consent { created_at: t0_plus(9), ..a_consent(&user, "a", "openid") });
    for client in ["c", "b"] {
        save(storage, &a_consent(&user, client, "openid"));
    }
    let ids: Vec<_> = all_of(storage, user.id).into_iter().map(|consent| consent.client_id).collect();
    assert_eq!(ids, ["b", "c", "a"]);
}

pub fn r62_a_consent_is_removed_of_its_own_account_only(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    save(storage, &a_consent(&ada, "app", "openid"));
    let remove = |user: &User, client: &str| unit(storage, |unit| unit.consents().remove(user.id, client));
    assert!(!remove(&grace, "app") && !remove(&ada, "other"));
    assert!(remove(&ada, "app") && !remove(&ada, "app"));
}

pub fn consents_that_were_given_for_more_since_are_removed(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let later = |user, client| Consent { updated_at: t0_plus(3), ..a_consent(user, client, "openid") };
    let (early, other) = (a_consent(&ada, "early", "openid"), later(&grace, "app"));
    for consent in [&early, &later(&ada, "app"), &other] {
        save(storage, consent);
    }
    unit(storage, |unit| unit.consents().remove_since(ada.id, t0_plus(1)));
    assert_eq!(all_of(storage, ada.id), [early]);
    assert_eq!(all_of(storage, grace.id), [other]);
}

pub fn a_consent_of_an_account_that_is_gone_is_a_conflict(storage: &dyn Storage) {
    let consent = a_consent(&a_user().build(), "app", "openid");
    assert_eq!(once(storage, |unit| unit.consents().save(&consent)), Err(StorageError::Conflict));
}

pub fn the_sign_ins_of_one_application_of_one_account_end(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let of = |user: &User, client: Option<&str>| {
        let scopes = Scopes::known_in("openid email");
        let client = client.map(|id| AuthorizedClient { id: id.to_owned(), scopes });
        stored(storage, SignIn { client, ..a_sign_in(user) })
    };
    let (one, two) = (of(&ada, Some("app")), of(&ada, Some("app")));
    let others = [of(&ada, Some("other")), of(&ada, None), of(&grace, Some("app"))];
    let end = || unit(storage, |unit| unit.sessions().end_sign_ins_of_client(ada.id, "app", t0_plus(3)));
    assert_eq!((end(), end()), (2, 0));
    let found = |sign_in: &SignIn| {
        let found = read(storage, |queries| queries.sign_in(sign_in.user_id, sign_in.id, false));
        found.map(|found| found.sign_in)
    };
    for ended in [one, two] {
        assert_eq!(found(&ended), Some(SignIn { ended_at: Some(t0_plus(3)), ..ended }));
    }
    for kept in others {
        assert_eq!(found(&kept), Some(kept));
    }
}
