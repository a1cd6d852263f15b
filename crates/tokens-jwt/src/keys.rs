//! Signing keys: P-256, PKCS#8, PEM.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// Bytes of a coordinate on P-256.
const COORDINATE: usize = 32;
/// First byte of an uncompressed point (SEC 1 section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// Why a set of signing keys cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The set is empty.
    #[error("a signing key is needed")]
    None,
    /// The active key is not in the set.
    #[error("there is no signing key with the id {0:?}")]
    Unknown(String),
    /// Two keys share a `kid`.
    #[error("there are two signing keys with the id {0:?}")]
    Twice(String),
    /// Not a private key on P-256 in PKCS#8 and PEM.
    #[error("the signing key {0:?} is no P-256 key in PKCS#8 PEM")]
    Unreadable(String),
    /// A key could not be generated.
    #[error("a signing key could not be made")]
    Generation,
}

/// Makes a signing key, as PKCS#8 in PEM (RFC 7468).
pub fn generate_signing_key() -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Generation)?;
    let der = pair.to_pkcs8v1().map_err(|_| KeyError::Generation)?;
    let text = Zeroizing::new(STANDARD.encode(der.as_ref()));
    // Large enough from the start, so that growing leaves no copy in memory.
    let mut pem = Zeroizing::new(Vec::with_capacity(512));
    pem.extend_from_slice(b"-----BEGIN PRIVATE KEY-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.extend_from_slice(line);
        pem.push(b'\n');
    }
    pem.extend_from_slice(b"-----END PRIVATE KEY-----\n");
    Ok(pem)
}

/// Checks that tokens can be signed with this key, PKCS#8 in PEM; `id` is for the error.
pub fn check_signing_key(id: &str, pem: &[u8]) -> Result<(), KeyError> {
    Key::from_pem(id.to_owned(), pem).map(drop)
}

/// A signing key and its public half.
pub(crate) struct Key {
    /// `kid`.
    pub(crate) id: String,
    pub(crate) signing: EncodingKey,
    pub(crate) verifying: DecodingKey,
    x: String,
    y: String,
}

impl Key {
    pub(crate) fn from_pem(id: String, pem: &[u8]) -> Result<Self, KeyError> {
        Self::read(&id, pem).ok_or(KeyError::Unreadable(id))
    }

    fn read(id: &str, pem: &[u8]) -> Option<Self> {
        let signing = EncodingKey::from_ec_pem(pem).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, signing.as_bytes()).ok()?;
        let (&form, point) = pair.public_key().as_ref().split_first()?;
        if form != UNCOMPRESSED || point.len() != 2 * COORDINATE {
            return None;
        }
        let (x, y) = point.split_at(COORDINATE);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let verifying = DecodingKey::from_ec_components(&x, &y).ok()?;
        Some(Self { id: id.to_owned(), signing, verifying, x, y })
    }

    /// The public half as a JWK (RFC 7518 section 6.2).
    pub(crate) fn jwk(&self) -> Value {
        json!({
            "kty": "EC",
            "kid": self.id,
            "use": "sig",
            "alg": "ES256",
            "crv": "P-256",
            "x": self.x,
            "y": self.y,
        })
    }
}
