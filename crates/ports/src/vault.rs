//! Secrets that only this server can read or make: sealing, MACs and randomness.

/// Keys that are not in the database, and a source of random bytes.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Vault: Send + Sync {
    /// Encrypts and authenticates with the active key. `context` (what the text is for, and whose) must be given again to open it.
    fn seal(&self, context: &str, plaintext: &[u8]) -> Result<Vec<u8>, VaultError>;
    /// The reverse, with whichever key it was sealed with.
    fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError>;
    /// A MAC of `data` under a key derived for `context`. The same for the life of an installation and on each of its
    /// servers, whichever keys are rotated (R95): what is stored may depend on it.
    fn mac(&self, context: &str, data: &[u8]) -> [u8; 32];
    /// Fills a buffer with bytes that nobody can guess.
    fn fill_random(&self, buffer: &mut [u8]);
}

/// Why the vault did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Changed on the way, sealed for something else, or with a key that this server does not have: retired, or not yet
    /// copied here.
    #[error("the sealed text cannot be opened")]
    Unreadable,
    /// Sealing failed.
    #[error("sealing failed")]
    Sealing,
}
