//! A batch: one transaction with the units of several threads in it, and one sync to disk.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::{Duration, Instant},
};

use diesel::connection::SimpleConnection;
use selfsame_ports::StorageError;

use crate::{
    connection::AnyConnection,
    pool::Connection,
    sqlite::{Role, SqliteFile},
};

/// Statements of the batch. No other statement has these texts, so that a record can distinguish them.
const BEGIN_BATCH: &str = "BEGIN IMMEDIATE";
const COMMIT_BATCH: &str = "COMMIT TRANSACTION";
const ROLL_BACK_BATCH: &str = "ROLLBACK TRANSACTION";

/// Statements that separate the turns of a batch.
pub(crate) struct Savepoint {
    pub(super) begin: &'static str,
    pub(super) release: &'static str,
    pub(super) roll_back: &'static str,
}

/// Of a unit of work.
pub(crate) const UNIT: Savepoint =
    Savepoint { begin: "SAVEPOINT unit", release: "RELEASE unit", roll_back: "ROLLBACK TO unit; RELEASE unit" };

/// Of a statement by itself.
pub(crate) const STATEMENT: Savepoint = Savepoint {
    begin: "SAVEPOINT statement",
    release: "RELEASE statement",
    roll_back: "ROLLBACK TO statement; RELEASE statement",
};

/// A statement as it is recorded: a unit is shown with its own `BEGIN` and `COMMIT`, a single statement alone. The
/// number of units in a batch varies, so a record that showed it could not be compared with a budget. `None`: not
/// recorded.
pub(crate) fn as_seen_by_the_unit(statement: &str) -> Option<&str> {
    match statement {
        BEGIN_BATCH | COMMIT_BATCH | ROLL_BACK_BATCH => None,
        _ if [STATEMENT.begin, STATEMENT.release, STATEMENT.roll_back].contains(&statement) => None,
        _ if statement == UNIT.begin => Some("BEGIN"),
        _ if statement == UNIT.release => Some("COMMIT"),
        _ if statement == UNIT.roll_back => Some("ROLLBACK"),
        other => Some(other),
    }
}

/// Limits of a batch, at which it is committed although others wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The number of units.
    pub(crate) units: usize,
    /// Its age since the first unit. A commit waits at most that much longer, plus the unit in progress.
    pub(crate) age: Duration,
}

impl Default for Bounds {
    /// About the duration of a sync on a disk.
    fn default() -> Self {
        Self { units: 64, age: Duration::from_millis(10) }
    }
}

/// The result of a batch, for which its units wait.
#[derive(Default)]
pub(super) struct Batch {
    outcome: Mutex<Option<Result<(), StorageError>>>,
    ended: Condvar,
}

impl Batch {
    pub(super) fn wait(&self) -> Result<(), StorageError> {
        let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = self.ended.wait_while(outcome, |outcome| outcome.is_none());
        ended.unwrap_or_else(PoisonError::into_inner).clone().unwrap_or(Ok(()))
    }

    pub(super) fn tell(&self, outcome: Result<(), StorageError>) {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        self.ended.notify_all();
    }
}

/// The state that is passed on with the turn.
#[derive(Default)]
pub(super) struct Held {
    /// `None` before it is opened, and after it was closed.
    pub(super) connection: Option<Connection>,
    pub(super) batch: Option<OpenBatch>,
}

/// A transaction in progress.
pub(super) struct OpenBatch {
    pub(super) batch: Arc<Batch>,
    /// The number of committed units in it.
    pub(super) units: usize,
    since: Instant,
}

impl OpenBatch {
    pub(super) fn takes_more(&self, bounds: Bounds) -> bool {
        self.units < bounds.units && self.since.elapsed() < bounds.age
    }
}

impl Held {
    /// The connection, opened if necessary, with an open batch.
    pub(super) fn in_batch(&mut self, file: &SqliteFile) -> Result<&mut Connection, StorageError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => open(file)?,
        };
        let connection = self.connection.insert(connection);
        if self.batch.is_none() {
            connection.run(|connection| connection.batch_execute(BEGIN_BATCH))?;
            self.batch = Some(OpenBatch { batch: Arc::default(), units: 0, since: Instant::now() });
        }
        Ok(connection)
    }

    /// Commits the open batch, if there is one, and returns it with the result. An empty batch is rolled back.
    pub(super) fn flush(&mut self) -> Option<(Arc<Batch>, Result<(), StorageError>)> {
        let OpenBatch { batch, units, .. } = self.batch.take()?;
        let statement = if units == 0 { ROLL_BACK_BATCH } else { COMMIT_BATCH };
        let gone = || Err(StorageError::Unavailable("the connection that writes is gone".to_owned()));
        let outcome = self
            .connection
            .as_mut()
            .map_or_else(gone, |connection| connection.run(|connection| connection.batch_execute(statement)));
        tracing::trace!(target: "selfsame::sql", batch = statement, units, is_done = outcome.is_ok());
        if outcome.is_err() {
            // Closing it rolls back, whatever its state is.
            self.connection = None;
        }
        Some((batch, outcome))
    }

    /// SQLite has rolled back the whole batch, as it does when the disk is full: none of its units was committed.
    pub(super) fn lose(&mut self) {
        self.connection = None;
        if let Some(open) = self.batch.take() {
            let message = "the database rolled back every unit that was to be committed together";
            open.batch.tell(Err(StorageError::Unavailable(message.to_owned())));
        }
    }
}

fn open(file: &SqliteFile) -> Result<Connection, StorageError> {
    let opened = file.connect(Role::Writer).map_err(|error| StorageError::Unavailable(error.to_string()))?;
    Ok(Connection::new(AnyConnection::Sqlite(opened), file.running()))
}
