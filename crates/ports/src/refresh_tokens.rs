//! Refresh tokens, inside a unit of work.

use selfsame_domain::{Instant, RefreshToken, RefreshTokenId, TokenHash};

use crate::StorageError;

/// The refresh tokens. They go with their sign-in.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait RefreshTokens {
    /// Adds a token.
    fn insert(&mut self, token: &RefreshToken) -> Result<(), StorageError>;
    /// The token with this hash, used or not.
    fn find(&mut self, token: &TokenHash) -> Result<Option<RefreshToken>, StorageError>;
    /// Uses a token up, in one conditional statement. `false` if it was used before (R47).
    fn rotate(&mut self, id: RefreshTokenId, now: Instant) -> Result<bool, StorageError>;
}
