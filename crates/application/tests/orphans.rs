//! The sweep of files that no account has, over memory.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{cell::Cell, time::Duration};

use common::*;
use selfsame_application::{
    data::purge::Purge,
    profile::update::{NewPicture, UpdateProfile},
};
use selfsame_domain::{Change, Picture};
use selfsame_ports::{BlobError, Blobs as _, Storage as _, StorageError};
use selfsame_testing::fakes::FakePictures;

const DAY: Duration = Duration::from_hours(24);

fn purge(test: &TestCore) -> usize {
    Purge { keep: chrono::Duration::days(7) }.execute(&test.core, &|| false).unwrap()
}

/// What a crash leaves between storing a file and the commit: a file that nobody has.
fn orphan(test: &TestCore, number: usize) -> String {
    let name = format!("{number:080x}.png");
    test.blobs.put(&name, b"picture", test.ports.clock.now()).unwrap();
    name
}

/// An account with a picture; returns the name of its file.
fn with_a_picture(test: &TestCore, email: &str) -> String {
    test.verified_user(email);
    let caller = test.caller(&test.tokens(email));
    let picture = Change::Set(NewPicture::Bytes(FakePictures::a_picture(1)));
    let update = UpdateProfile { picture, context: context(), ..UpdateProfile::default() };
    match update.execute(&test.core, &caller).unwrap().user.picture {
        Some(Picture::Stored(name)) => name,
        other => panic!("{other:?}"),
    }
}

fn in_order<const N: usize>(names: [&String; N]) -> Vec<String> {
    let mut names = names.map(Clone::clone).to_vec();
    names.sort();
    names
}

#[test]
fn a_file_that_no_account_has_goes_after_a_day_and_the_picture_of_an_account_stays() {
    let test = TestCore::with(|_, limits| limits.enabled = false);
    let picture = with_a_picture(&test, "ada@example.com");
    let old = orphan(&test, 1);
    test.clock.advance(DAY);
    let young = orphan(&test, 2);
    purge(&test);
    assert_eq!(test.blobs.names(), in_order([&picture, &old, &young]), "a day old is not older than a day");
    tick(&test);
    assert_eq!(purge(&test), 1, "it counts the file");
    assert_eq!(test.blobs.names(), in_order([&picture, &young]));
}

#[test]
fn a_picture_that_was_replaced_while_the_store_was_away_goes_too() {
    let test = TestCore::new();
    let picture = with_a_picture(&test, "ada@example.com");
    let caller = test.caller(&test.tokens("ada@example.com"));
    test.blobs.fail_with(Some(BlobError::Unavailable("away".to_owned())));
    let none = UpdateProfile { picture: Change::Clear, context: context(), ..UpdateProfile::default() };
    none.execute(&test.core, &caller).unwrap();
    test.blobs.fail_with(None);
    assert_eq!(test.blobs.names(), [picture]);
    test.clock.advance(2 * DAY);
    purge(&test);
    assert!(test.blobs.names().is_empty());
}

#[test]
fn however_many_orphans_there_are_go_in_one_round_and_no_picture_among_them() {
    let test = TestCore::new();
    let picture = with_a_picture(&test, "ada@example.com");
    for number in 0..1203 {
        // Before and behind the picture, whatever its name is.
        orphan(&test, number + if number % 2 == 0 { 0 } else { usize::MAX / 2 });
    }
    test.clock.advance(2 * DAY);
    purge(&test);
    assert_eq!(test.blobs.names(), [picture]);
}

#[test]
fn r89_a_sweep_that_is_told_to_stop_leaves_the_rest_to_the_next() {
    let test = TestCore::new();
    for number in 0..1203 {
        orphan(&test, number);
    }
    test.clock.advance(2 * DAY);
    // Whoever comes before the sweep has nothing to do and asks once for each table.
    let tables = Cell::new(0);
    let count = || {
        tables.set(tables.get() + 1);
        false
    };
    let round = Purge { keep: chrono::Duration::days(7) };
    test.blobs.fail_with(Some(BlobError::Unavailable("away".to_owned())));
    round.execute(&test.core, &count).unwrap();
    test.blobs.fail_with(None);
    let asked = Cell::new(0);
    let after_a_page = || asked.replace(asked.get() + 1) >= tables.get();
    assert_eq!(round.execute(&test.core, &after_a_page), Ok(500));
    assert_eq!(test.blobs.names().len(), 703);
    assert_eq!(purge(&test), 703);
}

#[test]
fn r98_a_store_that_is_away_keeps_nothing_else_from_being_purged() {
    let test = TestCore::new();
    let name = orphan(&test, 1);
    let unproven = test.unverified_user("bob@example.com").id;
    test.clock.advance(8 * DAY);
    test.blobs.fail_with(Some(BlobError::Unavailable("away".to_owned())));
    purge(&test);
    test.blobs.fail_with(None);
    assert_eq!(test.storage.read().unwrap().user(unproven), Ok(None));
    assert_eq!(test.blobs.names(), [name]);
    assert_eq!(purge(&test), 1);
}

#[test]
fn r91_no_file_is_deleted_while_the_database_cannot_say_whose_it_is() {
    let test = TestCore::new();
    let picture = with_a_picture(&test, "ada@example.com");
    let name = orphan(&test, 1);
    test.clock.advance(2 * DAY);
    test.storage.fail_with(StorageError::Unavailable("away".to_owned()));
    let round = Purge { keep: chrono::Duration::days(7) }.execute(&test.core, &|| false);
    assert!(round.is_err());
    test.storage.recover();
    assert_eq!(test.blobs.names(), in_order([&picture, &name]));
}
