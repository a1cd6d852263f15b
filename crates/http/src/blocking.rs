//! Decides on which threads a use case runs, and how long it may take.
//!
//! Use cases block: on the database, on argon2, on decoding a picture. Each runs on a thread of the [`Lane`] that its
//! handler names; the use case does not know it. Hashing and decoding have lanes of their own, so that many sign-ins do
//! not block reads of a profile (R82). A job keeps its tracing span. It is dropped before it starts if its request is
//! cancelled, if it waited too long, or if the queue of the lane is full.
//!
//! The hasher and the decoder have permits too. These limit the memory of all callers, commands included. A lane has as
//! many threads as there are permits, so that no job waits for a permit.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinHandle,
    time::{Instant, timeout, timeout_at},
};
use tracing::Span;

/// Threads that take the place of stuck ones, in each lane: jobs that did not end by the deadline, for instance because a
/// database hangs. When all of them are taken, further jobs wait for a stuck one.
pub(crate) const SPARE_THREADS: usize = 8;

/// The resource that a use case waits for most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The database, or files: [`Lane::Reading`] for a request whose method changes nothing (RFC 9110, section 9.2.1), otherwise
    /// [`Lane::Writing`].
    Database,
    /// The database, or files. Runs on the blocking threads of the worker that received the request: without a hop between
    /// workers, about two threads for each were fastest in measurements. A request with a safe method that records something
    /// names it itself.
    Writing,
    /// The same for requests that change nothing. They have as many threads again, so that they do not queue behind a writer
    /// that waits for a lock.
    Reading,
    /// Password hashing.
    Password,
    /// Picture decoding.
    Picture,
}

/// A job has no result. An error of the use case is a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LaneError {
    /// The queue is full, or the job waited too long and was not started. 503 with `Retry-After`.
    #[error("overloaded")]
    Overloaded,
    /// The job did not finish in time. It continues, and its result is dropped. 503 with `Retry-After`.
    #[error("the handler's deadline passed")]
    TimedOut,
    /// The use case panicked. 500 (R98).
    #[error("a use case panicked")]
    Panicked,
}

/// The capacity of a lane.
#[derive(Clone, Copy, Debug)]
pub struct LaneWidth {
    /// Maximum number of jobs at the same time.
    pub threads: usize,
    /// Maximum number of waiting jobs. Further jobs are refused.
    pub queue: usize,
    /// Maximum wait. A job that waited longer is not started.
    pub wait: Duration,
}

/// The capacities of the lanes, and the deadline of jobs.
#[derive(Clone, Copy, Debug)]
pub struct LaneOptions {
    /// Longest wait for a thread of [`Lane::Database`] or [`Lane::Reading`]; as many wait as there are connections.
    pub database_wait: Duration,
    /// Threads of each of the two, for each of the server's workers.
    pub database_threads: usize,
    /// [`Lane::Password`]: as many threads as the hasher has permits.
    pub password: LaneWidth,
    /// [`Lane::Picture`]: as many threads as the decoder has permits.
    pub picture: LaneWidth,
    /// Maximum time from the call to the result (R85).
    pub deadline: Duration,
}

impl Default for LaneOptions {
    fn default() -> Self {
        let wait = Duration::from_secs(2);
        Self {
            database_wait: wait,
            database_threads: 2,
            password: LaneWidth { threads: 2, queue: 64, wait },
            picture: LaneWidth { threads: 2, queue: 16, wait },
            deadline: Duration::from_secs(10),
        }
    }
}

/// The lanes. They are in the application state.
pub struct Lanes {
    database: DatabaseThreads,
    password: OwnThreads,
    picture: OwnThreads,
    deadline: Duration,
}

impl Lanes {
    /// Opens the lanes. Fails if the system cannot start their threads.
    pub fn new(options: LaneOptions) -> std::io::Result<Self> {
        Ok(Self {
            database: DatabaseThreads::new(options.database_wait, options.database_threads),
            password: OwnThreads::new("password", options.password)?,
            picture: OwnThreads::new("picture", options.picture)?,
            deadline: options.deadline,
        })
    }

    /// Runs `job` in `lane` and returns its result.
    pub async fn run<T, F>(&self, lane: Lane, job: F) -> Result<T, LaneError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let (handle, threads, wait, place) = match lane {
            Lane::Database | Lane::Writing | Lane::Reading => {
                let [writing, reading] = self.database.of_this_worker();
                let threads = if lane == Lane::Reading { reading } else { writing };
                (Handle::current(), threads, self.database.wait, None)
            }
            Lane::Password => self.password.place()?,
            Lane::Picture => self.picture.place()?,
        };
        let (asked, end) = (Instant::now(), self.deadline);
        let acquired = timeout(wait.min(end), Arc::clone(&threads.running).acquire_owned()).await;
        let permit = acquired.ok().and_then(Result::ok).ok_or(LaneError::Overloaded)?;
        let held = Arc::new(Mutex::new(Some((permit, place))));
        let (in_job, span) = (GivenBack(Arc::clone(&held)), Span::current());
        let job = handle.spawn_blocking(move || {
            let _in_job = in_job;
            span.in_scope(job)
        });
        let mut caller = Caller(Some(Waiting { job, held, spare: threads.spare, until: asked + end }));
        caller.answer().await
    }
}

