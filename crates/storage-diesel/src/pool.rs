//! The pool of connections. It detects broken ones; it knows nothing of statements.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
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
    running: Arc<Running>,
}

impl Connection {
    /// One that is in no pool.
    pub(crate) fn new(inner: AnyConnection, running: Arc<Running>) -> Self {
        Self { inner, generation: 0, is_broken: false, running }
    }

    /// Whether it works, checked by a round trip. One to a server that takes no writes does not: after a fail-over the
    /// old server may still respond.
    fn is_good(&mut self) -> bool {
        let _running = self.running.begin();
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
        let _running = self.running.begin();
        work(&mut self.inner).map_err(|error| {
            self.is_broken |= is_broken(&error);
            let error = classify(&error);
            if matches!(error, StorageError::Unavailable(_)) {
                self.running.is_doubtful.store(true, Ordering::Relaxed);
            }
            error
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
    running: Arc<Running>,
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = ConnectError;

    fn connect(&self) -> Result<Connection, ConnectError> {
        let generation = self.generation.load(Ordering::Acquire);
        let inner = self.source.connect()?;
        Ok(Connection { inner, generation, is_broken: false, running: Arc::clone(&self.running) })
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
fn pool(source: Source, size: u32, acquire_timeout: Duration, running: &Arc<Running>) -> Pool<Manager> {
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
        .build_unchecked(Manager { source, generation: AtomicU64::new(0), running: Arc::clone(running) })
}

/// For how long after a vain wait for a connection the next ones wait shortly.
const VAIN: Duration = Duration::from_secs(1);
/// The short wait. Who has waited for a thread before is answered soon all the same.
const SHORT_WAIT: Duration = Duration::from_millis(300);

/// The connections of a database, replaced as a whole when some of them are stuck.
///
/// PostgreSQL ends a statement after `statement_timeout`. A connection on which a statement runs for longer leads to a
/// server, or a network, that does nothing any more and yet acknowledges what it is sent, so that no timeout of TCP ends
/// it. New connections may succeed. So all that were opened before are left to the threads that wait for them.
pub(crate) struct Connections {
    source: Source,
    size: u32,
    acquire_timeout: Duration,
    /// How long a statement may run, if there is a limit.
    longest: Option<Duration>,
    current: Mutex<Pool<Manager>>,
    running: Arc<Running>,
    last_vain: Mutex<Option<Instant>>,
}

/// The statements that are running, and whether one has failed for lack of resources.
#[derive(Debug, Default)]
pub(crate) struct Running {
    /// When each began, by a number for each.
    began: Mutex<HashMap<u64, Instant>>,
    next: AtomicU64,
    is_doubtful: AtomicBool,
}

impl Running {
    /// Whether a statement has failed because the database was not available, for instance because its disk is full, and
    /// no write has succeeded since then that was made to find out.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.is_doubtful.load(Ordering::Relaxed)
    }

    /// A write has succeeded.
    pub(crate) fn trust(&self) {
        self.is_doubtful.store(false, Ordering::Relaxed);
    }

    fn begin(self: &Arc<Self>) -> RunningOne {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        lock(&self.began).insert(number, Instant::now());
        RunningOne { all: Arc::clone(self), number }
    }

    /// Whether one runs for longer. Those are forgotten: they are counted once.
    fn forget_older_than(&self, longest: Duration) -> bool {
        let mut began = lock(&self.began);
        let before = began.len();
        began.retain(|_, began| began.elapsed() <= longest);
        began.len() < before
    }
}

struct RunningOne {
    all: Arc<Running>,
    number: u64,
}

impl Drop for RunningOne {
    fn drop(&mut self) {
        lock(&self.all.began).remove(&self.number);
    }
}

impl Connections {
    /// At most `size` connections, opened when they are needed.
    pub(crate) fn new(source: Source, size: u32, acquire_timeout: Duration, longest: Option<Duration>) -> Self {
        let running = Arc::<Running>::default();
        let current = Mutex::new(pool(source.clone(), size, acquire_timeout, &running));
        Self { source, size, acquire_timeout, longest, current, running, last_vain: Mutex::default() }
    }

    /// The statements that run on its connections.
    pub(crate) fn running(&self) -> &Running {
        &self.running
    }

    /// Takes a connection; waits for the configured time, or shortly if somebody has just waited in vain.
    pub(crate) fn acquire(&self) -> Result<Pooled, StorageError> {
        if self.longest.is_some_and(|longest| self.running.forget_older_than(longest)) {
            tracing::warn!("a connection to the database is stuck: new ones are opened");
            *lock(&self.current) = pool(self.source.clone(), self.size, self.acquire_timeout, &self.running);
        }
        let current = lock(&self.current).clone();
        let is_vain = lock(&self.last_vain).is_some_and(|last| last.elapsed() < VAIN);
        let wait = if is_vain { self.acquire_timeout.min(SHORT_WAIT) } else { self.acquire_timeout };
        let taken = current.get_timeout(wait.max(Duration::from_millis(1)));
        let mut last_vain = lock(&self.last_vain);
        match &taken {
            Ok(_) => *last_vain = None,
            Err(_) if !is_vain => *last_vain = Some(Instant::now()),
            Err(_) => {}
        }
        taken.map_err(|error| StorageError::Unavailable(error.to_string()))
    }
}

/// Nobody panics while holding one of these locks, and every change under them is complete.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
