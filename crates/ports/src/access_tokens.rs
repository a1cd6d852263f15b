//! Short-lived signed access tokens (R45, R46; RFC 9068).

use std::time::Duration;

use selfsame_domain::{Instant, SignInId, UserId};
use serde_json::Value;

/// What a token is to say, beside what the signer adds by itself (`iss`, `iat`, `exp`, `jti`, `typ=at+jwt`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccessToken {
    /// `sub`.
    pub user_id: UserId,
    /// `sid`.
    pub sign_in_id: SignInId,
    /// `aud`: who may take it.
    pub audience: String,
    /// `scope`: space-separated (RFC 6749 section 3.3, RFC 9068 section 2.2.3); left out when there is none.
    pub scope: Option<String>,
    /// `client_id` (RFC 9068 section 2.2); left out when no OAuth client asked.
    pub client_id: Option<String>,
    /// From `iat` to `exp`.
    pub ttl: Duration,
}

/// What a valid token said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// `sub`.
    pub user_id: UserId,
    /// `sid`: whether that sign-in is live is for the caller to check, on every request.
    pub sign_in_id: SignInId,
    /// `scope`, as it was issued.
    pub scope: Option<String>,
    /// `client_id`, as it was issued.
    pub client_id: Option<String>,
    /// `exp`.
    pub expires_at: Instant,
}

/// The signer and verifier.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait AccessTokens: Send + Sync {
    /// Signs a token with the active key; answers it with its `exp`.
    fn issue(&self, token: &NewAccessToken, now: Instant) -> Result<(String, Instant), AccessTokenError>;
    /// Reads a token of this server: known `kid` with that key's one algorithm, `typ=at+jwt`, all claims present and of
    /// their type, right issuer and audience, not expired. Headers that bring their own key (`jku`, `x5u`, `jwk`) or
    /// `crit` are refused.
    fn verify(&self, token: &str, now: Instant) -> Result<AccessClaims, AccessTokenError>;
    /// The public keys as a JWK set (RFC 7517): all that verify, those that do not sign yet among them (R95).
    fn jwks(&self) -> Value;
}

/// Why there is no token, or no claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// Not a token that this server would have signed.
    #[error("the access token is invalid")]
    Invalid,
    /// Ours, but past its `exp`.
    #[error("the access token has expired")]
    Expired,
    /// Signing failed.
    #[error("signing failed")]
    Signing,
}
