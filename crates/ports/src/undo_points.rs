//! Points to which accounts can be brought back, inside a unit of work.

use selfsame_domain::{Instant, UndoPoint, UserId};

use crate::StorageError;

/// The points of the accounts. The caller has locked the account.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait UndoPoints {
    /// Adds a point. [`StorageError::Conflict`] if the account has one at this place, or is gone.
    fn insert(&mut self, point: &UndoPoint) -> Result<(), StorageError>;
    /// The point of an account at a place.
    fn find(&mut self, user: UserId, sequence: i64) -> Result<Option<UndoPoint>, StorageError>;
    /// Removes the point of an account at a place and all later ones, and returns the one at the place. `None`, and nothing is
    /// removed, if there is none.
    fn take(&mut self, user: UserId, sequence: i64) -> Result<Option<UndoPoint>, StorageError>;
    /// Removes up to `limit` points that expired before an instant; returns how many.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
