//! The storage: connections for reading, the way to write, and the state of the schema.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use diesel::{RunQueryDsl as _, connection::SimpleConnection, r2d2::Pool, sql_query, sql_types::Binary};
use selfsame_ports::{Queries, Schema, SchemaState, Storage, StorageError, UnitOfWork};

use crate::{
    ConnectError, DatabaseOptions, migrations,
    options::Target,
    pool::{self, Manager, Source},
    postgres::PostgresServer,
    queries::Reader,
    sqlite::{FileLock, Role, SqliteFile},
    transaction::Access,
    unit::Unit,
    writer::{Bounds, Writer},
};

/// [`Storage`], [`Schema`] and [`selfsame_ports::RateLimits`] on SQLite or PostgreSQL.
///
/// On SQLite one connection writes; units take turns, and those that wait are committed together. Other connections
/// read at the same time and never wait.
pub struct DieselStorage {
    writes: Writes,
    pub(crate) readers: Pool<Manager>,
    options: DatabaseOptions,
    is_current: AtomicBool,
    // Last, so that the lock is released after the connections are closed.
    _lock: Option<FileLock>,
}

/// The way to write. On PostgreSQL reading and writing use one pool.
enum Writes {
    Sqlite(SqliteFile, Arc<Writer>),
    Postgres(PostgresServer),
}

impl DieselStorage {
    /// Opens the database by the scheme of the URL, and checks that it responds. Runs no migration.
    pub fn connect(options: &DatabaseOptions) -> Result<Self, ConnectError> {
        let pool = |source, size| pool::pool(source, size, options.acquire_timeout);
        let (writes, readers, lock) = match options.target()? {
            Target::Sqlite(path) => {
                let (file, lock) = SqliteFile::open(&path, options.lock_timeout)?;
                let readers = pool(Source::Sqlite(file.clone()), options.readers);
                let writer = Writer::new(file.clone(), options.acquire_timeout, Bounds::default());
                (Writes::Sqlite(file, writer), readers, Some(lock))
            }
            Target::Postgres(url) => {
                let server = PostgresServer::new(&url, options);
                server.connect()?;
                let shared = pool(Source::Postgres(server.clone()), options.pool_size);
                (Writes::Postgres(server), shared, None)
            }
        };
        Ok(Self { writes, readers, options: options.clone(), is_current: AtomicBool::new(false), _lock: lock })
    }

    /// The way to write one statement or one unit.
    pub(crate) fn writer(&self) -> Result<Access, StorageError> {
        match &self.writes {
            Writes::Sqlite(_, writer) => Ok(Access::Sqlite(Arc::clone(writer))),
            Writes::Postgres(_) => pool::acquire(&self.readers).map(Access::Postgres),
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Installation {
    #[diesel(sql_type = Binary)]
    mac: Vec<u8>,
}

impl Storage for DieselStorage {
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError> {
        Ok(Box::new(Reader::new(pool::acquire(&self.readers)?)))
    }

    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError> {
        Ok(Box::new(Unit::new(self.writer()?)))
    }

    /// When the schema was found to be current, it is not checked again: this build goes on serving while a newer one
    /// migrates (R92).
    fn ready(&self) -> Result<(), StorageError> {
        if self.is_current.load(Ordering::Relaxed) {
            return pool::acquire(&self.readers)?.run(|connection| connection.batch_execute("SELECT 1"));
        }
        self.state()?.into_result()?;
        self.is_current.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl Schema for DieselStorage {
    /// On a separate connection, so that its settings end with it. On SQLite it has the turn to write meanwhile.
    fn migrate(&self) -> Result<Vec<String>, StorageError> {
        let unavailable = |error: ConnectError| StorageError::Unavailable(error.to_string());
        match &self.writes {
            Writes::Sqlite(file, writer) => {
                let mut turn = writer.turn()?;
                turn.flush();
                let connection = file.connect(Role::Writer).map_err(unavailable)?;
                migrations::run_on_sqlite(connection, &migrations::SQLITE)
            }
            Writes::Postgres(server) => {
                let connection = server.connect().map_err(unavailable)?;
                migrations::run_on_postgres(connection, self.options.lock_timeout)
            }
        }
    }

    fn state(&self) -> Result<SchemaState, StorageError> {
        pool::acquire(&self.readers)?.run(migrations::state)
    }

    fn adopt(&self, mark: &[u8; 32]) -> Result<bool, StorageError> {
        let insert = sql_query("INSERT INTO installation (id, mac) VALUES (1, $1) ON CONFLICT DO NOTHING");
        let insert = insert.bind::<Binary, _>(&mark[..]);
        self.writer()?.run(|connection| insert.execute(connection))?;
        let remembered = sql_query("SELECT mac FROM installation");
        let remembered: Installation =
            pool::acquire(&self.readers)?.run(|connection| remembered.get_result(connection))?;
        Ok(remembered.mac == mark)
    }

    fn version(&self) -> Result<Option<String>, StorageError> {
        pool::acquire(&self.readers)?.run(migrations::applied).map(|versions| versions.last().cloned())
    }
}
