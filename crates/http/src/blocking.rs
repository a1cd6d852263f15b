//! The one place that decides *where* a use case runs, and how long it may take.
//!
//! Use cases block: on the database, on argon2, on decoding a picture. Each runs on a thread of the [`Lane`] that its
//! handler names; use cases never know. Hashing and decoding have lanes of their own, so that a storm of sign-ins does
//! not keep anybody from reading a profile (R82). On the way the job keeps its tracing span, and it is
//! dropped unbegun when its caller goes away, when it waited too long or when its lane's queue is full.
//!
//! Hasher and decoder count their own permits as well. Those bound memory for whoever calls them, commands that know no
//! lane included; a lane decides where the waiting is done. As wide as the permits are, it never makes a job wait for one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::{AbortHandle, JoinHandle},
    time::{Instant, timeout},
};
use tracing::Span;

/// What a use case waits for most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The database, or files. Runs on the blocking threads of the worker that took the request: no hop between
    /// workers, and about two threads each measured best.
    Database,
    /// Password hashing.
    Password,
    /// Picture decoding.
    Picture,
}

/// Why there is no answer from a lane. What a use case itself answers, errors included, is the `Ok` side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LaneError {
    /// The queue is full, or the job waited too long and was never begun. 503 with `Retry-After`.
    #[error("overloaded")]
    Overloaded,
    /// The job did not finish in time; it may still do so, unseen. 503 with `Retry-After`.
    #[error("the handler's deadline passed")]
    TimedOut,
    /// The use case panicked. 500 (R98).
    #[error("a use case panicked")]
    Panicked,
}

/// How wide a lane is.
#[derive(Clone, Copy, Debug)]
pub struct LaneWidth {
    /// Jobs at the same time.
    pub threads: usize,
    /// Jobs that may wait; one more is refused at once.
    pub queue: usize,
    /// Longest wait; a job older than this is never begun.
    pub wait: Duration,
}

/// The lanes' sizes and the handlers' deadline.
#[derive(Clone, Copy, Debug)]
pub struct LaneOptions {
    /// Longest wait for a thread of [`Lane::Database`]. Their number is the server's, per worker; as many wait as there
    /// are connections.
    pub database_wait: Duration,
    /// [`Lane::Password`]: as many threads as the hasher has permits.
    pub password: LaneWidth,
    /// [`Lane::Picture`]: as many threads as the decoder has permits.
    pub picture: LaneWidth,
    /// Longest time from asking to answering (R85).
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

/// The threads. Ask for them as `web::Data<Lanes>`.
pub struct Lanes {
    database_wait: Duration,
    password: OwnThreads,
    picture: OwnThreads,
    deadline: Duration,
}

impl Lanes {
    /// Opens the lanes. Fails if the system gives no thread for them.
    pub fn new(options: LaneOptions) -> std::io::Result<Self> {
        Ok(Self {
            database_wait: options.database_wait,
            password: OwnThreads::new("password", options.password)?,
            picture: OwnThreads::new("picture", options.picture)?,
            deadline: options.deadline,
        })
    }

    /// Runs `job` in `lane` and answers what it answers.
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
        let _dropped_unbegun = AbortOnDrop(running.abort_handle());
        match timeout(self.deadline, running).await {
            Ok(Ok(Some(answer))) => Ok(answer),
            Ok(Ok(None)) => Err(LaneError::Overloaded),
            Ok(Err(error)) if error.is_panic() => Err(LaneError::Panicked),
            Ok(Err(_cancelled)) => Err(LaneError::Overloaded),
            Err(_elapsed) => Err(LaneError::TimedOut),
        }
        .inspect_err(|error| tracing::error!(?lane, %error, "no answer from a use case"))
    }
}

/// A lane with threads of its own: the blocking pool of a runtime that does nothing else.
struct OwnThreads {
    runtime: Option<Runtime>,
    handle: Handle,
    width: LaneWidth,
    unfinished: Arc<AtomicUsize>,
}

impl OwnThreads {
    fn new(name: &str, width: LaneWidth) -> std::io::Result<Self> {
        let width = LaneWidth { threads: width.threads.max(1), ..width };
        let runtime = Builder::new_current_thread().max_blocking_threads(width.threads).thread_name(name).build()?;
        let handle = runtime.handle().clone();
        Ok(Self { runtime: Some(runtime), handle, width, unfinished: Arc::default() })
    }

    fn spawn<T, F>(&self, job: F) -> Result<JoinHandle<Option<T>>, LaneError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let place = Place::take(&self.unfinished, self.width.threads + self.width.queue)
            .ok_or(LaneError::Overloaded)
            .inspect_err(|error| tracing::warn!(%error, "the queue of a lane is full"))?;
        Ok(spawn(&self.handle, self.width.wait, Some(place), job))
    }
}

impl Drop for OwnThreads {
    fn drop(&mut self) {
        // Waiting for the threads is not allowed where async code runs, and nobody waits for their answers any more.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn spawn<T, F>(threads: &Handle, wait: Duration, place: Option<Place>, job: F) -> JoinHandle<Option<T>>
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

/// One of a bounded number of jobs, from asking to finishing or being dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(taken: &Arc<AtomicUsize>, all: usize) -> Option<Self> {
        taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| (taken < all).then_some(taken + 1))
            .ok()
            .map(|_| Self(Arc::clone(taken)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Drops a job that nobody waits for any more, if no thread has begun it.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
#[path = "blocking_tests.rs"]
mod tests;
