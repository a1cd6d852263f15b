//! What only SQLite has: a file, one process on it, and one writer at a time.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    thread,
    time::{Duration, Instant},
};

use selfsame_domain::Action;
use selfsame_ports::{Charge, RateLimits as _, Schema as _, Storage as _, StorageError};
use selfsame_storage_diesel::{ConnectError, DatabaseOptions, DieselStorage};
use selfsame_testing::builders::{a_user, an_event, append_event, t0};

use support::{AUDIT_CHANGES, SqliteDatabase, behind_its_back, open, sqlite_url};

#[test]
fn r93_a_second_storage_on_the_same_file_is_refused_until_the_first_is_gone() {
    let SqliteDatabase { storage, folder } = SqliteDatabase::new();
    let url = sqlite_url(&folder);
    let refused = DieselStorage::connect(&DatabaseOptions::new(&url)).err().unwrap();
    assert!(matches!(refused, ConnectError::InUse(_)), "{refused}");
    assert!(refused.to_string().contains("selfsame.db is in use by another process"), "{refused}");
    drop(storage);
    assert_eq!(open(&url).ready(), Ok(()));
}

#[test]
fn files_that_are_made_can_be_read_by_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("not/there/yet");
    let storage = open(&format!("sqlite://{}", data.join("selfsame.db").display()));
    storage.migrate().unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(data.clone()), 0o700);
    for name in ["selfsame.db", "selfsame.db-wal", "selfsame.db-shm", "selfsame.db.lock"] {
        assert_eq!(mode(data.join(name)), 0o600, "{name}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("selfsame.db"), "not a database, though long enough to have a header".repeat(20))
        .unwrap();
    let refused = DieselStorage::connect(&DatabaseOptions::new(sqlite_url(&folder))).err().unwrap();
    assert!(refused.to_string().contains("file is not a database"), "{refused}");
}

#[test]
fn r91_whoever_waits_too_long_for_a_turn_to_write_is_told_so_while_others_read() {
    let folder = tempfile::tempdir().unwrap();
    let timeout = Duration::from_millis(200);
    let options = DatabaseOptions { acquire_timeout: timeout, ..DatabaseOptions::new(sqlite_url(&folder)) };
    let storage = DieselStorage::connect(&options).unwrap();
    storage.migrate().unwrap();

    let user = a_user().build();
    let mut unit = storage.begin().unwrap();
    unit.accounts().insert(&user).unwrap();
    let write = || {
        let mut unit = storage.begin()?;
        unit.accounts().lock(user.id)?;
        unit.commit()
    };
    let asked = Instant::now();
    let told = thread::scope(|scope| scope.spawn(write).join().unwrap());
    assert!(matches!(told, Err(StorageError::Unavailable(_))), "{told:?}");
    assert!((timeout..timeout * 5).contains(&asked.elapsed()), "{:?}", asked.elapsed());
    assert_eq!(storage.read().unwrap().user(user.id), Ok(None));
    unit.commit().unwrap();
    assert_eq!(write(), Ok(()));
}

/// They would wait for the very unit that the thread has under way.
#[test]
fn a_second_unit_or_a_rate_limit_inside_a_unit_is_refused_at_once() {
    let SqliteDatabase { storage, folder: _folder } = SqliteDatabase::new();
    let user = a_user().stored_in(&storage);
    let mut unit = storage.begin().unwrap();
    unit.accounts().lock(user.id).unwrap();
    let asked = Instant::now();
    let budget = [Charge { key: [7; 32], cost: Duration::from_mins(1), capacity: Duration::from_mins(1) }];
    let second = storage.begin().unwrap().accounts().lock(user.id).err();
    for refused in [second, storage.take(&budget, t0()).err(), storage.refund(&budget).err()] {
        assert!(matches!(refused, Some(StorageError::Internal(_))), "{refused:?}");
    }
    assert!(asked.elapsed() < Duration::from_secs(1));
    unit.commit().unwrap();
    assert!(storage.take(&budget, t0()).unwrap().is_ok());
}

#[test]
fn r80_audit_rows_cannot_be_changed_or_deleted_save_that_their_details_go() {
    let SqliteDatabase { storage, folder } = SqliteDatabase::new();
    let user = a_user().stored_in(&storage);
    let mut unit = storage.begin().unwrap();
    append_event(&mut *unit, &an_event(user.id, Action::SignedIn)).unwrap();
    unit.commit().unwrap();
    for statement in AUDIT_CHANGES {
        let refused = behind_its_back(&sqlite_url(&folder), statement).unwrap_err();
        assert!(refused.contains("audit rows are never changed"), "{statement}: {refused}");
    }
    assert_eq!(storage.read().unwrap().audit_trail(user.id, 0, 10).unwrap().len(), 1);
}

#[test]
fn a_panic_in_the_middle_of_a_unit_leaves_nothing_and_blocks_nobody() {
    let database = SqliteDatabase::new();
    let user = a_user().build();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut unit = database.storage.begin().unwrap();
        unit.accounts().insert(&user).unwrap();
        std::panic::resume_unwind(Box::new("on purpose"));
    }));
    assert!(panicked.is_err());
    let mut unit = database.storage.begin().unwrap();
    unit.accounts().insert(&user).unwrap();
    unit.commit().unwrap();
}
