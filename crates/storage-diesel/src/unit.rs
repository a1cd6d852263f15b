//! A unit of work: one transaction, begun by its first statement.
//!
//! Beginning late saves a round trip on PostgreSQL: where a unit starts by locking an account, as most do, `BEGIN` and
//! the lock go together.

use std::collections::HashMap;

use diesel::{QueryResult, connection::SimpleConnection};
use selfsame_domain::UserId;
use selfsame_ports::{Attempts, Audit, Challenges, Outbox, RefreshTokens, Sessions, StorageError, UnitOfWork, Users};

use crate::{audit::Head, connection::AnyConnection, pool::Pooled};

/// One transaction. It implements every repository, each in its own file.
pub(crate) struct Unit {
    connection: Pooled,
    state: State,
    /// Where the audit chains of the accounts end that this unit has locked or made.
    pub(crate) heads: HashMap<UserId, Head>,
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
        Self { connection, state: State::Unopened, heads: HashMap::new() }
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

    /// Locks a row until the unit ends, by a statement that says nothing but that. On SQLite the whole unit is a lock.
    ///
    /// A statement of its own, because one that also joins other tables would, after a wait, show those as they were
    /// before it (READ COMMITTED takes its snapshot when a statement starts, and only the locked row is read anew).
    pub(crate) fn lock_row(&mut self, statement: &str) -> Result<(), StorageError> {
        match self.state {
            _ if !self.connection.is_postgres() => Ok(()),
            State::Unopened => self.say(&format!("BEGIN; {statement}")),
            _ => self.run(|connection| connection.batch_execute(statement)),
        }
    }

    /// Runs a statement that begins the transaction.
    fn say(&mut self, statement: &str) -> Result<(), StorageError> {
        let result = self.connection.run(|connection| connection.batch_execute(statement));
        self.state = if result.is_ok() { State::Open } else { State::Failed };
        result
    }
}

impl UnitOfWork for Unit {
    fn users(&mut self) -> &mut dyn Users {
        self
    }

    fn sessions(&mut self) -> &mut dyn Sessions {
        self
    }

    fn attempts(&mut self) -> &mut dyn Attempts {
        self
    }

    fn challenges(&mut self) -> &mut dyn Challenges {
        self
    }

    fn refresh_tokens(&mut self) -> &mut dyn RefreshTokens {
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
