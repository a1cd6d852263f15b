//! Exports of accounts, inside a unit of work.

use selfsame_domain::{Export, ExportId, Instant, UserId};

use crate::StorageError;

/// Exports. Their archives are in [`crate::Blobs`]; a row names the archive, and only what a row names is handed out.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Exports {
    /// Adds an export.
    fn insert(&mut self, export: &Export) -> Result<(), StorageError>;
    /// An export, locked for change.
    fn lock(&mut self, id: ExportId) -> Result<Option<Export>, StorageError>;
    /// Writes the state, progress, archive and instants of an export that this unit has locked.
    fn save(&mut self, export: &Export) -> Result<(), StorageError>;
    /// Removes an export; returns whether there was one.
    fn remove(&mut self, id: ExportId) -> Result<bool, StorageError>;
    /// All exports of an account, the newest first. They are removed with the account.
    fn of_user(&mut self, user: UserId) -> Result<Vec<Export>, StorageError>;
    /// Removes up to `limit` exports that expired before an instant and have no archive any more; returns how many.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
