//! What users have allowed applications, inside a unit of work.

use selfsame_domain::{Consent, Instant, UserId};

use crate::StorageError;

/// The consents of users: one row for each account and application.
///
/// The account is locked before its consents change.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Consents {
    /// The consent of an account for an application.
    fn find(&mut self, user: UserId, client_id: &str) -> Result<Option<Consent>, StorageError>;
    /// Writes a consent, in place of the one that the account has for the application. `created_at` of that one is kept.
    fn save(&mut self, consent: &Consent) -> Result<(), StorageError>;
    /// Removes a consent. `false` if the account has none for the application.
    fn remove(&mut self, user: UserId, client_id: &str) -> Result<bool, StorageError>;
    /// Removes the consents of an account that were given, or given for more, after an instant.
    fn remove_since(&mut self, user: UserId, since: Instant) -> Result<(), StorageError>;
}
