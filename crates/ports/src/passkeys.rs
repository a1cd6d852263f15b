//! Passkeys, inside a unit of work.

use selfsame_domain::{CredentialId, Instant, Passkey, PasskeyId, UserId};

use crate::StorageError;

/// The passkeys of the accounts. Every method names the account, so that the id of a passkey alone is not enough (R37).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Passkeys {
    /// Adds a passkey. [`StorageError::Taken`] if its credential id is registered, for whatever account (R37);
    /// [`StorageError::Conflict`] if its id is in use or the account is gone.
    fn insert(&mut self, passkey: &Passkey) -> Result<(), StorageError>;
    /// The passkeys of an account, oldest first.
    fn list(&mut self, user: UserId) -> Result<Vec<Passkey>, StorageError>;
    /// The account that has registered a credential.
    fn owner(&mut self, credential: &CredentialId) -> Result<Option<UserId>, StorageError>;
    /// How many passkeys an account has.
    fn count(&mut self, user: UserId) -> Result<i64, StorageError>;
    /// Gives a passkey another name. `false` if the account has no such passkey.
    fn rename(&mut self, user: UserId, id: PasskeyId, name: &str) -> Result<bool, StorageError>;
    /// Removes a passkey. `false` if the account has no such passkey.
    fn remove(&mut self, user: UserId, id: PasskeyId) -> Result<bool, StorageError>;
    /// Removes all passkeys of an account; returns how many.
    fn remove_all(&mut self, user: UserId) -> Result<usize, StorageError>;
    /// Records a use in one conditional statement: the signature counter, whether the passkey is backed up, the instant.
    /// `false` if the account has no such passkey, or if the counter is not greater than the stored one while one of both
    /// is not 0: a copy may have been used meanwhile (WebAuthn section 7.2, step 22).
    fn record_use(
        &mut self,
        user: UserId,
        id: PasskeyId,
        sign_count: u32,
        is_backed_up: bool,
        now: Instant,
    ) -> Result<bool, StorageError>;
}
