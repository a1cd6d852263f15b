//! The pool of connections. It detects broken ones; it knows nothing of statements.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use diesel::{
    QueryResult,
    connection::SimpleConnection,
    r2d2::{self, HandleError, ManageConnection, Pool},
};
use selfsame_ports::StorageError;

use crate::{
    ConnectError,
    connection::AnyConnection,
    error::{classify, is_broken},
    postgres::{PostgresServer, takes_writes},
    sqlite::{Role, SqliteFile},
};

/// A connection that returns to the pool when dropped.
pub(crate) type Pooled = r2d2::PooledConnection<Manager>;

/// Opens pooled connections: those for reading, and on PostgreSQL those for writing too.
#[derive(Clone)]
pub(crate) enum Source {
    Sqlite(SqliteFile),
    Postgres(PostgresServer),
}

impl Source {
    pub(crate) fn connect(&self) -> Result<AnyConnection, ConnectError> {
        match self {
            Self::Sqlite(file) => file.connect(Role::Reader).map(AnyConnection::Sqlite),
            Self::Postgres(server) => server.connect().map(AnyConnection::Postgres),
        }
    }
}

/// A connection with its state.
pub(crate) struct Connection {
    inner: AnyConnection,
    generation: u64,
    is_broken: bool,
}

impl Connection {
    pub(crate) fn new(inner: AnyConnection, generation: u64) -> Self {
        Self { inner, generation, is_broken: false }
    }

    /// Whether it works, checked by a round trip. One to a server that takes no writes does not: after a fail-over the
    /// old server may still respond.
    fn is_good(&mut self) -> bool {
        match &mut self.inner {
            AnyConnection::Postgres(connection) => takes_writes(connection),
            AnyConnection::Sqlite(connection) => connection.batch_execute("SELECT 1").is_ok(),
        }
    }

    /// Runs one piece of work, and translates its error.
    pub(crate) fn run<T>(
        &mut self,
        work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        work(&mut self.inner).map_err(|error| {
            self.is_broken |= is_broken(&error);
            classify(&error)
        })
    }

    /// Marks it as broken, so that it is not used again.
    pub(crate) fn discard(&mut self) {
        self.is_broken = true;
    }
}

/// Opens connections, and detects broken ones without a check before each use.
///
/// As long as none breaks, taking one costs nothing. When one breaks, all that were opened before are checked once, at
/// their next use: after a restart of PostgreSQL, or a fail-over that made the old server read-only, one caller gets an
/// error, not one for each connection.
pub(crate) struct Manager {
    source: Source,
    generation: AtomicU64,
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = ConnectError;

    fn connect(&self) -> Result<Connection, ConnectError> {
        let generation = self.generation.load(Ordering::Acquire);
        Ok(Connection::new(self.source.connect()?, generation))
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), ConnectError> {
        let generation = self.generation.load(Ordering::Acquire);
        if connection.generation != generation {
            if !connection.is_good() {
                return Err(ConnectError::Refused("a connection is gone, or takes no writes any more".to_owned()));
            }
            connection.generation = generation;
        }
        Ok(())
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        if connection.is_broken {
            self.generation.fetch_max(connection.generation + 1, Ordering::AcqRel);
        }
        connection.is_broken
    }
}

/// Logs why there are no connections. The waiting callers get an error too.
#[derive(Debug)]
struct Warn;

impl HandleError<ConnectError> for Warn {
    fn handle_error(&self, error: ConnectError) {
        tracing::warn!(%error, "no connection to the database");
    }
}

/// A pool of at most `size` connections. It opens them when they are needed, and closes idle ones unless they cost
/// nothing.
pub(crate) fn pool(source: Source, size: u32, acquire_timeout: Duration) -> Pool<Manager> {
    let is_free = matches!(source, Source::Sqlite(..));
    let lifetime = (!is_free).then(|| Duration::from_mins(30));
    let idle = (!is_free).then(|| Duration::from_mins(10));
    Pool::builder()
        .max_size(size.max(1))
        .min_idle(Some(1))
        .max_lifetime(lifetime)
        .idle_timeout(idle)
        .connection_timeout(acquire_timeout.max(Duration::from_millis(1)))
        .test_on_check_out(true)
        .error_handler(Box::new(Warn))
        .build_unchecked(Manager { source, generation: AtomicU64::new(0) })
}

/// Takes a connection from the pool; waits for the configured time.
pub(crate) fn acquire(pool: &Pool<Manager>) -> Result<Pooled, StorageError> {
    pool.get().map_err(|error| StorageError::Unavailable(error.to_string()))
}
