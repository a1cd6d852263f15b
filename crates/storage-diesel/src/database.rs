//! Access for other adapters that have tables in the same database, such as the blobs: SQL on the storage's
//! connections, so that there is one pool, one writer on SQLite, and one place that classifies errors.

use std::sync::Arc;

use diesel::QueryResult;
use selfsame_ports::StorageError;

use crate::{AnyConnection, DieselStorage, transaction::Transaction};

/// The database of a [`DieselStorage`]; a clone is the same one.
///
/// Statements are for `diesel::sql_query`, in the SQL that SQLite, PostgreSQL, CockroachDB and YugabyteDB share. Values are
/// bound as `$1`, `$2`, … whose first occurrences must be in this order: SQLite counts them as it meets them. The tables
/// are made by a migration in `/migrations`, in both dialects.
#[derive(Clone)]
pub struct Database(Arc<DieselStorage>);

impl DieselStorage {
    /// Access for another adapter.
    pub fn database(self: &Arc<Self>) -> Database {
        Database(Arc::clone(self))
    }
}

impl Database {
    /// Reads, on a connection for reading: no transaction, no write. Each statement may see another state.
    pub fn read<T>(&self, work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>) -> Result<T, StorageError> {
        self.0.readers.acquire()?.run(work)
    }

    /// Writes, in a unit of work of its own: durable after `Ok` (R87); after an error nothing was changed. Run it again
    /// after [`StorageError::Conflict`].
    ///
    /// On SQLite it waits for the turn to write, so it must not be called inside a unit of work.
    pub fn write<T>(&self, work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>) -> Result<T, StorageError> {
        let mut transaction = Transaction::new(self.0.writer()?);
        let value = transaction.run(work)?;
        transaction.commit().map(|()| value)
    }
}
