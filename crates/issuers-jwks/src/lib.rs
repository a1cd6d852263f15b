//! [`ForeignTokens`] as signed JWTs (RFC 7519), verified with the JWK sets (RFC 7517) of their issuers.
//!
//! The rules of RFC 8725 are kept: an issuer has a list of algorithms and one type of tokens, each algorithm has one type of
//! key, and a header that names a key or a rule of its own is refused (R45, R46). Instants are checked against the one that the
//! caller passes, never against the system's clock (R97).
//!
//! A claim of a token that is not verified yet chooses the issuer whose keys are looked at, and nothing else.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod claims;
mod header;
mod key_cache;
mod key_set;
mod options;
mod source;
#[cfg(test)]
mod tests;

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Validation};
use selfsame_domain::Instant;
use selfsame_ports::{ForeignClaims, ForeignTokenError, ForeignTokens};
use serde_json::{Map, Value};

use crate::{header::Heading, key_cache::KeyCache};

pub use crate::{
    options::{ALGORITHMS, ClaimNames, IssuerOptions, KeySource, TokenType, is_algorithm},
    source::{KeySourceError, check_url},
};

/// Longer tokens are refused unread.
const TOKEN_MAX_BYTES: usize = 8192;

/// The verifier for all issuers.
pub struct JwksIssuers {
    issuers: Vec<Issuer>,
    /// Accepted difference between the clocks of servers; at most a minute (R45).
    leeway: i64,
}

struct Issuer {
    options: IssuerOptions,
    algorithms: Vec<Algorithm>,
    keys: KeyCache,
}

/// Why an issuer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// Not one of [`ALGORITHMS`].
    #[error("{0:?} is no algorithm of signatures with a public key")]
    Algorithm(String),
    /// The file or the URL of its keys.
    #[error("{0}: {1}")]
    Keys(String, KeySourceError),
}

impl JwksIssuers {
    /// Reads the key sets that are in files. Nothing is connected.
    pub fn new(issuers: Vec<IssuerOptions>, leeway: Duration, now: Instant) -> Result<Self, IssuerError> {
        let issuers = issuers.into_iter().map(|options| Issuer::new(options, now)).collect::<Result<_, _>>()?;
        Ok(Self { issuers, leeway: i64::try_from(leeway.as_secs()).unwrap_or(0) })
    }

    /// Fetches the key sets that are not fresh any more. A worker calls it, so that requests rarely wait for an issuer.
    pub fn refresh(&self, now: Instant) {
        for issuer in &self.issuers {
            issuer.keys.refresh(now);
        }
    }
}

impl Issuer {
    fn new(options: IssuerOptions, now: Instant) -> Result<Self, IssuerError> {
        let parse = |name: &String| name.parse().ok().filter(|_| is_algorithm(name));
        let algorithms = options.algorithms.iter().map(|name| parse(name).ok_or(IssuerError::Algorithm(name.clone())));
        let algorithms = algorithms.collect::<Result<_, _>>()?;
        let keys = KeyCache::open(&options.issuer, options.keys.clone(), now);
        let keys = keys.map_err(|error| IssuerError::Keys(options.issuer.clone(), error))?;
        Ok(Self { options, algorithms, keys })
    }

    /// The claims of a token with a good signature.
    fn read(&self, token: &str, now: Instant) -> Result<Map<String, Value>, ForeignTokenError> {
        let heading = Heading::of(token).ok_or(ForeignTokenError::Invalid)?;
        let algorithm = self.algorithms.iter().copied().find(|known| heading.is_signed_by(*known));
        let algorithm = algorithm.filter(|_| heading.is_of(self.options.token_type));
        let algorithm = algorithm.ok_or(ForeignTokenError::Invalid)?;
        let key = self.keys.find(&heading.kid, algorithm, now)?;
        let read = jsonwebtoken::decode(token, &key, &signature_only(algorithm));
        Ok(read.map_err(|_any| ForeignTokenError::Invalid)?.claims)
    }
}

impl ForeignTokens for JwksIssuers {
    fn verify(&self, token: &str, now: Instant) -> Result<ForeignClaims, ForeignTokenError> {
        if token.len() > TOKEN_MAX_BYTES {
            return Err(ForeignTokenError::Invalid);
        }
        let named = issuer_of(token).ok_or(ForeignTokenError::Invalid)?;
        let issuer = self.issuers.iter().find(|issuer| issuer.options.issuer == named);
        let issuer = issuer.ok_or(ForeignTokenError::Invalid)?;
        let read = issuer.read(token, now)?;
        claims::check(&read, &issuer.options, now, self.leeway)
    }
}

/// `iss` of a token that is not verified.
fn issuer_of(token: &str) -> Option<String> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Map<String, Value> = serde_json::from_slice(&payload).ok()?;
    claims.get("iss")?.as_str().map(ToOwned::to_owned)
}

/// Lets the library check the signature by one algorithm and nothing else, because it would use the system's clock for the rest.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
