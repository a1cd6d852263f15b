//! One turn: one unit, or one single statement, on the connection that writes.

use std::sync::Arc;

use diesel::{QueryResult, connection::SimpleConnection};
use selfsame_ports::StorageError;

use super::{
    Savepoint, Writer,
    batch::{Batch, Held},
};
use crate::connection::AnyConnection;

/// The turn to write. If it is dropped without [`Turn::commit`], its work since [`Turn::begin`] is rolled back. However
/// it ends, the next one gets the turn, and earlier units of the batch become durable.
pub(crate) struct Turn {
    writer: Arc<Writer>,
    held: Box<Held>,
    savepoint: Option<&'static Savepoint>,
    has_ended: bool,
}

pub(super) fn turn(writer: &Arc<Writer>, held: Box<Held>) -> Turn {
    Turn { writer: Arc::clone(writer), held, savepoint: None, has_ended: false }
}

impl Turn {
    /// Begins the unit or statement of this turn. Called once.
    pub(crate) fn begin(&mut self, savepoint: &'static Savepoint) -> Result<(), StorageError> {
        self.run(|connection| connection.batch_execute(savepoint.begin))?;
        self.savepoint = Some(savepoint);
        Ok(())
    }

    /// Runs one statement, or several up to the first that fails.
    pub(crate) fn run<T>(
        &mut self,
        work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        self.held.in_batch(&self.writer.file)?.run(work)
    }

    /// Commits; returns when it is on disk.
    pub(crate) fn commit(mut self) -> Result<(), StorageError> {
        if let Some(savepoint) = self.savepoint {
            self.run(|connection| connection.batch_execute(savepoint.release))?;
        }
        if let Some(open) = &mut self.held.batch {
            open.units += 1;
        }
        self.end().map_or(Ok(()), |batch| batch.wait())
    }

    /// Commits the batch that others have left open. The rest of this turn is not part of it.
    pub(crate) fn flush(&mut self) {
        if let Some((batch, outcome)) = self.held.flush() {
            batch.tell(outcome);
        }
    }

    /// Rolls back to the savepoint; the other units of the batch stay. Returns when the earlier ones are on disk: this
    /// one may have read their changes, which must not be reported before.
    fn roll_back(&mut self) {
        if let Some(savepoint) = self.savepoint
            && self.run(|connection| connection.batch_execute(savepoint.roll_back)).is_err()
        {
            // The savepoint is lost, and the transaction too.
            self.held.lose();
        }
        let saw_others = self.held.batch.as_ref().is_some_and(|open| open.units > 0);
        if let Some(batch) = self.end().filter(|_| saw_others) {
            // The units whose commit failed get the error themselves.
            let _: Result<(), StorageError> = batch.wait();
        }
    }

    /// Passes the turn on, with the open batch if somebody waits and the batch is not full; otherwise commits it first.
    /// Returns the batch.
    fn end(&mut self) -> Option<Arc<Batch>> {
        self.has_ended = true;
        let mut held = std::mem::take(&mut self.held);
        let batch = held.batch.as_ref().map(|open| Arc::clone(&open.batch));
        if held.batch.as_ref().is_some_and(|open| open.takes_more(self.writer.bounds)) {
            match self.writer.hand_over(held) {
                Ok(()) => return batch,
                Err(back) => held = back,
            }
        }
        let flushed = held.flush();
        // The next one starts first, then the finished ones are woken.
        self.writer.lay_down(held);
        if let Some((batch, outcome)) = flushed {
            batch.tell(outcome);
        }
        batch
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.has_ended {
            self.roll_back();
        }
    }
}
