//! The audit trail, inside a unit of work.

use selfsame_domain::{AuditRecord, UserId};

use crate::StorageError;

/// The audit trail: records are added, never changed; only their details may be erased (R78-R80).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Audit {
    /// Adds a record to its account's chain. [`StorageError::Conflict`] if the chain has a record at that place already.
    /// That the record is the account's new end is written with the account, by [`crate::Accounts::save`] or `insert`.
    fn append(&mut self, record: &AuditRecord) -> Result<(), StorageError>;
    /// Erases the details of every record of an account; answers of how many.
    fn erase_details(&mut self, subject: UserId) -> Result<usize, StorageError>;
}
