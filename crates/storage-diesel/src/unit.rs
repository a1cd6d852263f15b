//! A unit of work: one transaction, begun by its first statement.
//!
//! Beginning late costs a unit without a statement nothing.

use diesel::{QueryResult, connection::SimpleConnection};
use selfsame_ports::{Accounts, Audit, Outbox, Proofs, Sessions, StorageError, UnitOfWork};

use crate::{connection::AnyConnection, pool::Pooled};

/// One transaction. It implements every repository, each in its own file.
pub(crate) struct Unit {
    connection: Pooled,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing has been said yet.
    Unopened,
    /// The transaction is under way.
    Open,
    /// A statement failed. PostgreSQL takes no other after that, and so that both databases are alike, neither does SQLite.
    Failed,
    /// Committed or rolled back.
    Over,
}

impl Unit {
    pub(crate) fn new(connection: Pooled) -> Self {
        Self { connection, state: State::Unopened }
    }

    /// Runs statements inside the transaction, which it begins if need be.
    pub(crate) fn run<T>(
        &mut self,
        work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        match self.state {
            State::Unopened => self.say(if self.connection.is_postgres() { "BEGIN" } else { "BEGIN IMMEDIATE" })?,
            State::Open => {}
            State::Failed | State::Over => {
                return Err(StorageError::Internal("a statement of this unit has failed before".to_owned()));
            }
        }
        let result = self.connection.run(work);
        self.state = if result.is_ok() { State::Open } else { State::Failed };
        result
    }

    /// Runs a statement that begins the transaction.
    fn say(&mut self, statement: &str) -> Result<(), StorageError> {
        let result = self.connection.run(|connection| connection.batch_execute(statement));
        self.state = if result.is_ok() { State::Open } else { State::Failed };
        result
    }
}

impl UnitOfWork for Unit {
    fn accounts(&mut self) -> &mut dyn Accounts {
        self
    }

    fn sessions(&mut self) -> &mut dyn Sessions {
        self
    }

    fn proofs(&mut self) -> &mut dyn Proofs {
        self
    }

    fn audit(&mut self) -> &mut dyn Audit {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn commit(mut self: Box<Self>) -> Result<(), StorageError> {
        if self.state == State::Unopened {
            return Ok(());
        }
        self.run(|connection| connection.batch_execute("COMMIT"))?;
        self.state = State::Over;
        Ok(())
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        if matches!(self.state, State::Unopened | State::Over) {
            return;
        }
        let rolled_back = self.connection.run(|connection| connection.batch_execute("ROLLBACK"));
        if rolled_back.is_err() {
            // Closing it rolls back as well.
            self.connection.discard();
        }
    }
}
