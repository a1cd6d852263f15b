//! Idempotency keys (draft-ietf-httpapi-idempotency-key-header-07): a request that is sent again has its effect once.

use std::fmt;

use crate::Instant;

/// The right of one request to take effect under its key. If another request has taken the key over meanwhile, the
/// change of this one is refused, so that there is one effect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyClaim {
    /// [`IdempotencyKey::hash`].
    pub key: [u8; 32],
    /// Random, another one for each request.
    pub claim: [u8; 16],
}

impl fmt::Debug for IdempotencyClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdempotencyClaim({:02x}{:02x}…)", self.key[0], self.key[1])
    }
}

/// A key that was used by a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// A MAC of the caller and the key, so that the database has neither.
    pub hash: [u8; 32],
    /// A MAC of method, target and body of the request.
    pub fingerprint: [u8; 32],
    /// The request that may take effect.
    pub claim: [u8; 16],
    /// When that request changed something.
    pub applied_at: Option<Instant>,
    /// Its response, sealed. It may have tokens.
    pub response: Option<Vec<u8>>,
    /// When the key was first used.
    pub created_at: Instant,
    /// Until when that request may be in progress. After it another one may take its place, unless it was applied.
    pub leased_until: Instant,
    /// Until when the key is known.
    pub expires_at: Instant,
}

impl IdempotencyKey {
    /// The claim of the request that may take effect.
    pub fn claimed(&self) -> IdempotencyClaim {
        IdempotencyClaim { key: self.hash, claim: self.claim }
    }

    /// Whether another request may use the key as if it were new: it has expired, or the request that has it has not
    /// changed anything within its time.
    pub fn is_free(&self, now: Instant) -> bool {
        let is_abandoned = self.response.is_none() && self.applied_at.is_none() && self.leased_until <= now;
        self.expires_at <= now || is_abandoned
    }
}
