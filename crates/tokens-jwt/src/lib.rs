//! [`AccessTokens`] as signed JWTs (RFC 7519, RFC 9068): ES256, and for ID tokens also RS256.
//!
//! The rules of RFC 8725 are kept because there are no choices: each key has one algorithm, and a header has exactly
//! the three fields that this server writes; any other token is refused before it is used (R45, R46). The keys of an algorithm
//! have a ring of their own, and only that of ES256 verifies access tokens. Expiry is checked
//! against the instant that the caller passes, never against the system's clock (R97).
//!
//! # Rotation (R95)
//! Every key of the ring verifies and is published; the active one signs. The caller chooses it, and sets a new ring
//! with [`JwtTokens::replace`] when a key was added, became active or was retired. A key must be in the ring of every
//! server, and in the key sets of other backends, before a server signs with it.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod cache;
mod claims;
mod id_token;
mod keys;
mod ring;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header, Validation};
use selfsame_domain::{Instant, oauth::SigningAlgorithm};
use selfsame_ports::{AccessClaims, AccessTokenError, AccessTokens, IdTokenHint, NewAccessToken, NewIdToken, Vault};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    claims::{Claims, Heading},
    ring::Ring,
};

pub use crate::keys::{KeyError, check_rs256_key, check_signing_key, generate_rs256_key, generate_signing_key};

/// `typ` of an access token (RFC 9068 section 2.1); no other token of this server has it.
const TYPE: &str = "at+jwt";

/// Longer than any token of this server. Longer ones are refused unread.
const TOKEN_MAX_BYTES: usize = 4096;

/// Issuer, audiences and leeway of tokens.
#[derive(Clone, Debug)]
pub struct Options {
    /// `iss`.
    pub issuer: String,
    /// The values of `aud` that are accepted.
    pub audiences: Vec<String>,
    /// Accepted difference between the clocks of servers; at most a minute (R45).
    pub leeway: Duration,
}

/// The signer and verifier.
pub struct JwtTokens {
    options: Options,
    vault: Arc<dyn Vault>,
    /// Locked only to clone or set a pointer.
    ring: RwLock<Arc<Ring>>,
    /// The keys of RS256; none until they are set.
    rs256: RwLock<Option<Arc<Ring>>>,
}

impl JwtTokens {
    /// Signs by ES256 with the key `active`, verifies with all of these (`kid` and PKCS#8 PEM, newest last), and draws `jti` from
    /// the vault.
    pub fn new(
        options: Options,
        keys: &[(String, Zeroizing<Vec<u8>>)],
        active: &str,
        vault: Arc<dyn Vault>,
    ) -> Result<Self, KeyError> {
        let ring = Ring::new(SigningAlgorithm::Es256, keys, active)?;
        Ok(Self { options, vault, ring: RwLock::new(Arc::new(ring)), rs256: RwLock::default() })
    }

    /// Replaces the keys of ES256. Calls in progress finish with the old ones. On an error nothing is changed.
    pub fn replace(&self, keys: &[(String, Zeroizing<Vec<u8>>)], active: &str) -> Result<(), KeyError> {
        let ring = Arc::new(Ring::new(SigningAlgorithm::Es256, keys, active)?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// Sets or replaces the keys of RS256 likewise.
    pub fn replace_rs256(&self, keys: &[(String, Zeroizing<Vec<u8>>)], active: &str) -> Result<(), KeyError> {
        let ring = Arc::new(Ring::new(SigningAlgorithm::Rs256, keys, active)?);
        *self.rs256.write().unwrap_or_else(PoisonError::into_inner) = Some(ring);
        Ok(())
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn ring_of(&self, algorithm: SigningAlgorithm) -> Option<Arc<Ring>> {
        match algorithm {
            SigningAlgorithm::Es256 => Some(self.ring()),
            SigningAlgorithm::Rs256 => self.rs256.read().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    fn leeway(&self) -> i64 {
        i64::try_from(self.options.leeway.as_secs()).unwrap_or(0)
    }

    /// Verifies everything that does not depend on the time: signature, form, issuer, audience.
    fn read(&self, ring: &Ring, token: &str) -> Option<Claims> {
        let heading = Heading::of(token)?;
        if heading.alg != "ES256" || heading.typ != TYPE {
            return None;
        }
        let key = ring.find(&heading.kid)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.verifying, &signature_only(key.algorithm)).ok()?.claims;
        let is_ours = claims.iss == self.options.issuer && self.options.audiences.contains(&claims.aud);
        is_ours.then_some(claims)
    }

    /// Checks the instants of a verified token.
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
            scope: token.scope.clone(),
            client_id: token.client_id.clone(),
        };
        let ring = self.ring();
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(ring.active().id.clone());
        let signed = jsonwebtoken::encode(&header, &claims, &ring.active().signing);
        // A longer token would not be accepted.
        let signed = signed.ok().filter(|token| token.len() <= TOKEN_MAX_BYTES);
        Ok((signed.ok_or(AccessTokenError::Signing)?, expires_at))
    }

    fn verify(&self, token: &str, now: Instant) -> Result<AccessClaims, AccessTokenError> {
        if token.len() > TOKEN_MAX_BYTES {
            return Err(AccessTokenError::Invalid);
        }
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        let ring = self.ring();
        let claims = match ring.verified.get(&fingerprint) {
            Some(claims) => claims,
            None => {
                let claims = Arc::new(self.read(&ring, token).ok_or(AccessTokenError::Invalid)?);
                ring.verified.put(fingerprint, Arc::clone(&claims));
                claims
            }
        };
        self.judge(&claims, now)
    }

    fn sign(&self, kind: &str, document: &[u8]) -> Result<String, AccessTokenError> {
        let ring = self.ring();
        let header = json!({ "typ": kind, "alg": "ES256", "kid": ring.active().id });
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(document));
        let signature = jsonwebtoken::crypto::sign(text.as_bytes(), &ring.active().signing, Algorithm::ES256);
        Ok(format!("{text}.{}", signature.map_err(|_| AccessTokenError::Signing)?))
    }

    fn issue_id_token(&self, token: &NewIdToken, now: Instant) -> Result<String, AccessTokenError> {
        let ring = self.ring_of(token.algorithm).ok_or(AccessTokenError::Signing)?;
        id_token::issue(&ring, &self.options.issuer, token, now)
    }

    fn read_id_token(&self, token: &str) -> Option<IdTokenHint> {
        let ring_of = |algorithm| self.ring_of(algorithm);
        if token.len() > TOKEN_MAX_BYTES { None } else { id_token::read(ring_of, &self.options.issuer, token) }
    }

    fn issuer(&self) -> &str {
        &self.options.issuer
    }

    fn jwks(&self) -> Value {
        let rings = SigningAlgorithm::ALL.into_iter().filter_map(|algorithm| self.ring_of(algorithm));
        let keys: Vec<Value> =
            rings.flat_map(|ring| ring.iter().map(|key| key.jwk.clone()).collect::<Vec<_>>()).collect();
        json!({ "keys": keys })
    }
}

/// Lets the library check the signature by this algorithm and nothing else, because it would use the system's clock for the
/// rest.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

#[cfg(test)]
mod tests;
