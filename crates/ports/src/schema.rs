//! The schema of a database: which one it has, and how it gets the one that this build needs (R92).

use crate::StorageError;

/// How the schema of a database compares with the one that this build needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// It is the one.
    Current,
    /// These migrations are still to be run, by name, in the order in which they will be.
    Pending(Vec<String>),
    /// It holds migrations that this build does not know: a newer build has migrated it. By version.
    Newer(Vec<String>),
}

impl SchemaState {
    /// [`StorageError::Schema`] unless it is the schema that this build needs.
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
    /// Runs the pending migrations in order and answers their names.
    ///
    /// Each happens whole or not at all, with its version recorded; after one that fails the next are not run, and those
    /// before it stay. Of several processes that migrate at once one does it and the others wait for it.
    /// [`StorageError::Schema`] if the database is newer than this build, or a migration fails.
    fn migrate(&self) -> Result<Vec<String>, StorageError>;
    /// Compares, and changes nothing: a role without the right to create tables may ask.
    fn state(&self) -> Result<SchemaState, StorageError>;
    /// Remembers the mark of the keys that this database is used with, unless one is remembered; answers whether it is this
    /// one. Asked after [`Schema::migrate`] and before anything is written with those keys.
    fn adopt(&self, mark: &[u8; 32]) -> Result<bool, StorageError>;
    /// The version of the newest migration that was run; `None` for an empty database.
    fn version(&self) -> Result<Option<String>, StorageError>;
}
