//! A unit of work: one [`Transaction`], and what it remembers of the accounts in it.

use std::collections::HashMap;

use diesel::QueryResult;
use selfsame_domain::UserId;
use selfsame_ports::{Attempts, Audit, Challenges, Outbox, RefreshTokens, Sessions, StorageError, UnitOfWork, Users};

use crate::{
    audit::Head,
    connection::AnyConnection,
    transaction::{Access, Transaction},
};

/// One transaction. It implements every repository, each in its own file.
pub(crate) struct Unit {
    transaction: Transaction,
    /// Where the audit chains of the accounts end that this unit has locked or made.
    pub(crate) heads: HashMap<UserId, Head>,
}

impl Unit {
    pub(crate) fn new(access: Access) -> Self {
        Self { transaction: Transaction::new(access), heads: HashMap::new() }
    }

    /// See [`Transaction::run`].
    pub(crate) fn run<T>(
        &mut self,
        work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        self.transaction.run(work)
    }

    /// See [`Transaction::lock_row`].
    pub(crate) fn lock_row(&mut self, statement: &str) -> Result<(), StorageError> {
        self.transaction.lock_row(statement)
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

    fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.transaction.commit()
    }
}
