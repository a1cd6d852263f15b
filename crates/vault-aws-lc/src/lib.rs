//! [`Vault`] on AWS-LC: AES-256-GCM, HMAC-SHA256, HKDF-SHA256 and the system's random numbers.
//!
//! The vault is given master keys, each with an id, newest last. None of them encrypts anything itself: HKDF makes one
//! key for sealing and one for MACs out of each, so that neither use tells anything about the other.
//!
//! # Rotation (R95)
//! A new master key is added at the end: from then on it seals, while all of them open. Once everything has been sealed
//! again, or has expired, the oldest may be taken away.
//!
//! MACs come from the *oldest* key. They answer for short-lived things (mailed codes, successors of refresh tokens), and
//! whoever checks one computes it anew, without a key id to go by. So the key must be the one that all replicas agree on
//! while a new one is being rolled out: that is the oldest. The newest would refuse every code under way, and take
//! a client that repeats its refresh for a thief, at the very moment of the roll-out. Taking the oldest key away has that
//! price once, at a time of the operator's choosing, and it is small: codes under way must be asked for again.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod keys;
mod sealed;

use aws_lc_rs::{aead::Aad, hmac, rand};
use selfsame_ports::{Vault, VaultError};
use zeroize::{Zeroize as _, Zeroizing};

use crate::keys::MasterKey;
use crate::sealed::Envelope;

pub use crate::keys::KeyError;

/// Bytes in a master key.
pub const KEY_BYTES: usize = 32;

/// Makes a master key.
pub fn generate_key() -> Zeroizing<[u8; KEY_BYTES]> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    fill(key.as_mut_slice());
    key
}

/// The vault.
pub struct AwsLcVault {
    newest: MasterKey,
    /// Newest first.
    earlier: Vec<MasterKey>,
    mac: hmac::Key,
}

impl AwsLcVault {
    /// A vault with these master keys by id, newest last. The keys handed over are wiped.
    pub fn new(mut keys: Vec<(String, [u8; KEY_BYTES])>) -> Result<Self, KeyError> {
        let vault = Self::with(&keys);
        for (_, key) in &mut keys {
            key.zeroize();
        }
        vault
    }

    fn with(keys: &[(String, [u8; KEY_BYTES])]) -> Result<Self, KeyError> {
        let (_, oldest) = keys.first().ok_or(KeyError::None)?;
        let mac = keys::mac_key(oldest)?;
        let mut newest_first: Vec<MasterKey> = Vec::with_capacity(keys.len());
        for (id, key) in keys.iter().rev() {
            if newest_first.iter().any(|known| known.id() == id) {
                return Err(KeyError::Twice(id.clone()));
            }
            newest_first.push(MasterKey::new(id, key)?);
        }
        let earlier = newest_first.split_off(1);
        let newest = newest_first.pop().ok_or(KeyError::None)?;
        Ok(Self { newest, earlier, mac })
    }

    fn key(&self, id: &str) -> Option<&MasterKey> {
        std::iter::once(&self.newest).chain(&self.earlier).find(|key| key.id() == id)
    }
}

impl Vault for AwsLcVault {
    fn seal(&self, context: &str, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = &self.newest;
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
        let key = self.key(envelope.key_id).ok_or(VaultError::Unreadable)?;
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

    fn mac(&self, context: &str, data: &[u8]) -> [u8; 32] {
        // HMAC under a secret key is a pseudorandom function, so its value for the context is a key of its own.
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