/// Which jobs may run: one permit for each thread.
#[derive(Clone)]
struct Threads {
    running: Arc<Semaphore>,
    spare: Arc<Semaphore>,
}

impl Threads {
    fn new(width: usize) -> Self {
        Self { running: Arc::new(Semaphore::new(width)), spare: Arc::new(Semaphore::new(SPARE_THREADS)) }
    }
}

/// The permit of a job: that of its thread with its place in the queue, or of a spare one after the deadline.
type Held = Arc<Mutex<Option<(OwnedSemaphorePermit, Option<OwnedSemaphorePermit>)>>>;

/// Gives the permits back when the job has ended.
struct GivenBack(Held);

impl Drop for GivenBack {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Lets another thread take the place of a job that is stuck, if there is a spare one.
fn replace(held: &Held, spare: Arc<Semaphore>) {
    let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
    if held.is_some()
        && let Ok(spare) = spare.try_acquire_owned()
    {
        *held = Some((spare, None));
    }
}

/// The waiting side of a job. Dropping it aborts a job that has not started; one that has started counts as stuck after
/// the deadline.
struct Caller<T: Send + 'static>(Option<Waiting<T>>);

/// A job without an answer yet.
struct Waiting<T> {
    job: JoinHandle<T>,
    held: Held,
    spare: Arc<Semaphore>,
    until: Instant,
}

impl<T: Send + 'static> Caller<T> {
    /// Waits for the result until the deadline.
    async fn answer(&mut self) -> Result<T, LaneError> {
        let Some(Waiting { job, until, .. }) = &mut self.0 else { return Err(LaneError::Overloaded) };
        let answer = timeout_at(*until, job).await.map_err(|_elapsed| LaneError::TimedOut)?;
        self.0 = None;
        answer.map_err(|error| if error.is_panic() { LaneError::Panicked } else { LaneError::Overloaded })
    }
}

impl<T: Send + 'static> Drop for Caller<T> {
    fn drop(&mut self) {
        let Some(Waiting { mut job, held, spare, until }) = self.0.take() else { return };
        job.abort();
        if Instant::now() >= until {
            replace(&held, spare);
        } else if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                // The end of the job ends the wait.
                if timeout_at(until, &mut job).await.is_err() {
                    replace(&held, spare);
                }
            });
        }
    }
}

/// The database threads of each worker.
struct DatabaseThreads {
    wait: Duration,
    width: usize,
    /// Distinguishes these lanes from others in the process.
    number: usize,
}

thread_local! {
    /// Those of the worker that this thread is, by the number of their lanes.
    static OF_THIS_WORKER: RefCell<HashMap<usize, [Threads; 2]>> = RefCell::default();
}

impl DatabaseThreads {
    fn new(wait: Duration, width: usize) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        Self { wait, width: width.max(1), number: NEXT.fetch_add(1, Ordering::Relaxed) }
    }

    fn of_this_worker(&self) -> [Threads; 2] {
        OF_THIS_WORKER.with_borrow_mut(|own| {
            let own = own.entry(self.number);
            own.or_insert_with(|| [Threads::new(self.width), Threads::new(self.width)]).clone()
        })
    }
}

/// A lane with threads of its own: the blocking pool of a runtime that does nothing else.
struct OwnThreads {
    runtime: Option<Runtime>,
    handle: Handle,
    wait: Duration,
    threads: Threads,
    /// One permit for each job that runs or waits.
    places: Arc<Semaphore>,
}

impl OwnThreads {
    fn new(name: &str, width: LaneWidth) -> std::io::Result<Self> {
        let width = LaneWidth { threads: width.threads.max(1), ..width };
        let most = width.threads + SPARE_THREADS;
        let runtime = Builder::new_current_thread().max_blocking_threads(most).thread_name(name).build()?;
        let handle = runtime.handle().clone();
        let places = Arc::new(Semaphore::new(width.threads + width.queue));
        let threads = Threads::new(width.threads);
        Ok(Self { runtime: Some(runtime), handle, wait: width.wait, threads, places })
    }

    fn place(&self) -> Result<(Handle, Threads, Duration, Option<OwnedSemaphorePermit>), LaneError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_full| LaneError::Overloaded)?;
        Ok((self.handle.clone(), self.threads.clone(), self.wait, Some(place)))
    }
}

impl Drop for OwnThreads {
    fn drop(&mut self) {
        // Async code must not wait for the threads, and their results are not needed any more.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
#[path = "blocking_tests.rs"]
mod tests;
