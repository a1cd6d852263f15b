//! Usernames: public handles, unique by how they look as shown and in lower case (R6).

use selfsame_domain::{User, Username};
use selfsame_ports::{Storage, StorageError, Unique};

use super::support::{account, changed, once, read, retried, save, unit};
use crate::{
    builders::{a_user, t0_plus},
    suites::threads::together,
};

const TAKEN: Result<(), StorageError> = Err(StorageError::Taken(Unique::PreferredUsername));

fn named(handle: &str) -> User {
    a_user().with_username(handle).build()
}

fn insert(storage: &dyn Storage, user: &User) -> Result<(), StorageError> {
    once(storage, |unit| unit.accounts().insert(user))
}

/// The account after it has taken another handle.
fn renamed(user: &User, handle: &str) -> User {
    changed(user, |user| user.preferred_username = Some(Username::parse(handle).unwrap()))
}

pub fn an_account_is_found_by_its_canonical_username(storage: &dyn Storage) {
    let ada = a_user().with_username("AdaL").stored_in(storage);
    a_user().with_username("grace").stored_in(storage);
    let find = |canonical: &str| read(storage, |queries| queries.by_username(canonical)).map(|found| found.user);
    assert_eq!(find("adal"), Some(ada));
    assert_eq!(find("adali"), None);
}

pub fn r6_a_username_is_taken_in_any_case_and_by_look_alikes(storage: &dyn Storage) {
    a_user().with_username("paypal").stored_in(storage);
    for rival in ["paypal", "PayPal", "paypa1", "paypaI"] {
        let rival = named(rival);
        assert_eq!(insert(storage, &rival), TAKEN);
        assert_eq!(account(storage, rival.id), None);
    }
}

pub fn r6_a_username_is_taken_by_how_it_looks_as_shown_and_in_lower_case(storage: &dyn Storage) {
    for (one, other) in [("paypaI", "paypal"), ("paypaI", "paypai"), ("JohnDoe", "johndoe"), ("AdaI", "adal")] {
        for (first, second) in [(one, other), (other, one)] {
            let first = named(first);
            insert(storage, &first).unwrap();
            assert_eq!(insert(storage, &named(second)), TAKEN, "{first:?} before {second}");
            unit(storage, |unit| unit.accounts().delete(first.id));
        }
    }
    insert(storage, &named("paypal")).unwrap();
    insert(storage, &named("paypai")).unwrap();
}

pub fn any_number_of_accounts_have_no_username(storage: &dyn Storage) {
    for _ in 0..3 {
        a_user().stored_in(storage);
    }
}

pub fn r6_saving_a_username_of_somebody_else_is_refused(storage: &dyn Storage) {
    a_user().with_username("paypal").stored_in(storage);
    let user = a_user().with_username("ada").stored_in(storage);
    for greedy in ["paypal", "paypa1", "paypaI"] {
        assert_eq!(save(storage, &user, &renamed(&user, greedy)), TAKEN, "{greedy}");
    }
    assert_eq!(account(storage, user.id), Some(user));
}

pub fn a_username_may_change_its_case_and_is_free_once_given_up(storage: &dyn Storage) {
    let ada = a_user().with_username("ada").stored_in(storage);
    let shouting = renamed(&ada, "ADA");
    save(storage, &ada, &shouting).unwrap();
    let nameless = changed(&shouting, |user| user.preferred_username = None);
    save(storage, &shouting, &nameless).unwrap();
    a_user().with_username("ada").stored_in(storage);
}

pub fn r6_renaming_frees_what_the_old_name_looked_like(storage: &dyn Storage) {
    let shown = a_user().with_username("paypaI").stored_in(storage);
    let folded = renamed(&shown, "paypai");
    save(storage, &shown, &folded).unwrap();
    assert_eq!(insert(storage, &named("paypai")), TAKEN, "the new name is the account's");
    a_user().with_username("paypal").stored_in(storage);

    save(storage, &folded, &renamed(&folded, "grace")).unwrap();
    a_user().with_username("paypai").stored_in(storage);
    assert_eq!(insert(storage, &named("Grace")), TAKEN);
}

pub fn r6_saving_another_field_keeps_the_username(storage: &dyn Storage) {
    let ada = a_user().with_username("AdaI").stored_in(storage);
    save(storage, &ada, &changed(&ada, |user| user.name = Some("Ada".to_owned()))).unwrap();
    for rival in ["adai", "adal"] {
        assert_eq!(insert(storage, &named(rival)), TAKEN, "{rival}");
    }
}

