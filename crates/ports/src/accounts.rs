//! Accounts, inside a unit of work: the account's own row, its identifiers, its password and its attributes.

use selfsame_domain::{Attributes, IdentifierKind, Instant, PasswordHash, User, UserId};

use crate::StorageError;

/// The accounts.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Accounts {
    /// The account with this id, identifiers included, locked against other units until this one ends. What it answers is
    /// as of the lock, also after a wait for it. Rows that hang on the account may still be added by others.
    fn lock(&mut self, id: UserId) -> Result<Option<User>, StorageError>;
    /// Adds an account with its identifiers. [`StorageError::Taken`] if a skeleton of its username or a verified identifier
    /// is somebody else's; [`StorageError::Conflict`] if an address or number stands in it twice.
    fn insert(&mut self, user: &User) -> Result<(), StorageError>;
    /// Writes what differs between the account as it was read and as it is to be: columns and identifiers.
    /// [`StorageError::Conflict`] if the stored account is not `before` any more, by its version and the end of its audit
    /// chain: so an account that was read without a lock may be saved too. Otherwise as for `insert`.
    ///
    /// When the account was made, and of what kind an identifier is and when it was added, is never written. Where nothing
    /// differs, the stored account is `before` until the unit ends.
    fn save(&mut self, before: &User, after: &User) -> Result<(), StorageError>;
    /// Removes an account and everything that hangs on it, save its audit trail.
    fn delete(&mut self, id: UserId) -> Result<(), StorageError>;
    /// The hash of the account's password.
    fn password(&mut self, id: UserId) -> Result<Option<PasswordHash>, StorageError>;
    /// Sets the hash of the account's password.
    fn set_password(&mut self, id: UserId, hash: &PasswordHash) -> Result<(), StorageError>;
    /// Removes the account's password, if it has one.
    fn remove_password(&mut self, id: UserId) -> Result<(), StorageError>;
    /// Replaces the stored hash of one and the same password by a stronger one, if it is still `old`.
    fn rehash(&mut self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<(), StorageError>;
    /// The account's attributes; empty if it has none.
    fn attributes(&mut self, id: UserId) -> Result<Attributes, StorageError>;
    /// Writes the account's attributes.
    fn save_attributes(&mut self, id: UserId, attributes: &Attributes) -> Result<(), StorageError>;
    /// Ids of the other accounts that claim a canonical form without having proven it, ascending.
    fn rival_claims(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<Vec<UserId>, StorageError>;
    /// Removes up to `limit` accounts that nobody has ever shown to be theirs, as [`Accounts::delete`] does; answers how
    /// many.
    ///
    /// Such an account has proven nothing, was never signed in to, is not disabled, claims its primary e-mail address since
    /// before an instant, and was sent no proof after it.
    fn purge_unproven(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
