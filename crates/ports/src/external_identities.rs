//! Identities of other issuers, inside a unit of work.

use selfsame_domain::{ExternalIdentity, ExternalIdentityId, SignIn, UserId};

use crate::StorageError;

/// Identities of other issuers. Of each pair of issuer and subject there is one, whatever account it stands for.
///
/// The account of an identity is locked before the identity changes. One of an account that is removed stays, without it.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait ExternalIdentities {
    /// The identity, and the sign-in of its tokens, live or not.
    fn find(&mut self, issuer: &str, subject: &str)
    -> Result<Option<(ExternalIdentity, Option<SignIn>)>, StorageError>;
    /// Adds one. [`StorageError::Conflict`] if there is one of this issuer and subject.
    fn insert(&mut self, identity: &ExternalIdentity) -> Result<(), StorageError>;
    /// Writes its account, its sign-in, the instant up to which its tokens are refused, and when it was linked.
    fn save(&mut self, identity: &ExternalIdentity) -> Result<(), StorageError>;
    /// Removes one. `false` if there is none.
    fn remove(&mut self, id: ExternalIdentityId) -> Result<bool, StorageError>;
    /// The identities of an account, the one that was linked first first.
    fn of_user(&mut self, user: UserId) -> Result<Vec<ExternalIdentity>, StorageError>;
}
