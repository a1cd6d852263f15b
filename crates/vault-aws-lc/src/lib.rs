//! [`Vault`] on AWS-LC: AES-256-GCM, HMAC-SHA256, HKDF-SHA256 and the system's random numbers.
//!
//! # Keys
//! One *root key of MACs* and a ring of *sealing keys*, each with an id. They are not used directly: HKDF derives the
//! keys for sealing and for MACs.
//!
//! MACs (of mailed codes, refresh tokens, anonymous sessions, rate-limit keys, the audit chain) contain no key id and
//! are verified by computing them again. So there is one root key for all of them, which stays the same for the life of
//! an installation and on all its servers.
//!
//! # Rotation of sealing keys (R95)
//! All keys of the ring open; the active one seals. The vault has no clock: its caller chooses the active key, and sets
//! a new ring with [`AwsLcVault::replace`] when a key was added, became active or was retired. A key must be in the
//! ring of every server before a server seals with it.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod keys;
mod ring;
mod sealed;

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::{aead::Aad, hmac, rand};
use selfsame_ports::{Vault, VaultError};
use zeroize::Zeroizing;

use crate::{ring::Ring, sealed::Envelope};

pub use crate::keys::KeyError;

/// Bytes in a key, of either kind.
pub const KEY_BYTES: usize = 32;

/// Makes a key, of either kind.
pub fn generate_key() -> Zeroizing<[u8; KEY_BYTES]> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    fill(key.as_mut_slice());
    key
}

/// Checks a key of either kind with its id.
pub fn check_key(id: &str, key: &[u8; KEY_BYTES]) -> Result<(), KeyError> {
    keys::SealingKey::new(id, key).map(drop)
}

/// The vault.
pub struct AwsLcVault {
    mac: hmac::Key,
    /// Locked only to clone or set a pointer.
    ring: RwLock<Arc<Ring>>,
}

impl AwsLcVault {
    /// A vault with this root key of MACs and these sealing keys by id, of which `active` seals. Keeps neither.
    pub fn new(
        mac: &[u8; KEY_BYTES],
        sealing: &[(String, Zeroizing<[u8; KEY_BYTES]>)],
        active: &str,
    ) -> Result<Self, KeyError> {
        let ring = RwLock::new(Arc::new(Ring::new(sealing, active)?));
        Ok(Self { mac: keys::mac_key(mac)?, ring })
    }

    /// Replaces the sealing keys. Calls in progress finish with the old ones. On an error nothing is changed.
    pub fn replace(&self, sealing: &[(String, Zeroizing<[u8; KEY_BYTES]>)], active: &str) -> Result<(), KeyError> {
        let ring = Arc::new(Ring::new(sealing, active)?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Vault for AwsLcVault {
    fn seal(&self, context: &str, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
        let ring = self.ring();
        let key = ring.active();
        // The buffer becomes the ciphertext in place; only if sealing fails does it still hold the plaintext.
        let mut text = Zeroizing::new(plaintext.to_vec());
        let nonce = key
            .aead()
            .seal_in_place_append_tag(Aad::from(sealed::bound(key.id(), context)), &mut *text)
            .map_err(|_| VaultError::Sealing)?;
        Ok(Envelope { key_id: key.id(), nonce: nonce.as_ref(), text: &text }.write())
    }

    fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let envelope = Envelope::read(sealed).ok_or(VaultError::Unreadable)?;
        let ring = self.ring();
        let key = ring.find(envelope.key_id).ok_or(VaultError::Unreadable)?;
        let nonce = envelope.nonce().ok_or(VaultError::Unreadable)?;
        let mut text = envelope.text.to_vec();
        let length = key
            .aead()
            .open_in_place(nonce, Aad::from(sealed::bound(key.id(), context)), &mut text)
            .map_err(|_| VaultError::Unreadable)?
            .len();
        text.truncate(length);
        Ok(text)
    }

    fn is_current(&self, sealed: &[u8]) -> bool {
        Envelope::read(sealed).is_some_and(|envelope| envelope.key_id == self.ring().active().id())
    }

    fn mac(&self, context: &str, data: &[u8]) -> [u8; 32] {
        // HMAC under a secret key is a pseudorandom function, so its value for the context can be used as a key.
        let key = hmac::Key::new(hmac::HMAC_SHA256, &tag(&self.mac, context.as_bytes())[..]);
        *tag(&key, data)
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        fill(buffer);
    }
}

fn tag(key: &hmac::Key, data: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut tag = Zeroizing::new([0; 32]);
    tag.copy_from_slice(hmac::sign(key, data).as_ref());
    tag
}

#[expect(clippy::disallowed_methods, reason = "this is the adapter that others are to ask for random bytes")]
#[expect(clippy::expect_used, reason = "a server without random numbers must not go on with what is in the buffer")]
fn fill(buffer: &mut [u8]) {
    rand::fill(buffer).expect("the system's random number generator works");
}

#[cfg(test)]
mod tests;
