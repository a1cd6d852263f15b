//! Which files accounts have as their pictures.

use selfsame_domain::{Picture, User};
use selfsame_ports::Storage;

use super::support::{read, unit};
use crate::builders::{a_user, t0};

fn an_account_with(storage: &dyn Storage, picture: Option<Picture>) -> User {
    let user = User { picture, ..a_user().build() };
    unit(storage, |unit| unit.accounts().insert(&user));
    user
}

/// Which of these files are in use, in order.
fn in_use(storage: &dyn Storage, names: &[String]) -> Vec<String> {
    let mut found = read(storage, |queries| queries.pictures_in_use(names));
    found.sort();
    found
}

fn name(number: usize) -> String {
    format!("{number:016x}.webp")
}

pub fn a_file_is_in_use_as_long_as_it_is_the_picture_of_an_account(storage: &dyn Storage) {
    let user = an_account_with(storage, Some(Picture::Stored(name(1))));
    an_account_with(storage, Some(Picture::Stored(name(2))));
    an_account_with(storage, Some(Picture::Link("https://example.com/a.webp".to_owned())));
    an_account_with(storage, None);
    let names = [name(1), name(2), name(3)];
    assert_eq!(in_use(storage, &names), names[..2]);
    assert_eq!(in_use(storage, &names[1..2]), names[1..2], "none but those that were asked about");
    assert_eq!(in_use(storage, &[]), Vec::<String>::new());

    let mut without = User { picture: None, ..user.clone() };
    without.touch(t0());
    unit(storage, |unit| unit.accounts().save(&user, &without));
    assert_eq!(in_use(storage, &names), names[1..2]);
}

pub fn a_thousand_files_can_be_asked_about_at_once(storage: &dyn Storage) {
    an_account_with(storage, Some(Picture::Stored(name(500))));
    let names: Vec<String> = (0..1000).map(name).collect();
    assert_eq!(in_use(storage, &names), [name(500)]);
}
