//! What the fakes do on request: fail, stand still, be busy, keep what they are given.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{panic, sync::Arc, thread, time::Duration};

use selfsame_domain::{Instant, Password};
use selfsame_ports::{
    BlobError, Blobs as _, Charge, Clock as _, Mail, MailError, Mailer as _, Message, PasswordError,
    PasswordHasher as _, PictureError, Pictures as _, RateLimits as _, Storage, StorageError, Unique, Vault as _,
};
use selfsame_testing::{
    builders::{a_message, a_user, t0},
    fakes::{FakePictures, FixedClock, MemoryBlobs, PlainPasswords, RecordingMailer, TestVault, code_of, link_of},
    memory::MemoryStorage,
};

fn unavailable() -> StorageError {
    StorageError::Unavailable("down".to_owned())
}

#[test]
fn r91_in_an_outage_nothing_of_the_storage_works_and_afterwards_all_does() {
    let storage = MemoryStorage::new();
    let user = a_user().stored_in(&storage);
    let budget = [Charge { key: [7; 32], cost: Duration::from_secs(1), capacity: Duration::from_secs(1) }];
    let mut queries = storage.read().unwrap();
    let mut open = storage.begin().unwrap();

    storage.fail_with(unavailable());
    assert_eq!(storage.ready(), Err(unavailable()));
    assert_eq!(storage.read().err(), Some(unavailable()));
    assert_eq!(storage.begin().err(), Some(unavailable()));
    assert_eq!(queries.user(user.id), Err(unavailable()));
    assert_eq!(open.accounts().lock(user.id), Err(unavailable()));
    assert_eq!(storage.take(&budget, t0()), Err(unavailable()));
    assert!(open.commit().is_err());

    storage.recover();
    assert_eq!(storage.ready(), Ok(()));
    assert_eq!(queries.user(user.id), Ok(Some(user)));
    assert_eq!(storage.take(&budget, t0()), Ok(None), "nothing was spent");
}

#[test]
fn a_commit_that_was_told_to_fail_changes_nothing() {
    let storage = MemoryStorage::new();
    let user = a_user().build();
    let insert = |storage: &MemoryStorage| {
        let mut unit = storage.begin()?;
        unit.accounts().insert(&user)?;
        unit.commit()
    };
    storage.fail_next_commit(StorageError::Conflict);
    storage.fail_next_commit(unavailable());
    assert_eq!(insert(&storage), Err(StorageError::Conflict));
    assert_eq!(insert(&storage), Err(unavailable()));
    assert_eq!(storage.read().unwrap().user(user.id), Ok(None));
    assert_eq!(storage.commits(), 0);
    assert_eq!(insert(&storage), Ok(()));
    assert_eq!(storage.commits(), 1);
}

#[test]
fn a_unit_in_which_a_statement_failed_can_only_be_dropped() {
    let storage = MemoryStorage::new();
    a_user().with_username("ada").stored_in(&storage);
    let rival = a_user().with_username("ada").build();
    let mut unit = storage.begin().unwrap();
    let taken = StorageError::Taken(Unique::PreferredUsername);
    assert_eq!(unit.accounts().insert(&rival), Err(taken));
    let next = unit.outbox().enqueue(&a_message());
    assert!(matches!(next, Err(StorageError::Internal(_))));
    assert!(matches!(unit.commit(), Err(StorageError::Internal(_))));
    assert!(storage.outbox().is_empty());
}

#[test]
fn a_thread_that_begins_a_unit_inside_a_unit_is_told_so() {
    let storage = Arc::new(MemoryStorage::new());
    let nested = Arc::clone(&storage);
    let outcome = thread::spawn(move || {
        let _outer = nested.begin().unwrap();
        nested.begin().map(drop)
    });
    assert!(outcome.join().is_err(), "it would wait for itself for ever");
    assert!(storage.begin().is_ok(), "the turn is free again");
}

#[test]
fn a_panic_inside_a_unit_rolls_it_back() {
    let storage = MemoryStorage::new();
    let user = a_user().build();
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        let mut unit = storage.begin().unwrap();
        unit.accounts().insert(&user).unwrap();
        assert!(user.is_disabled(), "this fails");
    }));
    assert!(outcome.is_err());
    assert_eq!(storage.read().unwrap().user(user.id), Ok(None));
    assert!(storage.begin().is_ok());
}

