//! Accounts, inside a unit of work: the account's own row, its identifiers, its password and its attributes.

use selfsame_domain::{Attributes, IdentifierKind, Instant, PasswordHash, User, UserId, Username};

use crate::StorageError;

/// The accounts.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Accounts {
    /// The account with this id, identifiers included, locked against other units until this one ends. The result is as
    /// of the lock, also after a wait for it. Others may still add rows that refer to the account.
    fn lock(&mut self, id: UserId) -> Result<Option<User>, StorageError>;
    /// Adds an account with its identifiers. [`StorageError::Taken`] if a skeleton of its username or a verified identifier
    /// belongs to another account; [`StorageError::Conflict`] if it has the same address or number twice.
    fn insert(&mut self, user: &User) -> Result<(), StorageError>;
    /// Writes the columns and identifiers that differ between `before`, the account as it was read, and `after`.
    /// [`StorageError::Conflict`] if the stored account is no longer `before`, by its version and the end of its audit
    /// chain: so an account that was read without a lock may be saved too. Other errors as for `insert`.
    ///
    /// `created_at` of the account, and kind and `created_at` of an identifier, are never written. If nothing differs,
    /// the stored account stays `before` until the unit ends.
    fn save(&mut self, before: &User, after: &User) -> Result<(), StorageError>;
    /// Removes an account and all rows that refer to it, except its audit trail.
    fn delete(&mut self, id: UserId) -> Result<(), StorageError>;
    /// The hash of the account's password.
    fn password(&mut self, id: UserId) -> Result<Option<PasswordHash>, StorageError>;
    /// Sets the hash of the account's password.
    fn set_password(&mut self, id: UserId, hash: &PasswordHash) -> Result<(), StorageError>;
    /// Adds the hash of the account's password to its earlier ones, as the one of a credential epoch, and removes all
    /// earlier ones but the newest `keep`.
    fn keep_password(&mut self, id: UserId, epoch: i64, keep: i64) -> Result<(), StorageError>;
    /// Removes the account's password, if it has one.
    fn remove_password(&mut self, id: UserId) -> Result<(), StorageError>;
    /// Replaces the stored hash by a stronger one of the same password, if it is still `old`.
    fn rehash(&mut self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<(), StorageError>;
    /// The account's attributes; empty if it has none.
    fn attributes(&mut self, id: UserId) -> Result<Attributes, StorageError>;
    /// Writes the account's attributes.
    fn save_attributes(&mut self, id: UserId, attributes: &Attributes) -> Result<(), StorageError>;
    /// Ids of the other accounts that claim a canonical form and have not proven it, ascending.
    fn rival_claims(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<Vec<UserId>, StorageError>;
    /// Whether another account has proven a canonical form.
    fn is_proven_by_another(
        &mut self,
        kind: IdentifierKind,
        canonical: &str,
        except: UserId,
    ) -> Result<bool, StorageError>;
    /// Up to `limit` accounts whose deletion is due at an instant, the longest due first.
    fn due_deletions(&mut self, now: Instant, limit: i64) -> Result<Vec<UserId>, StorageError>;
    /// Holds a username that the account gives up until an instant: every skeleton of it.
    fn hold_username(&mut self, user: UserId, name: &Username, until: Instant) -> Result<(), StorageError>;
    /// Whether a skeleton of a username is held at `now` for another account. Call it after the account with that name was
    /// written: its skeletons are then locked, so that nobody gives the name up meanwhile.
    fn is_username_held(&mut self, name: &Username, except: UserId, now: Instant) -> Result<bool, StorageError>;
    /// Removes up to `limit` holds that ended before an instant; returns how many.
    fn purge_username_holds(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
    /// Removes up to `limit` accounts that nobody has ever shown to be theirs, as [`Accounts::delete`] does; returns
    /// how many.
    ///
    /// Such an account has proven nothing, has never had a sign-in, is not disabled, has claimed its primary e-mail
    /// address since before an instant, and was sent no proof after that instant.
    fn purge_unproven(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
