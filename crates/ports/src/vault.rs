//! Sealing, MACs and random bytes.

/// Keys that are not in the database, and a source of random bytes.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Vault: Send + Sync {
    /// Encrypts and authenticates with the active key. `context` (purpose and subject) must be equal when it is opened.
    fn seal(&self, context: &str, plaintext: &[u8]) -> Result<Vec<u8>, VaultError>;
    /// The reverse of [`Vault::seal`], with the key that it was sealed with.
    fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError>;
    /// Whether it was sealed with the key that seals now. What was not is sealed again before its key is retired (R95).
    fn is_current(&self, sealed: &[u8]) -> bool;
    /// A MAC of `data` under a key derived for `context`. It stays the same for the life of an installation and on all
    /// its servers, also after a key rotation (R95), so stored data may depend on it.
    fn mac(&self, context: &str, data: &[u8]) -> [u8; 32];
    /// Fills a buffer with cryptographically secure random bytes.
    fn fill_random(&self, buffer: &mut [u8]);
}

/// Why the vault failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Changed, sealed for another context, or with a key that this server does not have: retired, or not copied here
    /// yet.
    #[error("the sealed text cannot be opened")]
    Unreadable,
    /// Sealing failed.
    #[error("sealing failed")]
    Sealing,
}
