//! Free-form attributes: stored beside the account, and read only where they are asked for.

use selfsame_domain::{Attributes, SignIn, User, UserId};
use selfsame_ports::{Storage, StorageError};
use serde_json::json;

use super::{
    sign_ins::stored_sign_in,
    support::{account, changed, once, read, save, unit},
};
use crate::builders::{a_user, fresh_id};

fn parsed(json: &str) -> Attributes {
    Attributes::parse(json).unwrap()
}

fn write(storage: &dyn Storage, user: &User, attributes: &Attributes) {
    unit(storage, |unit| unit.accounts().save_attributes(user.id, attributes));
}

/// Those of an account, which a unit and a read see alike.
fn attributes_of(storage: &dyn Storage, user: UserId) -> Attributes {
    let in_unit = unit(storage, |unit| unit.accounts().attributes(user));
    assert_eq!(read(storage, |queries| queries.attributes(user)), in_unit);
    in_unit
}

fn stored(storage: &dyn Storage, user: &User) -> Attributes {
    attributes_of(storage, user.id)
}

pub fn an_account_has_no_attributes_until_some_are_saved(storage: &dyn Storage) {
    let ada = a_user().stored_in(storage);
    a_user().with_attributes(json!({"theme": "dark"})).stored_in(storage);
    assert_eq!(stored(storage, &ada), Attributes::default());
    assert_eq!(attributes_of(storage, fresh_id()), Attributes::default());
}

pub fn attributes_read_back_as_they_were_saved_and_saved_again(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().with_attributes(json!({"theme": "dark"})).stored_in(storage));
    for json in [r#"{"tags":["a","b"],"theme":{"dark":true}}"#, r#"{"tags":[]}"#, "{}"] {
        write(storage, &ada, &parsed(json));
        assert_eq!(stored(storage, &ada), parsed(json));
    }
    assert_eq!(stored(storage, &grace), parsed(r#"{"theme":"dark"}"#), "they are nobody else's");
}

pub fn attributes_and_account_are_written_each_by_itself(storage: &dyn Storage) {
    let ada = a_user().with_attributes(json!({"theme": "dark"})).stored_in(storage);
    write(storage, &ada, &parsed(r#"{"theme":"light"}"#));
    assert_eq!(account(storage, ada.id), Some(ada.clone()), "version and updated_at are as they were");
    save(storage, &ada, &changed(&ada, |user| user.name = Some("Ada".to_owned()))).unwrap();
    assert_eq!(stored(storage, &ada), parsed(r#"{"theme":"light"}"#));
}

pub fn attributes_of_an_account_that_is_gone_are_a_conflict(storage: &dyn Storage) {
    let refused = once(storage, |unit| unit.accounts().save_attributes(fresh_id(), &parsed(r#"{"a":1}"#)));
    assert_eq!(refused, Err(StorageError::Conflict));
}

pub fn attributes_come_with_a_sign_in_where_they_are_asked_for(storage: &dyn Storage) {
    let ada = a_user().with_attributes(json!({"theme": "dark"})).stored_in(storage);
    let grace = a_user().stored_in(storage);
    let asked = |sign_in: &SignIn, with_attributes| {
        let state = read(storage, |queries| queries.sign_in(sign_in.user_id, sign_in.id, with_attributes));
        state.expect("the sign-in is there").attributes
    };
    let [of_ada, of_grace] = [&ada, &grace].map(|user| stored_sign_in(storage, user));
    assert_eq!(asked(&of_ada, true), Some(parsed(r#"{"theme":"dark"}"#)));
    assert_eq!(asked(&of_ada, false), None);
    assert_eq!(asked(&of_grace, true), Some(Attributes::default()), "it has none");
}
