//! A vault whose randomness can be foreseen. Nothing in it is fit for secrets.

use std::sync::atomic::{AtomicU64, Ordering};

use selfsame_ports::{Vault, VaultError};
use sha2::{Digest as _, Sha256};

const NONCE: usize = 8;
const TAG: usize = 32;

/// The same seed gives the same keys and the same random bytes, in the same order.
pub struct TestVault {
    seed: u64,
    drawn: AtomicU64,
    /// The first nonce of the key that seals now.
    rotated_at: AtomicU64,
}

impl TestVault {
    /// A vault with the keys of `seed`.
    pub fn new(seed: u64) -> Self {
        Self::resumed(seed, 0)
    }

    /// The vault of `seed` after so many draws: the same keys, other nonces and random bytes.
    pub fn resumed(seed: u64, drawn: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(drawn), rotated_at: AtomicU64::new(0) }
    }

    /// What was sealed until now counts as sealed with an earlier key, which still opens it.
    pub fn rotate(&self) {
        self.rotated_at.store(self.drawn.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// SHA-256 over seed and parts, each with its length before it.
    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let start = Sha256::new().chain_update(self.seed.to_be_bytes());
        let add = |hash: Sha256, part: &&[u8]| hash.chain_update((part.len() as u64).to_be_bytes()).chain_update(part);
        parts.iter().fold(start, add).finalize().into()
    }

    fn draw(&self) -> [u8; NONCE] {
        self.drawn.fetch_add(1, Ordering::Relaxed).to_be_bytes()
    }

    /// The bytes with a key stream laid over them, or taken off again.
    fn masked(&self, purpose: &[u8], nonce: &[u8], bytes: &[u8]) -> Vec<u8> {
        let blocks = (0_u64..).flat_map(|block| self.digest(&[purpose, nonce, &block.to_be_bytes()]));
        bytes.iter().zip(blocks).map(|(byte, key)| byte ^ key).collect()
    }

    fn tag(&self, context: &str, nonce: &[u8], masked: &[u8]) -> [u8; TAG] {
        self.digest(&[b"tag", context.as_bytes(), nonce, masked])
    }
}

impl Default for TestVault {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Vault for TestVault {
    fn seal(&self, context: &str, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce = self.draw();
        let masked = self.masked(b"seal", &nonce, plaintext);
        let tag = self.tag(context, &nonce, &masked);
        Ok([&nonce[..], &masked, &tag].concat())
    }

    fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, rest) = sealed.split_at_checked(NONCE).ok_or(VaultError::Unreadable)?;
        let length = rest.len().checked_sub(TAG).ok_or(VaultError::Unreadable)?;
        let (masked, tag) = rest.split_at(length);
        if self.tag(context, nonce, masked) != tag {
            return Err(VaultError::Unreadable);
        }
        Ok(self.masked(b"seal", nonce, masked))
    }

    fn is_current(&self, sealed: &[u8]) -> bool {
        let nonce = sealed.first_chunk().map(|nonce| u64::from_be_bytes(*nonce));
        nonce.is_some_and(|nonce| nonce >= self.rotated_at.load(Ordering::Relaxed))
    }

    fn mac(&self, context: &str, data: &[u8]) -> [u8; 32] {
        self.digest(&[b"mac", context.as_bytes(), data])
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        let zeros = vec![0; buffer.len()];
        buffer.copy_from_slice(&self.masked(b"random", &self.draw(), &zeros));
    }
}
