//! The pool of connections. It detects broken ones; it knows nothing of statements.

use std::{
    collections::HashMap,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
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
    postgres::{self, PostgresServer},
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
        takes_writes(&mut self.inner).unwrap_or(false)
    }

    /// Checks by a round trip that it works. That of a server which became read-only is not used again.
    pub(crate) fn check(&mut self) -> Result<(), StorageError> {
        if self.run(takes_writes)? {
            return Ok(());
        }
        self.discard();
        Err(StorageError::Unavailable("the database takes no writes".to_owned()))
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

/// A full disk of SQLite is found by the next write only.
fn takes_writes(connection: &mut AnyConnection) -> QueryResult<bool> {
    match connection {
        AnyConnection::Postgres(connection) => postgres::takes_writes(connection),
        AnyConnection::Sqlite(connection) => connection.batch_execute("SELECT 1").map(|()| true),
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

/// After a timeout, later callers use the short wait for this time.
const VAIN: Duration = Duration::from_secs(1);
/// The short wait. Who has waited for a thread before is answered soon all the same.
const SHORT_WAIT: Duration = Duration::from_millis(300);
/// Connections of a pool that writers leave to readers.
const FOR_READERS: u32 = 2;

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
    current: Mutex<Current>,
    running: Arc<Running>,
    readers: Patience,
    writers: Patience,
}

/// The connections that are not stuck, and how many of them may write at the same time: writers that wait for one row
/// must not take the last connection from a reader.
#[derive(Clone)]
struct Current {
    pool: Pool<Manager>,
    writers: Arc<Permits>,
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
        let current = Mutex::new(Current::new(source.clone(), size, acquire_timeout, &running));
        let [readers, writers] = [Patience::default(), Patience::default()];
        Self { source, size, acquire_timeout, longest, current, running, readers, writers }
    }

    /// The statements that run on its connections.
    pub(crate) fn running(&self) -> &Running {
        &self.running
    }

    /// Takes a connection. Waits for `acquire_timeout`, or less after a recent timeout.
    pub(crate) fn acquire(&self) -> Result<Pooled, StorageError> {
        self.acquire_from(&self.current().pool, self.acquire_timeout)
    }

    /// The same to write. Two connections are left to readers if there are more than two.
    pub(crate) fn acquire_to_write(&self) -> Result<(Pooled, Permit), StorageError> {
        let (current, asked) = (self.current(), Instant::now());
        let busy = || StorageError::Unavailable("other writes have all connections".to_owned());
        let permit = self.writers.wait(self.acquire_timeout, |wait| current.writers.take(wait).ok_or_else(busy))?;
        let left = self.acquire_timeout.saturating_sub(asked.elapsed());
        Ok((self.acquire_from(&current.pool, left)?, permit))
    }

    fn acquire_from(&self, pool: &Pool<Manager>, timeout: Duration) -> Result<Pooled, StorageError> {
        let taken = self.readers.wait(timeout, |wait| pool.get_timeout(wait.max(Duration::from_millis(1))));
        taken.map_err(|error| StorageError::Unavailable(error.to_string()))
    }

    /// Replaces all if one is stuck.
    fn current(&self) -> Current {
        if self.longest.is_some_and(|longest| self.running.forget_older_than(longest)) {
            tracing::warn!("a connection to the database is stuck: new ones are opened");
            *lock(&self.current) = Current::new(self.source.clone(), self.size, self.acquire_timeout, &self.running);
        }
        lock(&self.current).clone()
    }
}

impl Current {
    fn new(source: Source, size: u32, acquire_timeout: Duration, running: &Arc<Running>) -> Self {
        let writers = Permits { free: Mutex::new(size.saturating_sub(FOR_READERS).max(1)), returned: Condvar::new() };
        Self { pool: pool(source, size, acquire_timeout, running), writers: Arc::new(writers) }
    }
}

/// How long callers wait: shortly if one has waited in vain a short time ago.
#[derive(Default)]
struct Patience {
    last_vain: Mutex<Option<Instant>>,
}

impl Patience {
    fn wait<T, E>(&self, timeout: Duration, take: impl FnOnce(Duration) -> Result<T, E>) -> Result<T, E> {
        let is_vain = lock(&self.last_vain).is_some_and(|last| last.elapsed() < VAIN);
        let taken = take(if is_vain { timeout.min(SHORT_WAIT) } else { timeout });
        let mut last_vain = lock(&self.last_vain);
        match &taken {
            Ok(_) => *last_vain = None,
            Err(_) if !is_vain => *last_vain = Some(Instant::now()),
            Err(_) => {}
        }
        taken
    }
}

/// A number of permits.
struct Permits {
    free: Mutex<u32>,
    returned: Condvar,
}

/// A permit to write. Dropping it returns it.
pub(crate) struct Permit(Arc<Permits>);

impl Permits {
    fn take(self: &Arc<Self>, wait: Duration) -> Option<Permit> {
        let waited = self.returned.wait_timeout_while(lock(&self.free), wait, |free| *free == 0);
        let (mut free, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *free = free.checked_sub(1)?;
        Some(Permit(Arc::clone(self)))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        *lock(&self.0.free) += 1;
        self.0.returned.notify_one();
    }
}

/// Poisoning is ignored: no code panics under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
