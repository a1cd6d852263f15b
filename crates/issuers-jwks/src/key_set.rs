//! A JWK set (RFC 7517): the keys of it that verify signatures.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

/// Most keys of a set. A set with more is refused.
const KEYS_MAX: usize = 100;
/// Least length of the modulus of an RSA key, in bytes (NIST SP 800-131A).
const MODULUS_MIN: usize = 256;

/// The usable keys.
#[derive(Default)]
pub(crate) struct KeySet(Vec<Jwk>);

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// Parses a set. Keys that this server cannot use, of another type or for encryption, are left out.
    pub(crate) fn parse(json: &[u8]) -> Option<Self> {
        let Document { keys } = serde_json::from_slice(json).ok()?;
        if keys.len() > KEYS_MAX {
            return None;
        }
        Some(Self(keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).filter(is_usable).collect()))
    }

    /// The key with this id, if it is one of this algorithm.
    pub(crate) fn find(&self, kid: &str, algorithm: Algorithm) -> Option<DecodingKey> {
        let mut keys = self.0.iter().filter(|key| key.common.key_id.as_deref() == Some(kid));
        DecodingKey::from_jwk(keys.find(|key| is_of(key, algorithm))?).ok()
    }
}

/// Whether a key verifies signatures, by `use` and `key_ops`.
fn is_usable(key: &Jwk) -> bool {
    let has_use = key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
    has_use && key.common.key_operations.as_ref().is_none_or(|all| all.contains(&KeyOperations::Verify))
}

/// Whether a key is of the type of an algorithm, and of no other algorithm (RFC 8725 section 3.1).
fn is_of(key: &Jwk, algorithm: Algorithm) -> bool {
    let named = key.common.key_algorithm.as_ref();
    let is_named = named.is_none_or(|named| named.to_string().parse() == Ok(algorithm));
    let has_type = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => key.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES384) => key.curve == EllipticCurve::P384,
        (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDSA) => key.curve == EllipticCurve::Ed25519,
        (
            AlgorithmParameters::RSA(key),
            Algorithm::RS256
            | Algorithm::RS384
            | Algorithm::RS512
            | Algorithm::PS256
            | Algorithm::PS384
            | Algorithm::PS512,
        ) => URL_SAFE_NO_PAD.decode(&key.n).is_ok_and(|modulus| modulus.len() >= MODULUS_MIN),
        _ => false,
    };
    is_named && has_type
}
