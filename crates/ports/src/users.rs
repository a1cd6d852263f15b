//! Accounts and their identifiers, inside a unit of work.

use selfsame_domain::{IdentifierChange, IdentifierKind, Instant, PasswordHash, User, UserId};

use crate::StorageError;

/// The accounts.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Users {
    /// The account with this id, identifiers included, locked against other units until this one ends.
    fn lock(&mut self, id: UserId) -> Result<Option<User>, StorageError>;
    /// Adds an account with its identifiers. [`StorageError::Taken`] if its username or a verified identifier is somebody else's.
    fn insert(&mut self, user: &User) -> Result<(), StorageError>;
    /// Writes the account's own row. [`StorageError::Conflict`] unless the stored version is `user.version - 1`;
    /// [`StorageError::Taken`] if the username is somebody else's. Identifiers are written by [`Users::change_identifiers`].
    fn save(&mut self, user: &User) -> Result<(), StorageError>;
    /// Writes rows of identifiers, in order. [`StorageError::Taken`] if a verified one is somebody else's.
    fn change_identifiers(&mut self, user: UserId, changes: &[IdentifierChange]) -> Result<(), StorageError>;
    /// Replaces the stored hash of one and the same password by a stronger one, if it is still `old`. No new version.
    fn rehash(&mut self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<(), StorageError>;
    /// Ids of the other accounts that claim a canonical form without having proven it, ascending.
    fn rival_claims(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<Vec<UserId>, StorageError>;
    /// Removes an account and everything that hangs on it, save its audit trail.
    fn delete(&mut self, id: UserId) -> Result<(), StorageError>;
    /// Removes up to `limit` accounts that nobody has ever shown to be theirs, as [`Users::delete`] does; answers how many.
    ///
    /// Such an account has proven nothing, was never signed in to, is not disabled, claims its primary e-mail address since
    /// before an instant, and was sent no proof after it.
    fn purge_unproven(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
