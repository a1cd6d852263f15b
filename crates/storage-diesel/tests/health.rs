//! Databases that answer and are not usable: full ones, and ones that hang.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use diesel::{
    Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection, connection::SimpleConnection as _, sql_query,
};
use selfsame_ports::{Schema as _, Storage as _, StorageError};
use selfsame_storage_diesel::{ConnectError, DatabaseOptions, DieselStorage, backup};

use selfsame_testing::poll::eventually;
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
            let sleep = "SET statement_timeout = 0; SELECT pg_sleep(15)";
            storage.database().read(|connection| connection.batch_execute(sleep))
        })
    });
    thread::sleep(Duration::from_millis(300));
    let waited = [1, 2].map(|_| {
        let asked = Instant::now();
        assert!(storage.state().is_err());
        asked.elapsed()
    });
    assert!(waited[1] < waited[0], "the second waits shortly, because somebody has just waited in vain: {waited:?}");
    thread::sleep(Duration::from_millis(900));
    storage.state().unwrap();
    assert!(stuck.iter().all(|thread| !thread.is_finished()), "new connections were opened");
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
    assert!(matches!(backup::lock(&source), Err(ConnectError::InUse(_))));
    drop(storage);
    let kept = replaced(&copy, &source).unwrap();
    assert!(kept.ends_with("selfsame.db.before-restore-1"));
    for path in [&source, &kept] {
        backup::verify(path).unwrap();
    }
    assert!(!copy.exists() && !folder.path().join("selfsame.db-wal").exists());
    let restored = support::open(&support::sqlite_url(&folder));
    assert_eq!((restored.ready(), restored.adopt(&[1; 32])), (Ok(()), Ok(true)));
}

fn replaced(copy: &Path, target: &Path) -> Option<PathBuf> {
    backup::replace(copy, target, &backup::lock(target).unwrap()).unwrap()
}

#[test]
fn r94_a_copy_replaces_a_database_that_is_damaged_or_gone_and_none_of_its_logs_is_taken_for_that_of_the_copy() {
    let SqliteDatabase { storage, folder } = SqliteDatabase::new();
    storage.adopt(&[1; 32]).unwrap();
    let (source, copy) = (folder.path().join("selfsame.db"), folder.path().join("copy.db"));
    let log = PathBuf::from(format!("{}-wal", source.display()));
    backup::copy(&source, &copy).unwrap();
    drop(storage);
    let whole = fs::read(&source).unwrap();
    let truncated = &whole[..whole.len() / 2 + 100];
    let garbage = [b"SQLite format 3\0".as_slice(), &[b'x'; 9000]].concat();
    for (number, damaged) in [b"no database at all".as_slice(), &garbage, truncated].into_iter().enumerate() {
        fs::write(&source, damaged).unwrap();
        fs::write(&log, b"a log").unwrap();
        let next = folder.path().join("next.db");
        backup::copy(&copy, &next).unwrap();
        let kept = replaced(&next, &source).unwrap();
        assert!(kept.ends_with(format!("selfsame.db.before-restore-{}", number + 1)), "{kept:?}");
        assert_eq!(fs::metadata(&kept).unwrap().len(), damaged.len() as u64);
        backup::verify(&source).unwrap();
        assert!(!log.exists());
    }
    fs::remove_file(&source).unwrap();
    fs::write(&log, b"a log").unwrap();
    assert_eq!(replaced(&copy, &source), None);
    assert!(!log.exists());
    assert_eq!(fs::read(format!("{}.before-restore-4-wal", source.display())).unwrap(), b"a log");
    let restored = support::open(&support::sqlite_url(&folder));
    assert_eq!((restored.ready(), restored.adopt(&[1; 32])), (Ok(()), Ok(true)));
}

#[test]
fn r94_a_database_that_another_program_reads_is_not_replaced() {
    let SqliteDatabase { storage, folder } = SqliteDatabase::new();
    let (source, copy) = (folder.path().join("selfsame.db"), folder.path().join("copy.db"));
    backup::copy(&source, &copy).unwrap();
    drop(storage);
    let mut reader = SqliteConnection::establish(source.to_str().unwrap()).unwrap();
    reader.batch_execute("BEGIN; SELECT count(*) FROM installation").unwrap();
    let refused = backup::replace(&copy, &source, &backup::lock(&source).unwrap());
    assert!(matches!(refused, Err(ConnectError::InUse(_))), "{refused:?}");
    assert!(copy.exists());
    drop(reader);
    replaced(&copy, &source).unwrap();
}

#[test]
fn r94_an_empty_file_is_no_backup_and_a_failed_copy_leaves_none() {
    let SqliteDatabase { storage: _storage, folder } = SqliteDatabase::new();
    let (source, empty) = (folder.path().join("selfsame.db"), folder.path().join("empty.db"));
    fs::write(&empty, b"").unwrap();
    assert!(backup::verify(&empty).is_err());
    let copy = folder.path().join("copy.db");
    fs::create_dir(folder.path().join("copy.db.partial")).unwrap();
    assert!(backup::copy(&source, &copy).is_err());
    assert!(!copy.exists());
}

#[test]
fn r90_a_server_that_became_read_only_is_not_ready_although_nobody_wrote() {
    let Some(database) = postgres() else { return };
    let options = DatabaseOptions { pool_size: 1, ..DatabaseOptions::new(&database.url) };
    let storage = Arc::new(DieselStorage::connect(&options).unwrap());
    assert_eq!(storage.ready(), Ok(()));
    let read_only = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
    storage.database().read(|connection| connection.batch_execute(read_only)).unwrap();
    assert!(matches!(storage.ready(), Err(StorageError::Unavailable(_))));
    assert_eq!(storage.ready(), Ok(()), "on another connection");
}

#[test]
fn r91_writers_that_wait_for_a_row_leave_connections_to_readers() {
    let Some(database) = postgres() else { return };
    let options = DatabaseOptions {
        pool_size: 4,
        acquire_timeout: Duration::from_millis(300),
        lock_timeout: Duration::from_secs(20),
        statement_timeout: Duration::from_secs(20),
        ..DatabaseOptions::new(&database.url)
    };
    let storage = Arc::new(DieselStorage::connect(&options).unwrap());
    storage.adopt(&[1; 32]).unwrap();
    let mut holder = PgConnection::establish(&database.url).unwrap();
    holder.batch_execute("BEGIN; UPDATE installation SET mac = mac").unwrap();
    let write = |storage: &Arc<DieselStorage>| {
        storage.database().write(|connection| sql_query("UPDATE installation SET mac = mac").execute(connection))
    };
    let writers: Vec<_> = (0..6)
        .map(|_| {
            let storage = Arc::clone(&storage);
            thread::spawn(move || write(&storage))
        })
        .collect();
    let refused = || (writers.iter().filter(|writer| writer.is_finished()).count() == 4).then_some(());
    eventually(Duration::from_secs(20), "four of six are refused", refused);
    storage.state().unwrap();
    holder.batch_execute("COMMIT").unwrap();
    let done = writers.into_iter().map(|writer| writer.join().unwrap_or_else(|_| panic!("it ends")));
    assert_eq!(done.flatten().count(), 2);
    write(&storage).unwrap();
}