fn wanted_by_twenty(storage: &dyn Storage, handle: impl Fn(usize) -> &'static str + Sync) {
    let answers = together(20, |number| {
        let user = named(handle(number));
        retried(storage, |unit| unit.accounts().insert(&user))
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let refused = answers.iter().filter(|&answer| *answer == TAKEN);
    assert_eq!(refused.count(), 19, "{answers:?}");
}

pub fn one_username_wanted_by_twenty_accounts_goes_to_one(storage: &dyn Storage) {
    wanted_by_twenty(storage, |_| "ada");
}

pub fn r6_look_alikes_wanted_by_twenty_accounts_go_to_one(storage: &dyn Storage) {
    wanted_by_twenty(storage, |number| if number % 2 == 0 { "paypaI" } else { "paypal" });
}

fn hold(storage: &dyn Storage, user: &User, handle: &str, until: i64) {
    let name = Username::parse(handle).unwrap();
    unit(storage, |unit| unit.accounts().hold_username(user.id, &name, t0_plus(until)));
}

/// Whether a name is held at an instant for somebody else than this account.
fn is_held(storage: &dyn Storage, user: &User, handle: &str, at: i64) -> bool {
    let name = Username::parse(handle).unwrap();
    unit(storage, |unit| unit.accounts().is_username_held(&name, user.id, t0_plus(at)))
}

pub fn r6_a_held_username_is_held_for_its_owner_by_how_it_looks_and_until_its_time(storage: &dyn Storage) {
    let [ada, eve] = [(); 2].map(|()| a_user().stored_in(storage));
    hold(storage, &ada, "paypaI", 10);
    for look_alike in ["paypaI", "paypal", "PayPal", "paypai"] {
        assert!(is_held(storage, &eve, look_alike, 9), "{look_alike}");
        assert!(!is_held(storage, &ada, look_alike, 9), "{look_alike}");
        assert!(!is_held(storage, &eve, look_alike, 10), "{look_alike}");
    }
    assert!(!is_held(storage, &eve, "grace", 9));
}

pub fn r6_of_a_name_that_is_given_up_and_wanted_at_once_nobody_else_gets_it(storage: &dyn Storage) {
    let ada = a_user().with_username("ada").stored_in(storage);
    let nameless = changed(&ada, |user| user.preferred_username = None);
    let answers = together(12, |number| {
        if number == 0 {
            return retried(storage, |unit| {
                unit.accounts().save(&ada, &nameless)?;
                unit.accounts().hold_username(ada.id, &Username::parse("ada").unwrap(), t0_plus(99))
            });
        }
        let user = named("ada");
        retried(storage, |unit| {
            unit.accounts().insert(&user)?;
            let is_held = unit.accounts().is_username_held(&Username::parse("ada").unwrap(), user.id, t0_plus(1))?;
            if is_held { Err(StorageError::Taken(Unique::PreferredUsername)) } else { Ok(()) }
        })
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert_eq!(account(storage, ada.id), Some(nameless));
}

pub fn a_name_is_held_anew_by_whoever_gave_it_up_last(storage: &dyn Storage) {
    let [ada, eve] = [(); 2].map(|()| a_user().stored_in(storage));
    hold(storage, &ada, "lovelace", 10);
    hold(storage, &eve, "lovelace", 20);
    assert!(is_held(storage, &ada, "lovelace", 15) && !is_held(storage, &eve, "lovelace", 15));
}

pub fn holds_are_purged_by_age_and_in_portions_and_go_with_their_account(storage: &dyn Storage) {
    let [ada, eve] = [(); 2].map(|()| a_user().stored_in(storage));
    for (handle, until) in [("first", 10), ("second", 20), ("third", 30)] {
        hold(storage, &ada, handle, until);
    }
    let purge =
        |before: i64, limit: i64| unit(storage, |unit| unit.accounts().purge_username_holds(t0_plus(before), limit));
    assert_eq!([purge(10, 9), purge(25, 1), purge(25, 9), purge(25, 9)], [0, 1, 1, 0]);
    assert!(is_held(storage, &eve, "third", 1));
    unit(storage, |unit| unit.accounts().delete(ada.id));
    assert!(!is_held(storage, &eve, "third", 1));
}
