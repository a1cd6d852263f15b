//! What units that share a sync promise each other. Who waits for whom is arranged, so that every count is exact.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::atomic::{AtomicUsize, Ordering},
    thread::{Scope, ScopedJoinHandle},
};

use diesel::{
    Connection as _, QueryResult, RunQueryDsl as _, SqliteConnection,
    connection::{InstrumentationEvent, SimpleConnection as _},
    dsl::sql,
    sql_types::Text,
};
use selfsame_testing::poll::eventually;

use super::{batch::Savepoint, *};
use crate::{
    connection::AnyConnection,
    statements,
    transaction::{Access, Transaction},
};

/// Without an age, so that a slow machine changes nothing.
const SIXTY_FOUR: Bounds = Bounds { units: 64, age: Duration::from_hours(1) };

/// A file with tables, and how many commits were sent to it since.
struct Database {
    writer: Arc<Writer>,
    commits: Arc<AtomicUsize>,
    path: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Database {
    fn new(bounds: Bounds) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let (file, _) = SqliteFile::open(&path, Duration::from_secs(1)).unwrap();
        let writer = Writer::new(file, Duration::from_secs(20), bounds);
        let database = Self { writer, commits: Arc::default(), path, _folder: folder };
        let tables = "CREATE TABLE rows (name TEXT PRIMARY KEY);
            CREATE TABLE late (name TEXT REFERENCES rows (name) DEFERRABLE INITIALLY DEFERRED);
            CREATE TRIGGER full BEFORE INSERT ON rows WHEN NEW.name = 'full'
                BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END;";
        let mut unit = database.unit();
        unit.run(|connection| connection.batch_execute(tables)).unwrap();
        unit.commit().unwrap();
        let count = Arc::clone(&database.commits);
        let mut turn = database.writer.turn().unwrap();
        let counted = turn.run(|connection| {
            connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event
                    && query.to_string() == "COMMIT TRANSACTION"
                {
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
            Ok(())
        });
        counted.unwrap();
        drop(turn);
        database
    }

    fn access(&self) -> Access {
        Access::Sqlite(Arc::clone(&self.writer))
    }

    fn unit(&self) -> Transaction {
        Transaction::new(self.access())
    }

    /// As another process would find them after a crash.
    fn rows(&self) -> String {
        let mut connection = SqliteConnection::establish(&self.path.to_string_lossy()).unwrap();
        let rows = "SELECT coalesce(group_concat(name, ' '), '') FROM (SELECT name FROM rows ORDER BY name)";
        sql::<Text>(rows).get_result(&mut connection).unwrap()
    }

    fn commits(&self) -> usize {
        self.commits.load(Ordering::SeqCst)
    }

    /// Runs `work` on a thread of its own, and returns when that waits for its turn.
    fn queued<'s, T: Send + 's>(
        &'s self,
        scope: &'s Scope<'s, '_>,
        work: impl FnOnce() -> T + Send + 's,
    ) -> ScopedJoinHandle<'s, T> {
        let waiting = self.writer.turns().queue.len();
        let thread = scope.spawn(work);
        eventually(Duration::from_secs(20), "a thread in the queue", || {
            (self.writer.turns().queue.len() > waiting).then_some(())
        });
        thread
    }
}

fn insert(name: &str) -> impl FnOnce(&mut AnyConnection) -> QueryResult<()> {
    let statement = format!("INSERT INTO rows VALUES ('{name}')");
    move |connection| connection.batch_execute(&statement)
}

fn commit(mut unit: Transaction, name: &str) -> Result<(), StorageError> {
    unit.run(insert(name))?;
    unit.commit()
}

fn unavailable(result: &Result<(), StorageError>) -> bool {
    matches!(result, Err(StorageError::Unavailable(_)))
}

#[test]
fn units_of_32_threads_that_queue_up_take_one_sync() {
    let database = &Database::new(SIXTY_FOUR);
    for round in 0..5 {
        thread::scope(|scope| {
            let mut first = database.unit();
            first.run(insert(&format!("first of {round}"))).unwrap();
            let name = |number| format!("{number} of {round}");
            let spawn = |number| database.queued(scope, move || commit(database.unit(), &name(number)));
            let others: Vec<_> = (0..32).map(spawn).collect();
            first.commit().unwrap();
            assert!(others.into_iter().all(|thread| thread.join().unwrap() == Ok(())));
        });
    }
    assert_eq!(database.commits(), 5, "for 165 units");
    assert_eq!(database.rows().matches(" of ").count(), 165);
}

