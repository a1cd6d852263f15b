//! Keys of the key files, and the keys that are derived from them.

use aws_lc_rs::{
    aead::{AES_256_GCM, RandomizedNonceKey},
    error::Unspecified,
    hkdf, hmac,
};
use zeroize::Zeroizing;

use crate::KEY_BYTES;

const KEY_ID_MAX: usize = 64;

/// Why keys cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The set is empty.
    #[error("the vault needs a sealing key")]
    None,
    /// The active key is not in the set.
    #[error("there is no sealing key with the id {0:?}")]
    Unknown(String),
    /// An id is not 1 to 64 characters of `A-Z a-z 0-9 - _ .`
    #[error("{0:?} is no key id")]
    Id(String),
    /// Two keys share an id.
    #[error("there are two keys with the id {0:?}")]
    Twice(String),
    /// All bytes of the key are equal: it is not random (R96).
    #[error("the key {0:?} is not random")]
    Weak(String),
    /// The cryptographic library returned an error.
    #[error("the key cannot be used")]
    Unusable,
}

impl From<Unspecified> for KeyError {
    fn from(_: Unspecified) -> Self {
        Self::Unusable
    }
}

/// The id of the root key of MACs, for errors. MACs contain no key id.
const MAC_ID: &str = "mac";

/// A sealing key with its id.
pub(crate) struct SealingKey {
    id: String,
    aead: RandomizedNonceKey,
}

impl SealingKey {
    /// Derives the key that seals. The given key is not kept.
    pub(crate) fn new(id: &str, key: &[u8; KEY_BYTES]) -> Result<Self, KeyError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if id.is_empty() || id.len() > KEY_ID_MAX || !id.bytes().all(is_plain) {
            return Err(KeyError::Id(id.to_owned()));
        }
        refuse_constant(id, key)?;
        let aead = RandomizedNonceKey::new(&AES_256_GCM, &*derive(key, b"seal")?)?;
        let id = id.to_owned();
        Ok(Self { id, aead })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// AES-256-GCM with a random nonce of 96 bits for each text: safe for 2^32 texts per key (SP 800-38D section 8.3),
    /// which an account server does not reach in the life of a key.
    pub(crate) fn aead(&self) -> &RandomizedNonceKey {
        &self.aead
    }
}

/// Derives the key from which the MAC key of each context is made.
pub(crate) fn mac_key(key: &[u8; KEY_BYTES]) -> Result<hmac::Key, KeyError> {
    refuse_constant(MAC_ID, key)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &*derive(key, b"mac")?))
}

fn refuse_constant(id: &str, key: &[u8; KEY_BYTES]) -> Result<(), KeyError> {
    if key.iter().all(|byte| *byte == key[0]) { Err(KeyError::Weak(id.to_owned())) } else { Ok(()) }
}

/// HKDF-SHA256 (RFC 5869) with the use of the key as its info.
fn derive(key: &[u8; KEY_BYTES], usage: &[u8]) -> Result<Zeroizing<[u8; KEY_BYTES]>, Unspecified> {
    let mut derived = Zeroizing::new([0; KEY_BYTES]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"selfsame/vault/1")
        .extract(key)
        .expand(&[usage], hkdf::HKDF_SHA256)?
        .fill(derived.as_mut_slice())?;
    Ok(derived)
}