#[test]
fn the_clock_stands_still_until_it_is_told_to_go() {
    let clock = FixedClock::new();
    assert_eq!(clock.now(), t0());
    clock.advance(Duration::from_millis(1500));
    assert_eq!(clock.now(), t0() + Duration::from_millis(1500));
    let earlier: Instant = "2020-01-01T00:00:00Z".parse().unwrap();
    clock.set(earlier);
    assert_eq!([clock.now(), clock.now()], [earlier; 2]);
}

#[test]
fn a_seed_gives_the_same_random_bytes_each_time_and_keys_of_its_own() {
    let draw = |seed| {
        let mut buffer = [0; 40];
        TestVault::new(seed).fill_random(&mut buffer);
        buffer
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
    let sealed = TestVault::new(1).seal("context", b"text").unwrap();
    assert!(TestVault::new(2).open("context", &sealed).is_err());
}

#[test]
fn the_hasher_counts_what_it_verifies_and_can_be_busy() {
    let hasher = PlainPasswords::new();
    let password = Password::new("correct horse battery staple");
    let hash = hasher.hash(&password).unwrap();
    hasher.verify(&password, Some(&hash)).unwrap();
    hasher.verify(&password, None).unwrap();
    assert_eq!(hasher.verifications(), 2);
    hasher.set_busy(true);
    assert_eq!(hasher.verify(&password, Some(&hash)), Err(PasswordError::Busy));
    assert_eq!(hasher.hash(&password), Err(PasswordError::Busy));
    assert_eq!(hasher.verifications(), 2);
    hasher.set_busy(false);
    assert!(hasher.hash(&password).is_ok());
}

#[test]
fn the_mailer_keeps_what_it_took_and_nothing_of_what_it_refused() {
    let mailer = RecordingMailer::new();
    let message = |to: &str, mail| Message { id: "1".to_owned(), to: to.to_owned(), name: None, mail };
    let send = |to, mail| mailer.send(&message(to, mail), t0());
    let temporary = MailError::Temporary("421".to_owned());
    mailer.fail_next(temporary.clone());
    assert_eq!(send("ada@example.com", Mail::Test), Err(temporary.clone()));
    assert_eq!(send("ada@example.com", Mail::PasswordChanged), Ok(()));
    mailer.fail_with(Some(temporary.clone()));
    assert_eq!(send("ada@example.com", Mail::Test), Err(temporary));
    mailer.fail_with(None);
    let reset = Mail::ResetPassword {
        code: Some("12345678".to_owned()),
        link: "https://accounts.example/reset#t".to_owned(),
        minutes: 30,
    };
    assert_eq!(send("grace@example.com", reset), Ok(()));

    assert_eq!(mailer.sent().len(), 2);
    assert!(mailer.sent_to("ada@example.com") == [Mail::PasswordChanged]);
    let [reset] = mailer.sent_to("grace@example.com").try_into().ok().unwrap();
    assert_eq!(code_of(&reset), Some("12345678"));
    assert_eq!(link_of(&reset), Some("https://accounts.example/reset#t"));
}

#[test]
fn r71_pictures_are_told_by_their_first_bytes() {
    let pictures = FakePictures::new();
    let process = |bytes: &[u8]| pictures.process(bytes);
    for bytes in [b"\xFF\xD8\xFFjpeg" as &[u8], b"GIF89a", b"RIFF\0\0\0\0WEBP"] {
        assert!(process(bytes).is_ok());
    }
    for bytes in [b"" as &[u8], b"<svg/>", b"<html>", b"RIFF\0\0\0\0WAVE"] {
        assert_eq!(process(bytes), Err(PictureError::Unsupported));
    }
    let [first, second] = [1, 2].map(FakePictures::a_picture);
    assert_eq!(process(&first), process(&first));
    assert_ne!(process(&first), process(&second));
    assert_ne!(process(&first).unwrap().bytes, first);
    pictures.fail_next(PictureError::Busy);
    assert_eq!(process(&first), Err(PictureError::Busy));
    assert!(process(&first).is_ok());
}

#[test]
fn the_file_store_can_be_out_of_reach() {
    let blobs = MemoryBlobs::new();
    let [name, other] = ["0123456789abcdef.png", "fedcba9876543210.png"];
    blobs.put(name, b"bytes", t0()).unwrap();
    let outage = BlobError::Unavailable("full".to_owned());
    blobs.fail_with(Some(outage.clone()));
    assert_eq!(blobs.get(name), Err(outage.clone()));
    assert_eq!(blobs.list(None, 1), Err(outage.clone()));
    assert_eq!(blobs.put(other, b"bytes", t0()), Err(outage));
    blobs.fail_with(None);
    assert_eq!(blobs.names(), [name]);
}
