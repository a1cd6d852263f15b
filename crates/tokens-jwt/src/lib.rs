//! [`AccessTokens`] as signed JWTs (RFC 7519, RFC 9068), ES256 only.
//!
//! The rules of RFC 8725 are kept by leaving nothing to choose: each key has one algorithm, a header has exactly the three
//! fields that this server writes, and what else a token claims to be is refused before any of it is used (R45, R46).
//! Expiry is judged by the instant that the caller passes, never by the system's clock (R97).

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod cache;
mod claims;
mod keys;

use std::{sync::Arc, time::Duration};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header, Validation};
use selfsame_domain::Instant;
use selfsame_ports::{AccessClaims, AccessTokenError, AccessTokens, NewAccessToken, Vault};
use serde_json::{Value, json};

use crate::{
    cache::Cache,
    claims::{Claims, Heading},
    keys::Key,
};

pub use crate::keys::{KeyError, generate_signing_key};

/// `typ` of an access token (RFC 9068 section 2.1): no other token of this server is taken for one.
const TYPE: &str = "at+jwt";

/// Longer than any token of this server. What is longer is not worth a look.
const TOKEN_MAX_BYTES: usize = 4096;

/// How many verified tokens are remembered.
const CACHED_TOKENS: usize = 4096;

/// What tokens say about the server, and how the server reads them.
#[derive(Clone, Debug)]
pub struct Options {
    /// `iss`.
    pub issuer: String,
    /// The values of `aud` that are taken.
    pub audiences: Vec<String>,
    /// Clock difference between servers that is forgiven; at most a minute (R45).
    pub leeway: Duration,
}

/// The signer and verifier.
pub struct JwtTokens {
    options: Options,
    newest: Key,
    earlier: Vec<Key>,
    vault: Arc<dyn Vault>,
    verified: Cache<Claims>,
}

impl JwtTokens {
    /// Signs with the last of these keys (`kid` and PKCS#8 PEM), verifies with all of them (R95), and draws `jti` from the
    /// vault.
    pub fn new(options: Options, keys: Vec<(String, Vec<u8>)>, vault: Arc<dyn Vault>) -> Result<Self, KeyError> {
        let mut earlier: Vec<Key> = Vec::with_capacity(keys.len());
        for (id, pem) in keys {
            if earlier.iter().any(|known| known.id == id) {
                return Err(KeyError::Twice(id));
            }
            earlier.push(Key::from_pem(id, &pem)?);
        }
        let newest = earlier.pop().ok_or(KeyError::None)?;
        Ok(Self { options, newest, earlier, vault, verified: Cache::new(CACHED_TOKENS) })
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.newest).chain(&self.earlier)
    }

    fn leeway(&self) -> i64 {
        i64::try_from(self.options.leeway.as_secs()).unwrap_or(0)
    }

    /// Reads everything in a token that stays true: signature, form, issuer, audience.
    fn read(&self, token: &str) -> Option<Claims> {
        let heading = Heading::of(token)?;
        if heading.alg != "ES256" || heading.typ != TYPE {
            return None;
        }
        let key = self.keys().find(|key| key.id == heading.kid)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.verifying, &signature_only()).ok()?.claims;
        let is_ours = claims.iss == self.options.issuer && self.options.audiences.contains(&claims.aud);
        is_ours.then_some(claims)
    }

    /// Whether a token that was read may be used now.
    fn judge(&self, claims: &Claims, now: Instant) -> Result<AccessClaims, AccessTokenError> {
        let (now, leeway) = (now.timestamp(), self.leeway());
        if now >= claims.exp.saturating_add(leeway) {
            return Err(AccessTokenError::Expired);
        }
        if claims.iat.max(claims.nbf) > now.saturating_add(leeway) {
            return Err(AccessTokenError::Invalid);
        }
        claims.facts().ok_or(AccessTokenError::Invalid)
    }

    fn new_jti(&self) -> String {
        let mut bytes = [0; 16];
        self.vault.fill_random(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

impl AccessTokens for JwtTokens {
    fn issue(&self, token: &NewAccessToken, now: Instant) -> Result<(String, Instant), AccessTokenError> {
        let ttl = i64::try_from(token.ttl.as_secs()).map_err(|_| AccessTokenError::Signing)?;
        let iat = now.timestamp();
        let exp = iat.checked_add(ttl).ok_or(AccessTokenError::Signing)?;
        let expires_at = Instant::from_timestamp(exp, 0).ok_or(AccessTokenError::Signing)?;
        let claims = Claims {
            iss: self.options.issuer.clone(),
            sub: token.user_id.to_string(),
            aud: token.audience.clone(),
            exp,
            nbf: iat,
            iat,
            jti: self.new_jti(),
            sid: token.sign_in_id.to_string(),
        };
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.newest.id.clone());
        let signed = jsonwebtoken::encode(&header, &claims, &self.newest.signing);
        Ok((signed.map_err(|_| AccessTokenError::Signing)?, expires_at))
    }

    fn verify(&self, token: &str, now: Instant) -> Result<AccessClaims, AccessTokenError> {
        if token.len() > TOKEN_MAX_BYTES {
            return Err(AccessTokenError::Invalid);
        }
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        let claims = match self.verified.get(&fingerprint) {
            Some(claims) => claims,
            None => {
                let claims = Arc::new(self.read(token).ok_or(AccessTokenError::Invalid)?);
                self.verified.put(fingerprint, Arc::clone(&claims));
                claims
            }
        };
        self.judge(&claims, now)
    }

    fn jwks(&self) -> Value {
        let keys: Vec<Value> = self.keys().map(Key::jwk).collect();
        json!({ "keys": keys })
    }
}

/// Has the library check the signature, by ES256, and nothing else: it would ask the system's clock for the rest.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

#[cfg(test)]
mod tests;
