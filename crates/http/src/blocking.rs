//! Decides on which threads a use case runs, and how long it may take.
//!
//! Use cases block: on the database, on argon2, on decoding a picture. Each runs on a thread of the [`Lane`] that its
//! handler names; the use case does not know it. Hashing and decoding have lanes of their own, so that many sign-ins do
//! not block reads of a profile (R82). A job keeps its tracing span. It is dropped before it starts if its request is
//! cancelled, if it waited too long, or if the queue of the lane is full.
//!
//! The hasher and the decoder have permits too. These limit the memory of all callers, commands included. A lane has as
//! many threads as there are permits, so that no job waits for a permit.

use std::{sync::Arc, time::Duration};

use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::{AbortHandle, JoinHandle},
    time::{Instant, timeout},
};
use tracing::Span;

/// The resource that a use case waits for most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The database, or files. Runs on the blocking threads of the worker that received the request: without a hop
    /// between workers, about two threads for each were fastest in measurements.
    Database,
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
    /// Maximum wait for a thread of [`Lane::Database`]. `ServerOptions` has the number of threads. The queue is limited
    /// by the number of connections.
    pub database_wait: Duration,
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
            password: LaneWidth { threads: 2, queue: 64, wait },
            picture: LaneWidth { threads: 2, queue: 16, wait },
            deadline: Duration::from_secs(10),
        }
    }
}

/// The lanes. They are in the application state.
pub struct Lanes {
    database_wait: Duration,
    password: OwnThreads,
    picture: OwnThreads,
    deadline: Duration,
}

impl Lanes {
    /// Opens the lanes. Fails if the system cannot start their threads.
    pub fn new(options: LaneOptions) -> std::io::Result<Self> {
        Ok(Self {
            database_wait: options.database_wait,
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
        let running = match lane {
            Lane::Database => spawn(&Handle::current(), self.database_wait, None, job),
            Lane::Password => self.password.spawn(job)?,
            Lane::Picture => self.picture.spawn(job)?,
        };
        let _abort_on_drop = AbortOnDrop(running.abort_handle());
        match timeout(self.deadline, running).await {
            Ok(Ok(Some(answer))) => Ok(answer),
            Ok(Ok(None)) => Err(LaneError::Overloaded),
            Ok(Err(error)) if error.is_panic() => Err(LaneError::Panicked),
            Ok(Err(_cancelled)) => Err(LaneError::Overloaded),
            Err(_elapsed) => Err(LaneError::TimedOut),
        }
    }
}

/// A lane with threads of its own: the blocking pool of a runtime that does nothing else.
struct OwnThreads {
    runtime: Option<Runtime>,
    handle: Handle,
    wait: Duration,
    /// One permit for each job that runs or waits.
    places: Arc<Semaphore>,
}

impl OwnThreads {
    fn new(name: &str, width: LaneWidth) -> std::io::Result<Self> {
        let width = LaneWidth { threads: width.threads.max(1), ..width };
        let runtime = Builder::new_current_thread().max_blocking_threads(width.threads).thread_name(name).build()?;
        let handle = runtime.handle().clone();
        let places = Arc::new(Semaphore::new(width.threads + width.queue));
        Ok(Self { runtime: Some(runtime), handle, wait: width.wait, places })
    }

    fn spawn<T, F>(&self, job: F) -> Result<JoinHandle<Option<T>>, LaneError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_full| LaneError::Overloaded)?;
        Ok(spawn(&self.handle, self.wait, Some(place), job))
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

fn spawn<T, F>(threads: &Handle, wait: Duration, place: Option<OwnedSemaphorePermit>, job: F) -> JoinHandle<Option<T>>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let span = Span::current();
    let asked = Instant::now();
    threads.spawn_blocking(move || {
        let _place = place;
        (asked.elapsed() <= wait).then(|| span.in_scope(job))
    })
}

/// Aborts a job whose request is cancelled, if it has not started.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
#[path = "blocking_tests.rs"]
mod tests;
