//! The storage itself: connections for reading, connections for writing, and the way to both.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::{connection::SimpleConnection, r2d2::Pool};
use selfsame_ports::{Queries, Storage, StorageError, UnitOfWork};

use crate::{
    ConnectError, DatabaseOptions, SchemaState, migrations,
    options::Target,
    pool::{self, Manager, Pooled, Source},
    postgres::PostgresServer,
    queries::Reader,
    sqlite::{FileLock, Role, SqliteFile},
    unit::Unit,
};

/// [`Storage`] and [`selfsame_ports::RateLimits`] on SQLite or PostgreSQL.
///
/// On SQLite one connection writes, so units take turns; others read beside it and never wait. Because of that, whoever
/// has a unit under way must not ask for a rate limit, which would wait for that very turn: spend first, begin after.
pub struct DieselStorage {
    source: Source,
    writers: Pool<Manager>,
    pub(crate) readers: Pool<Manager>,
    options: DatabaseOptions,
    is_current: AtomicBool,
    // Last: it is let go when the connections are closed.
    _lock: Option<FileLock>,
}

impl DieselStorage {
    /// Opens the database that the URL's scheme says, and makes sure that it answers. Runs no migration.
    pub fn connect(options: &DatabaseOptions) -> Result<Self, ConnectError> {
        let pool = |source: &Source, size| pool::pool(source.clone(), size, options.acquire_timeout);
        let (source, writers, readers, lock) = match options.target()? {
            Target::Sqlite(path) => {
                let (file, lock) = SqliteFile::open(&path)?;
                let writer = Source::Sqlite(file.clone(), Role::Writer);
                let readers = pool(&Source::Sqlite(file, Role::Reader), options.readers);
                let writers = pool(&writer, 1);
                (writer, writers, readers, Some(lock))
            }
            Target::Postgres(url) => {
                let source = Source::Postgres(PostgresServer::new(&url, options));
                source.connect()?;
                let shared = pool(&source, options.pool_size);
                (source, shared.clone(), shared, None)
            }
        };
        Ok(Self { source, writers, readers, options: options.clone(), is_current: AtomicBool::new(false), _lock: lock })
    }

    /// Runs the pending migrations, unless another process is at it, which is waited for; answers their names (R92).
    pub fn migrate(&self) -> Result<Vec<String>, StorageError> {
        let lock_timeout = self.options.lock_timeout;
        match &self.source {
            Source::Sqlite(..) => migrations::run(self.writer()?.raw(), lock_timeout),
            Source::Postgres(_) => {
                let mut own = self.source.connect().map_err(|error| StorageError::Unavailable(error.to_string()))?;
                migrations::run(&mut own, lock_timeout)
            }
        }
    }

    /// How the schema compares with what this build needs.
    pub fn schema(&self) -> Result<SchemaState, StorageError> {
        pool::acquire(&self.readers)?.run(migrations::state)
    }

    pub(crate) fn writer(&self) -> Result<Pooled, StorageError> {
        pool::acquire(&self.writers)
    }
}

impl Storage for DieselStorage {
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError> {
        Ok(Box::new(Reader::new(pool::acquire(&self.readers)?)))
    }

    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError> {
        Ok(Box::new(Unit::new(self.writer()?)))
    }

    /// Once the schema was found to be the right one, it is not looked at again: while a newer build takes over, this
    /// one goes on serving (R92).
    fn ready(&self) -> Result<(), StorageError> {
        if self.is_current.load(Ordering::Relaxed) {
            return pool::acquire(&self.readers)?.run(|connection| connection.batch_execute("SELECT 1"));
        }
        self.schema()?.into_result()?;
        self.is_current.store(true, Ordering::Relaxed);
        Ok(())
    }
}
