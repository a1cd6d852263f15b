//! One transaction, which begins with its first statement: a connection on PostgreSQL, a turn of the writer on SQLite.
//!
//! So a unit without statements costs no round trip on PostgreSQL, and no wait for a turn on SQLite.

use std::sync::Arc;

use diesel::{QueryResult, connection::SimpleConnection};
use selfsame_ports::StorageError;

use crate::{
    connection::AnyConnection,
    pool::{Permit, Pooled},
    writer::{STATEMENT, Turn, UNIT, Writer},
};

/// The way to write.
#[expect(clippy::large_enum_variant, reason = "it lives on the stack, or in the box of its unit")]
pub(crate) enum Access {
    /// On a connection of its own, which is returned before the permit.
    Postgres(Pooled, #[expect(dead_code, reason = "it is held, not read")] Permit),
    /// In a turn of the writer.
    Sqlite(Arc<Writer>),
}

impl Access {
    /// Runs one statement outside of a unit. Its effect is on disk when this returns.
    pub(crate) fn run<T>(mut self, work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>) -> Result<T, StorageError> {
        match &mut self {
            Self::Postgres(connection, _) => connection.run(work),
            Self::Sqlite(writer) => {
                let mut turn = writer.turn()?;
                turn.begin(&STATEMENT)?;
                let done = turn.run(work)?;
                turn.commit().map(|()| done)
            }
        }
    }
}

/// A transaction. It is rolled back if it is dropped without [`Transaction::commit`].
pub(crate) struct Transaction {
    access: Access,
    turn: Option<Turn>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// No statement was run yet.
    Unopened,
    /// In progress.
    Open,
    /// A statement failed. PostgreSQL accepts no other after that, so SQLite does not either.
    Failed,
    /// Committed or rolled back.
    Over,
}

impl Transaction {
    pub(crate) fn new(access: Access) -> Self {
        Self { access, turn: None, state: State::Unopened }
    }

    /// Runs statements inside, after `BEGIN` if they are the first. `work` must stop at the first failure: SQLite may
    /// have ended the whole transaction, and the next statement would run outside of one.
    pub(crate) fn run<T>(
        &mut self,
        work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        match self.state {
            State::Unopened => self.begin()?,
            State::Open => {}
            State::Failed | State::Over => {
                return Err(StorageError::Internal("a statement of this unit has failed before".to_owned()));
            }
        }
        let done = match (&mut self.access, &mut self.turn) {
            (Access::Postgres(connection, _), _) => connection.run(work),
            (Access::Sqlite(_), Some(turn)) => turn.run(work),
            (Access::Sqlite(_), None) => Err(StorageError::Internal("a unit without a turn".to_owned())),
        };
        self.noted(done)
    }

    /// Commits it; returns when it is on disk.
    pub(crate) fn commit(mut self) -> Result<(), StorageError> {
        match (self.state, self.turn.take()) {
            (State::Unopened, _) => return Ok(()),
            (State::Open, Some(turn)) => turn.commit()?,
            // The turn ends here, which rolls back.
            (_, Some(_)) => {
                return Err(StorageError::Internal("a statement of this unit has failed before".to_owned()));
            }
            (_, None) => self.run(|connection| connection.batch_execute("COMMIT"))?,
        }
        self.state = State::Over;
        Ok(())
    }

    fn begin(&mut self) -> Result<(), StorageError> {
        let begun = match &mut self.access {
            Access::Postgres(connection, _) => connection.run(|connection| connection.batch_execute("BEGIN")),
            Access::Sqlite(writer) => writer.turn().and_then(|turn| self.turn.insert(turn).begin(&UNIT)),
        };
        self.noted(begun)
    }

    fn noted<T>(&mut self, done: Result<T, StorageError>) -> Result<T, StorageError> {
        self.state = if done.is_ok() { State::Open } else { State::Failed };
        done
    }
}

impl Drop for Transaction {
    /// On SQLite the drop of the turn rolls back.
    fn drop(&mut self) {
        let Access::Postgres(connection, _) = &mut self.access else { return };
        if matches!(self.state, State::Unopened | State::Over) {
            return;
        }
        let rolled_back = connection.run(|connection| connection.batch_execute("ROLLBACK"));
        if rolled_back.is_err() {
            // Closing it rolls back as well.
            connection.discard();
        }
    }
}
