//! Passwords: stored beside the account, and read only where they are asked for.

use selfsame_domain::{IdentifierKind, PasswordHash, User};
use selfsame_ports::{Credentials, Storage, StorageError};

use super::support::{account, changed, once, read, save, unit};
use crate::builders::{a_user, fresh_id};

fn hash(phc: &str) -> PasswordHash {
    PasswordHash::from_phc(phc.to_owned())
}

fn set(storage: &dyn Storage, user: &User, phc: &str) {
    unit(storage, |unit| unit.accounts().set_password(user.id, &hash(phc)));
}

fn remove(storage: &dyn Storage, user: &User) {
    unit(storage, |unit| unit.accounts().remove_password(user.id));
}

/// The stored password, which every way to read it agrees on.
fn password(storage: &dyn Storage, user: &User) -> Option<PasswordHash> {
    let in_unit = unit(storage, |unit| unit.accounts().password(user.id));
    let credentials = read(storage, |queries| queries.credentials(user.id)).expect("the account is there");
    assert_eq!(credentials.password, in_unit);
    in_unit
}

pub fn a_password_reads_back_as_it_was_set_and_set_again(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage));
    assert_eq!(password(storage, &ada), None);
    for phc in ["$plain$one", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA+/"] {
        set(storage, &ada, phc);
        assert_eq!(password(storage, &ada), Some(hash(phc)));
    }
    assert_eq!(password(storage, &grace), None, "it is nobody else's");
    assert_eq!(account(storage, ada.id), Some(ada), "the account's own row is as it was");
}

pub fn a_password_that_was_removed_is_gone(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().with_password(hash("$plain$one")).stored_in(storage));
    remove(storage, &ada);
    assert_eq!(password(storage, &ada), None);
    assert_eq!(password(storage, &grace), Some(hash("$plain$one")));
    remove(storage, &ada);
    set(storage, &ada, "$plain$two");
    assert_eq!(password(storage, &ada), Some(hash("$plain$two")));
}

pub fn nobody_has_the_password_of_an_unknown_account(storage: &dyn Storage) {
    a_user().with_password(hash("$plain$one")).stored_in(storage);
    let unknown = unit(storage, |unit| unit.accounts().password(fresh_id()));
    assert_eq!(unknown, None);
    let refused = once(storage, |unit| unit.accounts().set_password(fresh_id(), &hash("$plain$two")));
    assert_eq!(refused, Err(StorageError::Conflict), "somebody removed the account since the unit looked");
}

pub fn r19_a_stronger_hash_takes_the_place_of_the_one_it_was_made_for(storage: &dyn Storage) {
    let user = a_user().with_password(hash("$old")).stored_in(storage);
    let bystander = a_user().with_password(hash("$old")).stored_in(storage);
    let rehash = |user: &User, old, new| {
        unit(storage, |unit| unit.accounts().rehash(user.id, &hash(old), &hash(new)));
    };
    rehash(&user, "$other", "$wrong");
    assert_eq!(password(storage, &user), Some(hash("$old")));
    rehash(&user, "$old", "$new");
    assert_eq!(password(storage, &user), Some(hash("$new")));
    assert_eq!(password(storage, &bystander), Some(hash("$old")));
    assert_eq!(account(storage, user.id), Some(user.clone()), "a rehash is no change of the account");

    remove(storage, &user);
    rehash(&user, "$new", "$revived");
    assert_eq!(password(storage, &user), None, "a password that was removed stays removed");
}

pub fn saving_an_account_keeps_its_password(storage: &dyn Storage) {
    let user = a_user().with_password(hash("$plain$one")).stored_in(storage);
    save(storage, &user, &changed(&user, |user| user.name = Some("Ada".to_owned()))).unwrap();
    assert_eq!(password(storage, &user), Some(hash("$plain$one")));
}

pub fn whoever_is_looked_up_to_sign_in_comes_with_the_password(storage: &dyn Storage) {
    let build = |name: &str, number| {
        let builder = a_user().with_username(name).with_email(&format!("{name}@example.com")).verified();
        builder.with_phone(number).with_email(&format!("{name}@claimed.example"))
    };
    let ada = build("ada", "+31612345678").with_password(hash("$plain$ada")).stored_in(storage);
    let grace = build("grace", "+31687654321").stored_in(storage);
    for (user, name, number, phc) in
        [(ada, "ada", "+31612345678", Some("$plain$ada")), (grace, "grace", "+31687654321", None)]
    {
        let expected = Some(Credentials { user, password: phc.map(hash) });
        let id = expected.as_ref().unwrap().user.id;
        let email = format!("{name}@example.com");
        let claimed = format!("{name}@claimed.example");
        assert_eq!(read(storage, |queries| queries.credentials(id)), expected);
        assert_eq!(read(storage, |queries| queries.by_username(name)), expected);
        assert_eq!(read(storage, |queries| queries.by_identifier(IdentifierKind::Email, &email)), expected);
        assert_eq!(read(storage, |queries| queries.by_identifier(IdentifierKind::Phone, number)), expected);
        assert_eq!(read(storage, |queries| queries.unproven_claim(IdentifierKind::Email, &claimed)), expected);
    }
}

pub fn the_newest_earlier_passwords_are_kept(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let hash = |number: i64| PasswordHash::from_phc(format!("$plain${number}"));
    for epoch in [0, 1, 4, 5] {
        unit(storage, |unit| {
            unit.accounts().set_password(ada.id, &hash(epoch))?;
            unit.accounts().keep_password(ada.id, epoch, 2)
        });
    }
    unit(storage, |unit| {
        unit.accounts().set_password(grace.id, &hash(9))?;
        unit.accounts().keep_password(grace.id, 0, 2)
    });
    assert_eq!(read(storage, |queries| queries.earlier_passwords(ada.id)), [hash(5), hash(4)]);
    assert_eq!(read(storage, |queries| queries.earlier_passwords(grace.id)), [hash(9)]);
    unit(storage, |unit| unit.accounts().delete(ada.id));
    assert_eq!(read(storage, |queries| queries.earlier_passwords(ada.id)), []);
}

pub fn an_account_without_a_password_has_none_to_keep(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    unit(storage, |unit| unit.accounts().keep_password(user.id, 0, 5));
    assert_eq!(read(storage, |queries| queries.earlier_passwords(user.id)), []);
}
