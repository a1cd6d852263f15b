//! The storage: connections for reading, the way to write, and the state of the schema.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use diesel::{RunQueryDsl as _, sql_query, sql_types::Binary};
use selfsame_ports::{Queries, Schema, SchemaState, Storage, StorageError, UnitOfWork};

use crate::{
    ConnectError, DatabaseOptions, migrations,
    options::Target,
    pool::{Connections, Source},
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
    pub(crate) readers: Connections,
    options: DatabaseOptions,
    is_current: AtomicBool,
    // Last, so that the lock is released after the connections are closed.
    _lock: Option<FileLock>,
}

/// How long after its timeout the answer to a statement may take.
const ANSWER: Duration = Duration::from_secs(1);

/// The way to write. On PostgreSQL reading and writing use one pool.
enum Writes {
    Sqlite(SqliteFile, Arc<Writer>),
    Postgres(PostgresServer),
}

impl DieselStorage {
    /// Opens the database by the scheme of the URL, and checks that it responds. Runs no migration.
    pub fn connect(options: &DatabaseOptions) -> Result<Self, ConnectError> {
        let pool = |source, size, longest| Connections::new(source, size, options.acquire_timeout, longest);
        let (writes, readers, lock) = match options.target()? {
            Target::Sqlite(path) => {
                let (file, lock) = SqliteFile::open(&path, options.lock_timeout)?;
                let readers = pool(Source::Sqlite(file.clone()), options.readers, None);
                let writer = Writer::new(file.clone(), options.acquire_timeout, Bounds::default());
                (Writes::Sqlite(file, writer), readers, Some(lock))
            }
            Target::Postgres(url) => {
                let server = PostgresServer::new(&url, options);
                server.connect()?;
                let shared =
                    pool(Source::Postgres(server.clone()), options.pool_size, Some(options.statement_timeout + ANSWER));
                (Writes::Postgres(server), shared, None)
            }
        };
        Ok(Self { writes, readers, options: options.clone(), is_current: AtomicBool::new(false), _lock: lock })
    }

    /// After a statement failed because the database was not available, it has to take a write: a full disk still answers
    /// every read.
    fn probe_if_doubtful(&self) -> Result<(), StorageError> {
        let sqlite;
        let running = match &self.writes {
            Writes::Sqlite(file, _) => {
                sqlite = file.running();
                &*sqlite
            }
            Writes::Postgres(_) => self.readers.running(),
        };
        if running.is_doubtful() {
            let probe = sql_query("UPDATE installation SET mac = mac");
            self.writer()?.run(|connection| probe.execute(connection))?;
            running.trust();
        }
        Ok(())
    }

    /// The way to write one statement or one unit.
    pub(crate) fn writer(&self) -> Result<Access, StorageError> {
        match &self.writes {
            Writes::Sqlite(_, writer) => Ok(Access::Sqlite(Arc::clone(writer))),
            Writes::Postgres(_) => {
                let (connection, permit) = self.readers.acquire_to_write()?;
                Ok(Access::Postgres(connection, permit))
            }
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
        Ok(Box::new(Reader::new(self.readers.acquire()?)))
    }

    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError> {
        Ok(Box::new(Unit::new(self.writer()?)))
    }

    /// When the schema was found to be current, it is not checked again: this build goes on serving while a newer one
    /// migrates (R92).
    fn ready(&self) -> Result<(), StorageError> {
        self.probe_if_doubtful()?;
        if self.is_current.load(Ordering::Relaxed) {
            return self.readers.acquire()?.check();
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
        self.readers.acquire()?.run(migrations::state)
    }

    fn adopt(&self, mark: &[u8; 32]) -> Result<bool, StorageError> {
        let insert = sql_query("INSERT INTO installation (id, mac) VALUES (1, $1) ON CONFLICT DO NOTHING");
        let insert = insert.bind::<Binary, _>(&mark[..]);
        self.writer()?.run(|connection| insert.execute(connection))?;
        let remembered = sql_query("SELECT mac FROM installation");
        let remembered: Installation = self.readers.acquire()?.run(|connection| remembered.get_result(connection))?;
        Ok(remembered.mac == mark)
    }

    fn version(&self) -> Result<Option<String>, StorageError> {
        self.readers.acquire()?.run(migrations::applied).map(|versions| versions.last().cloned())
    }
}