#[test]
fn a_unit_that_fails_or_is_dropped_rolls_back_alone() {
    let database = &Database::new(SIXTY_FOUR);
    thread::scope(|scope| {
        let mut first = database.unit();
        first.run(insert("a")).unwrap();
        let fails = database.queued(scope, || {
            let mut unit = database.unit();
            unit.run(insert("b")).unwrap();
            let failed = unit.run(insert("a"));
            assert_eq!(
                unit.run(insert("c")),
                Err(StorageError::Internal("a statement of this unit has failed before".to_owned()))
            );
            failed
        });
        let commits = database.queued(scope, || commit(database.unit(), "d"));
        let dropped = database.queued(scope, || {
            let mut unit = database.unit();
            unit.run(insert("e")).unwrap();
        });
        let alone = database.queued(scope, || database.access().run(insert("f")));
        let alone_fails = database.queued(scope, || database.access().run(insert("f")));
        first.commit().unwrap();
        assert_eq!(fails.join().unwrap(), Err(StorageError::Conflict));
        assert_eq!(commits.join().unwrap(), Ok(()));
        dropped.join().unwrap();
        assert_eq!(alone.join().unwrap(), Ok(()));
        assert_eq!(alone_fails.join().unwrap(), Err(StorageError::Conflict));
    });
    assert_eq!(database.rows(), "a d f");
    assert_eq!(database.commits(), 1);
}

#[test]
fn whoever_commits_is_not_told_before_the_sync() {
    let database = &Database::new(SIXTY_FOUR);
    thread::scope(|scope| {
        let mut first = database.unit();
        first.run(insert("a")).unwrap();
        let (go_on, wait) = mpsc::channel::<()>();
        let last = database.queued(scope, move || {
            let mut unit = database.unit();
            unit.run(insert("b")).unwrap();
            wait.recv().unwrap();
            unit.commit()
        });
        let (told, tells) = mpsc::channel();
        scope.spawn(move || {
            // The turn of `first` ends here; its commit does not, as long as the last unit is under way.
            told.send(tell(first)).unwrap();
        });
        assert!(tells.recv_timeout(Duration::from_millis(100)).is_err());
        assert_eq!((database.rows().as_str(), database.commits()), ("", 0));
        go_on.send(()).unwrap();
        assert_eq!(tells.recv().unwrap(), Ok(()));
        assert_eq!(last.join().unwrap(), Ok(()));
    });
    assert_eq!(database.rows(), "a b");
}

fn tell(unit: Transaction) -> Result<(), StorageError> {
    unit.commit()
}

#[test]
fn a_commit_that_fails_is_told_to_every_unit_of_the_batch_and_to_none_of_the_next() {
    let database = &Database::new(SIXTY_FOUR);
    thread::scope(|scope| {
        let mut first = database.unit();
        first.run(insert("a")).unwrap();
        let spoils = database.queued(scope, || {
            let mut unit = database.unit();
            unit.run(|connection| connection.batch_execute("INSERT INTO late VALUES ('nowhere')"))?;
            unit.commit()
        });
        let third = database.queued(scope, || commit(database.unit(), "c"));
        let told = [first.commit(), spoils.join().unwrap(), third.join().unwrap()];
        assert_eq!(told, [const { Err(StorageError::Conflict) }; 3]);
    });
    assert_eq!(database.rows(), "");
    assert_eq!(commit(database.unit(), "d"), Ok(()));
    assert_eq!(database.rows(), "d");
}

#[test]
fn when_sqlite_rolls_all_of_a_batch_back_every_unit_before_is_told_and_those_after_go_on() {
    let database = &Database::new(SIXTY_FOUR);
    for alone in [false, true] {
        thread::scope(|scope| {
            let mut first = database.unit();
            first.run(insert("a")).unwrap();
            let second = database.queued(scope, || commit(database.unit(), "b"));
            let full = database.queued(scope, move || {
                if alone { database.access().run(insert("full")) } else { commit(database.unit(), "full") }
            });
            let after = database.queued(scope, move || commit(database.unit(), &format!("after {alone}")));
            for told in [first.commit(), second.join().unwrap(), full.join().unwrap()] {
                assert!(unavailable(&told), "{told:?}");
            }
            assert_eq!(after.join().unwrap(), Ok(()));
        });
    }
    assert_eq!(database.rows(), "after false after true");
}

#[test]
fn a_panic_loses_neither_the_turn_nor_the_work_of_others() {
    let database = &Database::new(SIXTY_FOUR);
    thread::scope(|scope| {
        let mut first = database.unit();
        first.run(insert("a")).unwrap();
        let panics = database.queued(scope, || {
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                let mut unit = database.unit();
                unit.run(insert("b")).unwrap();
                unit.run(|_| -> QueryResult<()> { resume_unwind(Box::new("on purpose")) })
            }));
            panicked.is_err()
        });
        let third = database.queued(scope, || commit(database.unit(), "c"));
        first.commit().unwrap();
        assert!(panics.join().unwrap());
        assert_eq!(third.join().unwrap(), Ok(()));
    });
    assert_eq!(database.rows(), "a c");
}

