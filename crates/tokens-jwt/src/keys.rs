//! Signing keys, as PKCS#8 in PEM: P-256 for ES256, RSA for RS256. A key has one algorithm (RFC 8725 section 3.1).

use aws_lc_rs::{
    encoding::AsDer as _,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RsaKeyPair},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use selfsame_domain::oauth::SigningAlgorithm;
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
    /// Not a private RSA key of at least 2048 bits in PKCS#8 and PEM.
    #[error("the signing key {0:?} is no RSA key of 2048 to 8192 bits in PKCS#8 PEM")]
    UnreadableRsa(String),
    /// A key could not be generated.
    #[error("a signing key could not be made")]
    Generation,
}

/// Makes a key for ES256, as PKCS#8 in PEM (RFC 7468).
pub fn generate_signing_key() -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Generation)?;
    let der = pair.to_pkcs8v1().map_err(|_| KeyError::Generation)?;
    Ok(pem_of(der.as_ref()))
}

/// Makes a key for RS256, as PKCS#8 in PEM: 3072 bits, as strong as P-256 (NIST SP 800-57 part 1). It takes a moment.
pub fn generate_rs256_key() -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let pair = RsaKeyPair::generate(KeySize::Rsa3072).map_err(|_| KeyError::Generation)?;
    let der = pair.as_der().map_err(|_| KeyError::Generation)?;
    Ok(pem_of(der.as_ref()))
}

fn pem_of(der: &[u8]) -> Zeroizing<Vec<u8>> {
    let text = Zeroizing::new(STANDARD.encode(der));
    // Large enough from the start, so that growing leaves no copy in memory.
    let mut pem = Zeroizing::new(Vec::with_capacity(text.len() + text.len() / 64 + 64));
    pem.extend_from_slice(b"-----BEGIN PRIVATE KEY-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.extend_from_slice(line);
        pem.push(b'\n');
    }
    pem.extend_from_slice(b"-----END PRIVATE KEY-----\n");
    pem
}

/// Checks that tokens can be signed by ES256 with this key, PKCS#8 in PEM; `id` is for the error.
pub fn check_signing_key(id: &str, pem: &[u8]) -> Result<(), KeyError> {
    Key::from_pem(SigningAlgorithm::Es256, id, pem).map(drop)
}

/// Checks that tokens can be signed by RS256 with this key, PKCS#8 in PEM; `id` is for the error.
pub fn check_rs256_key(id: &str, pem: &[u8]) -> Result<(), KeyError> {
    Key::from_pem(SigningAlgorithm::Rs256, id, pem).map(drop)
}

/// A signing key and its public half.
pub(crate) struct Key {
    /// `kid`.
    pub(crate) id: String,
    /// The only algorithm of the key.
    pub(crate) algorithm: Algorithm,
    pub(crate) signing: EncodingKey,
    pub(crate) verifying: DecodingKey,
    /// The public half as a JWK (RFC 7518 section 6).
    pub(crate) jwk: Value,
}

impl Key {
    pub(crate) fn from_pem(algorithm: SigningAlgorithm, id: &str, pem: &[u8]) -> Result<Self, KeyError> {
        match algorithm {
            SigningAlgorithm::Es256 => Self::es256(id, pem).ok_or_else(|| KeyError::Unreadable(id.to_owned())),
            SigningAlgorithm::Rs256 => Self::rs256(id, pem).ok_or_else(|| KeyError::UnreadableRsa(id.to_owned())),
        }
    }

    fn es256(id: &str, pem: &[u8]) -> Option<Self> {
        let signing = EncodingKey::from_ec_pem(pem).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, signing.as_bytes()).ok()?;
        let (&form, point) = pair.public_key().as_ref().split_first()?;
        if form != UNCOMPRESSED || point.len() != 2 * COORDINATE {
            return None;
        }
        let (x, y) = point.split_at(COORDINATE);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let verifying = DecodingKey::from_ec_components(&x, &y).ok()?;
        let jwk = json!({"kty": "EC", "kid": id, "use": "sig", "alg": "ES256", "crv": "P-256", "x": x, "y": y});
        Some(Self { id: id.to_owned(), algorithm: Algorithm::ES256, signing, verifying, jwk })
    }

    fn rs256(id: &str, pem: &[u8]) -> Option<Self> {
        let signing = EncodingKey::from_rsa_pem(pem).ok()?;
        let pair = RsaKeyPair::from_der(signing.as_bytes()).ok()?;
        let public = pair.public_key();
        let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let e = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        let verifying = DecodingKey::from_rsa_components(&n, &e).ok()?;
        let jwk = json!({"kty": "RSA", "kid": id, "use": "sig", "alg": "RS256", "n": n, "e": e});
        Some(Self { id: id.to_owned(), algorithm: Algorithm::RS256, signing, verifying, jwk })
    }
}
