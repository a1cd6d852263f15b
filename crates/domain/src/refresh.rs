//! Refresh tokens: single use, rotating, one chain for each sign-in (R47).

use crate::{Instant, RefreshTokenId, SignInId, TokenHash};

/// One link of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// Its row.
    pub id: RefreshTokenId,
    /// The sign-in whose chain it is in.
    pub sign_in_id: SignInId,
    /// Hash of the token.
    pub token_hash: TokenHash,
    /// When it was handed out.
    pub created_at: Instant,
    /// Until when it may be used.
    pub expires_at: Instant,
    /// When it was used, and so replaced by its successor.
    pub rotated_at: Option<Instant>,
}
