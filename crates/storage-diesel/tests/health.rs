//! Databases that answer and are not usable: full ones, and ones that hang.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod support;

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use diesel::{RunQueryDsl as _, connection::SimpleConnection as _, sql_query};
use selfsame_ports::{Schema as _, Storage as _, StorageError};
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage, backup};

use support::{SqliteDatabase, behind_its_back, postgres};

#[test]
fn r90_a_database_that_takes_no_writes_is_not_ready_although_it_answers_reads() {
    let SqliteDatabase { storage, folder } = SqliteDatabase::new();
    let url = support::sqlite_url(&folder);
    let storage = Arc::new(storage);
    storage.adopt(&[1; 32]).unwrap();
    assert_eq!(storage.ready(), Ok(()));
    let full = "CREATE TRIGGER full BEFORE UPDATE ON installation \
        BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
    behind_its_back(&url, full).unwrap();
    assert_eq!(storage.ready(), Ok(()), "no write has failed yet");
    let write =
        || storage.database().write(|connection| sql_query("UPDATE installation SET mac = mac").execute(connection));
    assert!(matches!(write(), Err(StorageError::Unavailable(_))));
    for _ in 0..2 {
        assert!(matches!(storage.ready(), Err(StorageError::Unavailable(_))));
    }
    assert!(storage.state().is_ok(), "it answers reads");
    behind_its_back(&url, "DROP TRIGGER full").unwrap();
    assert_eq!(storage.ready(), Ok(()));
    write().unwrap();
}

#[test]
fn r91_connections_on_which_a_statement_never_ends_are_replaced() {
    let Some(database) = postgres() else { return };
    let options = DatabaseOptions {
        pool_size: 2,
        acquire_timeout: Duration::from_millis(500),
        statement_timeout: Duration::from_millis(200),
        ..DatabaseOptions::new(&database.url)
    };
    let storage = Arc::new(DieselStorage::connect(&options).unwrap());
    let stuck = [1, 2].map(|_| {
        let storage = Arc::clone(&storage);
        thread::spawn(move || {
            // Without its own timeout the server never ends it, as one that hangs.
            let sleep = "SET statement_timeout = 0; SELECT pg_sleep(6)";
            storage.database().read(|connection| connection.batch_execute(sleep))
        })
    });
    thread::sleep(Duration::from_millis(300));
    for (most, what) in [(800, "the configured wait"), (500, "a short one, for somebody has just waited in vain")] {
        let asked = Instant::now();
        assert!(storage.state().is_err());
        assert!(asked.elapsed() < Duration::from_millis(most), "{what}: {:?}", asked.elapsed());
    }
    thread::sleep(Duration::from_millis(900));
    let asked = Instant::now();
    storage.state().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    for thread in stuck {
        thread.join().unwrap_or_else(|_| panic!("it ends by itself")).unwrap();
    }
}

#[test]
fn r94_a_copy_is_whole_or_not_there_and_replaces_a_database_with_its_log() {
    let SqliteDatabase { storage, folder } = SqliteDatabase::new();
    storage.adopt(&[1; 32]).unwrap();
    let (source, copy) = (folder.path().join("selfsame.db"), folder.path().join("copy.db"));
    backup::copy(&source, &copy).unwrap();
    backup::verify(&copy).unwrap();
    assert!(backup::copy(&source, &copy).is_err(), "it is never replaced");
    assert!(backup::copy(&source, &folder.path().join("no/folder/copy.db")).is_err());
    assert!(backup::copy(&folder.path().join("nowhere.db"), &folder.path().join("x.db")).is_err());
    assert!(!folder.path().join("nowhere.db").exists() && !folder.path().join("x.db").exists());
    assert!(backup::replace(&copy, &source).is_err(), "it is in use");
    drop(storage);
    let kept = backup::replace(&copy, &source).unwrap().unwrap();
    assert!(kept.ends_with("selfsame.db.before-restore-1"));
    for path in [&source, &kept] {
        backup::verify(path).unwrap();
    }
    assert!(!copy.exists() && !folder.path().join("selfsame.db-wal").exists());
    let restored = support::open(&support::sqlite_url(&folder));
    assert_eq!((restored.ready(), restored.adopt(&[1; 32])), (Ok(()), Ok(true)));
}
