//! Connections, pooled. It knows when one is of no more use; what is said on one is others' business.

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

/// A connection that belongs to the pool again when dropped.
pub(crate) type Pooled = r2d2::PooledConnection<Manager>;

/// Where pooled connections come from: those that read, and on PostgreSQL those that write as well.
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

/// A connection, and what is known of its health.
pub(crate) struct Connection {
    inner: AnyConnection,
    generation: u64,
    is_broken: bool,
}

impl Connection {
    pub(crate) fn new(inner: AnyConnection, generation: u64) -> Self {
        Self { inner, generation, is_broken: false }
    }

    /// Whether it is still good, told by a round trip. A server that takes no writes is not: after a fail-over the
    /// old one may answer as if nothing had happened.
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

    /// It goes to nobody else.
    pub(crate) fn discard(&mut self) {
        self.is_broken = true;
    }
}

/// Opens connections, and finds out which are still good without asking each before each use.
///
/// As long as none breaks, checking one out costs nothing. When one does, all that were opened before are asked once,
/// the next time each is wanted: after a restart of PostgreSQL, or after a fail-over that left the old server read-only, one
/// caller meets a useless connection, not one per connection.
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

/// Tells the log why there are no connections; those who wait for one are told as well.
#[derive(Debug)]
struct Warn;

impl HandleError<ConnectError> for Warn {
    fn handle_error(&self, error: ConnectError) {
        tracing::warn!(%error, "no connection to the database");
    }
}

/// A pool of at most `size` connections. It opens them as they are wanted, and closes idle ones unless they are free.
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

/// A connection out of the pool; waits for one as long as the pool was told to.
pub(crate) fn acquire(pool: &Pool<Manager>) -> Result<Pooled, StorageError> {
    pool.get().map_err(|error| StorageError::Unavailable(error.to_string()))
}
