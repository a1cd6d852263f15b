//! The audit trail, inside a unit of work.

use selfsame_domain::{AuditRecord, UserId};

use crate::StorageError;

/// The audit trail: records are added, never changed; only their details may be erased (R77, R79, R80).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Audit {
    /// Adds a record to its account's chain. [`StorageError::Conflict`] if the chain already has a record at that
    /// place. The new end of the chain is written with the account, by [`crate::Accounts::save`] or `insert`.
    fn append(&mut self, record: &AuditRecord) -> Result<(), StorageError>;
    /// Erases the details of every record of an account; returns the number of records.
    fn erase_details(&mut self, subject: UserId) -> Result<usize, StorageError>;
}
