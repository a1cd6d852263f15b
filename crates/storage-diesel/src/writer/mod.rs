//! The one connection that writes to a SQLite file, and the queue for it.
//!
//! A sync to disk costs more than all statements of a unit, so waiting units share one. Each is a savepoint within one
//! transaction, the [`batch`]. A unit that ends passes the open transaction to the one that has waited longest. The
//! unit that finds nobody waiting, or the batch full, commits for all of them; the commits of the others return after
//! that. A unit that fails rolls back to its own savepoint and does not affect the others.

mod batch;
mod turn;

#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, SendError, Sender},
    },
    thread::{self, ThreadId},
    time::Duration,
};

use selfsame_ports::StorageError;

use self::{batch::Held, turn::turn};
pub(crate) use self::{
    batch::{Bounds, STATEMENT, Savepoint, UNIT, as_seen_by_the_unit},
    turn::Turn,
};
use crate::sqlite::SqliteFile;

/// Gives out turns to write.
pub(crate) struct Writer {
    file: SqliteFile,
    acquire_timeout: Duration,
    bounds: Bounds,
    turns: Mutex<Turns>,
}

#[derive(Default)]
struct Turns {
    /// The holder of the turn. `None`: nobody holds it or waits, and no batch is open.
    holder: Option<ThreadId>,
    /// First come, first served.
    queue: VecDeque<Waiting>,
    /// The state of the connection while nobody holds the turn.
    at_rest: Box<Held>,
}

struct Waiting {
    thread: ThreadId,
    grant: Sender<Box<Held>>,
}

impl Writer {
    /// For a file that is ready. The connection is opened by the first turn.
    pub(crate) fn new(file: SqliteFile, acquire_timeout: Duration, bounds: Bounds) -> Arc<Self> {
        Arc::new(Self { file, acquire_timeout, bounds, turns: Mutex::default() })
    }

    /// Waits for the turn, at most [`crate::DatabaseOptions::acquire_timeout`].
    ///
    /// A thread that already has the turn would wait for itself, so it is refused at once.
    pub(crate) fn turn(self: &Arc<Self>) -> Result<Turn, StorageError> {
        let thread = thread::current().id();
        let mut turns = self.turns();
        if turns.holder == Some(thread) {
            let message = "this thread asks for a turn to write while it has a unit under way";
            return Err(StorageError::Internal(message.to_owned()));
        }
        if turns.holder.is_none() {
            turns.holder = Some(thread);
            return Ok(turn(self, std::mem::take(&mut turns.at_rest)));
        }
        let (grant, granted) = mpsc::channel();
        turns.queue.push_back(Waiting { thread, grant });
        drop(turns);
        let held = granted.recv_timeout(self.acquire_timeout).or_else(|_| self.leave_queue(thread, &granted))?;
        Ok(turn(self, held))
    }

    /// The turn may have been granted at the last moment. Grants are sent under the lock, so it is in the channel then.
    fn leave_queue(&self, thread: ThreadId, granted: &Receiver<Box<Held>>) -> Result<Box<Held>, StorageError> {
        let mut turns = self.turns();
        turns.queue.retain(|waiting| waiting.thread != thread);
        let message = format!("no turn to write within {} ms", self.acquire_timeout.as_millis());
        granted.try_recv().map_err(|_| StorageError::Unavailable(message))
    }

    /// Gives the turn to the one that has waited longest. If nobody waits, `held` is returned.
    fn hand_over(&self, held: Box<Held>) -> Result<(), Box<Held>> {
        self.turns().grant_next(held)
    }

    /// Gives the turn to the one that has waited longest, if anybody waits. No batch is open.
    fn lay_down(&self, held: Box<Held>) {
        let mut turns = self.turns();
        if let Err(held) = turns.grant_next(held) {
            turns.holder = None;
            turns.at_rest = held;
        }
    }

    /// Nobody panics while holding the lock, and every change under it is complete.
    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    fn grant_next(&mut self, mut held: Box<Held>) -> Result<(), Box<Held>> {
        while let Some(Waiting { thread, grant }) = self.queue.pop_front() {
            match grant.send(held) {
                Ok(()) => {
                    self.holder = Some(thread);
                    return Ok(());
                }
                Err(SendError(back)) => held = back,
            }
        }
        Err(held)
    }
}