#[test]
fn a_batch_that_is_full_or_old_is_committed_though_others_wait() {
    for (bounds, expected) in
        [(Bounds { units: 4, ..SIXTY_FOUR }, 3), (Bounds { age: Duration::ZERO, ..SIXTY_FOUR }, 9)]
    {
        let database = &Database::new(bounds);
        thread::scope(|scope| {
            let mut first = database.unit();
            first.run(insert("first")).unwrap();
            let spawn = |number: usize| database.queued(scope, move || commit(database.unit(), &number.to_string()));
            let others: Vec<_> = (0..8).map(spawn).collect();
            first.commit().unwrap();
            assert!(others.into_iter().all(|thread| thread.join().unwrap() == Ok(())));
        });
        assert_eq!(database.commits(), expected, "{bounds:?}");
    }
}

#[test]
fn a_thread_that_would_wait_for_itself_is_told_at_once() {
    let database = Database::new(SIXTY_FOUR);
    let mut first = database.unit();
    let mut second = database.unit();
    first.run(insert("a")).unwrap();
    for refused in [second.run(insert("b")), database.access().run(insert("c"))] {
        assert!(matches!(refused, Err(StorageError::Internal(_))), "{refused:?}");
    }
    first.commit().unwrap();
    assert_eq!(database.rows(), "a");
}

#[test]
fn whoever_gave_up_waiting_is_passed_over() {
    let mut database = Database::new(SIXTY_FOUR);
    Arc::get_mut(&mut database.writer).unwrap().acquire_timeout = Duration::from_secs(1);
    let database = &database;
    thread::scope(|scope| {
        let mut first = database.unit();
        first.run(insert("a")).unwrap();
        let gave_up = database.queued(scope, || commit(database.unit(), "b"));
        let told = gave_up.join().unwrap();
        assert!(unavailable(&told), "{told:?}");
        assert_eq!(database.writer.turns().queue.len(), 0);
        let next = database.queued(scope, || commit(database.unit(), "c"));
        first.commit().unwrap();
        assert_eq!(next.join().unwrap(), Ok(()));
    });
    assert_eq!(database.rows(), "a c");
}

#[test]
fn a_unit_without_a_statement_waits_for_nobody() {
    let database = Database::new(SIXTY_FOUR);
    let mut first = database.unit();
    first.run(insert("a")).unwrap();
    database.unit().commit().unwrap();
    drop(database.unit());
    first.commit().unwrap();
    assert_eq!(database.commits(), 1);
}

#[test]
fn a_record_shows_each_unit_as_a_transaction_of_its_own() {
    let shown =
        |savepoint: &Savepoint| [savepoint.begin, savepoint.release, savepoint.roll_back].map(as_seen_by_the_unit);
    assert_eq!(shown(&UNIT), [Some("BEGIN"), Some("COMMIT"), Some("ROLLBACK")]);
    assert_eq!(shown(&STATEMENT), [None; 3]);
    assert_eq!(["BEGIN IMMEDIATE", "COMMIT TRANSACTION"].map(as_seen_by_the_unit), [None; 2]);
    assert_eq!(as_seen_by_the_unit("COMMIT"), Some("COMMIT"), "of PostgreSQL");

    // Not through the counter of commits, which has taken the recorder's place.
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = SqliteFile::open(&folder.path().join("x.db"), Duration::from_secs(1)).unwrap();
    let access = || Access::Sqlite(Writer::new(file.clone(), Duration::from_secs(1), SIXTY_FOUR));
    let ((), ran) = statements::record(|| {
        let mut unit = Transaction::new(access());
        unit.run(|connection| connection.batch_execute("CREATE TABLE a (b)")).unwrap();
        unit.commit().unwrap();
        let mut dropped = Transaction::new(access());
        dropped.run(|connection| connection.batch_execute("CREATE TABLE c (d)")).unwrap();
        drop(dropped);
        access().run(|connection| connection.batch_execute("DROP TABLE a")).unwrap();
    });
    let ran: Vec<&str> = ran.iter().map(String::as_str).filter(|statement| !statement.starts_with("PRAGMA")).collect();
    assert_eq!(
        ran,
        ["BEGIN", "CREATE TABLE a (b)", "COMMIT", "BEGIN", "CREATE TABLE c (d)", "ROLLBACK", "DROP TABLE a"]
    );
}
