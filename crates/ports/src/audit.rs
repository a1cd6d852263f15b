//! The audit trail, inside a unit of work.

use selfsame_domain::AuditEvent;

use crate::StorageError;

/// The audit trail: rows are added, never changed (R79, R80).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Audit {
    /// Adds an event to its account's chain. The account was locked in this unit, or made in it.
    fn append(&mut self, event: &AuditEvent) -> Result<(), StorageError>;
}
