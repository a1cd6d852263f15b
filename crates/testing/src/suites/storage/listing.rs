//! Accounts as an operator lists them: page by page, in the order in which they were made.

use selfsame_domain::{User, UserId};
use selfsame_ports::Storage;

use super::support::{read, unit};
use crate::builders::{a_user, fresh_id};

fn listed(storage: &dyn Storage, after: Option<UserId>, limit: i64) -> Vec<UserId> {
    read(storage, |queries| queries.list_users(after, limit)).into_iter().map(|user| user.id).collect()
}

pub fn accounts_are_listed_in_ascending_order_of_their_ids(storage: &dyn Storage) {
    assert_eq!(listed(storage, None, 10), []);
    let [first, second, third] = [(); 3].map(|()| fresh_id());
    let with_two = a_user().with_email("grace@example.com").with_email("g@example.com");
    let full = a_user().with_username("ada").with_email("ada@example.com").verified().with_phone("+31612345678");
    let users = [with_two.build(), full.build(), a_user().build()];
    let users: Vec<User> =
        users.into_iter().zip([first, second, third]).map(|(user, id)| User { id, ..user }).collect();
    for user in users.iter().rev() {
        unit(storage, |unit| unit.accounts().insert(user));
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
