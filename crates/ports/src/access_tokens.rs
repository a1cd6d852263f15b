//! Short-lived signed access tokens (R45, R46; RFC 9068).

use std::time::Duration;

use selfsame_domain::{Instant, SignInId, UserId, oauth::SigningAlgorithm};
use serde_json::Value;

/// The claims of a token, besides those that the signer adds (`iss`, `iat`, `exp`, `jti`, `typ=at+jwt`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccessToken {
    /// `sub`.
    pub user_id: UserId,
    /// `sid`.
    pub sign_in_id: SignInId,
    /// `aud`: who may accept it.
    pub audience: String,
    /// `scope`: space-separated (RFC 6749 section 3.3, RFC 9068 section 2.2.3); left out when there is none.
    pub scope: Option<String>,
    /// `client_id` (RFC 9068 section 2.2); left out when there is no OAuth client.
    pub client_id: Option<String>,
    /// From `iat` to `exp`.
    pub ttl: Duration,
}

/// The claims of a valid token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// `sub`.
    pub user_id: UserId,
    /// `sid`. The caller checks on every request whether that sign-in is live.
    pub sign_in_id: SignInId,
    /// `scope`, as it was issued.
    pub scope: Option<String>,
    /// `client_id`, as it was issued.
    pub client_id: Option<String>,
    /// `exp`.
    pub expires_at: Instant,
}

/// The claims of an ID token (OpenID Connect Core section 2), besides those that the signer adds (`iss`, `iat`, `exp`,
/// `at_hash`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdToken {
    /// How it is signed.
    pub algorithm: SigningAlgorithm,
    /// `sub`.
    pub user_id: UserId,
    /// `sid`.
    pub sign_in_id: SignInId,
    /// `aud`: the client, which alone may accept it.
    pub client_id: String,
    /// `nonce` of the authorization request; left out when it had none.
    pub nonce: Option<String>,
    /// `auth_time`.
    pub authenticated_at: Instant,
    /// `acr`.
    pub acr: &'static str,
    /// `amr`; left out when it is empty.
    pub amr: Vec<&'static str>,
    /// The access token that is issued with it, for `at_hash`.
    pub access_token: String,
    /// From `iat` to `exp`.
    pub ttl: Duration,
}

/// The claims of an ID token that was issued before, perhaps long ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdTokenHint {
    /// `sub`.
    pub user_id: UserId,
    /// `sid`.
    pub sign_in_id: SignInId,
    /// `aud`.
    pub client_id: String,
}

/// The signer and verifier.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait AccessTokens: Send + Sync {
    /// Signs a token with the active key and returns it with its `exp`.
    fn issue(&self, token: &NewAccessToken, now: Instant) -> Result<(String, Instant), AccessTokenError>;
    /// Verifies a token of this server: known `kid` with the algorithm of that key, `typ=at+jwt`, all claims present
    /// and of their type, right issuer and audience, not expired. Headers with a key of their own (`jku`, `x5u`, `jwk`)
    /// or `crit` are refused.
    fn verify(&self, token: &str, now: Instant) -> Result<AccessClaims, AccessTokenError>;
    /// Signs a document with the active key, as a JWS in compact form (RFC 7515) whose payload it is and whose `typ` is
    /// `kind`. `kind` is never that of an access token, so [`AccessTokens::verify`] refuses it (RFC 8725 section 3.11). It
    /// verifies with [`AccessTokens::jwks`] for as long as the key is published (R95).
    fn sign(&self, kind: &str, document: &[u8]) -> Result<String, AccessTokenError>;
    /// Signs an ID token with the active key of its algorithm. It is never accepted as an access token (R46).
    fn issue_id_token(&self, token: &NewIdToken, now: Instant) -> Result<String, AccessTokenError>;
    /// Reads an ID token of this server, expired or not; `None` for any other text.
    fn read_id_token(&self, token: &str) -> Option<IdTokenHint>;
    /// `iss` of every token.
    fn issuer(&self) -> &str;
    /// The public keys as a JWK set (RFC 7517): all that verify, also those that do not sign yet (R95).
    fn jwks(&self) -> Value;
}

/// Why there is no token, or no claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// Not a valid token of this server.
    #[error("the access token is invalid")]
    Invalid,
    /// A valid token of this server, but past its `exp`.
    #[error("the access token has expired")]
    Expired,
    /// Signing failed.
    #[error("signing failed")]
    Signing,
}
