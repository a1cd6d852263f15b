//! The schema of a database: its state, and its migration to the schema of this build (R92).

use crate::StorageError;

/// The state of a database's schema, compared with the one that this build needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// It is current.
    Current,
    /// The names of the migrations that are still to be run, in order.
    Pending(Vec<String>),
    /// The versions of migrations that this build does not know: a newer build has migrated it.
    Newer(Vec<String>),
}

impl SchemaState {
    /// [`StorageError::Schema`] unless it is current.
    pub fn into_result(self) -> Result<(), StorageError> {
        match self {
            Self::Current => Ok(()),
            Self::Pending(names) => Err(StorageError::Schema(format!("{} migrations are pending", names.len()))),
            Self::Newer(versions) => Err(StorageError::Schema(format!(
                "a newer build has migrated it, to {}",
                versions.last().map_or("", String::as_str)
            ))),
        }
    }
}

/// The schema of the database behind a [`crate::Storage`].
pub trait Schema: Send + Sync {
    /// Runs the pending migrations in order and returns their names.
    ///
    /// Each is atomic and records its version. After a failure the next ones are not run, and the earlier ones stay. Of
    /// several processes that migrate at once one does it, and the others wait. [`StorageError::Schema`] if the
    /// database is newer than this build, or a migration fails.
    fn migrate(&self) -> Result<Vec<String>, StorageError>;
    /// Compares and changes nothing; it needs no right to create tables.
    fn state(&self) -> Result<SchemaState, StorageError>;
    /// Stores the mark of the keys that this database is used with, unless one is stored; returns whether the stored
    /// one is equal. Called after [`Schema::migrate`] and before anything is written with those keys.
    fn adopt(&self, mark: &[u8; 32]) -> Result<bool, StorageError>;
    /// The version of the newest migration that was run; `None` for an empty database.
    fn version(&self) -> Result<Option<String>, StorageError>;
}
