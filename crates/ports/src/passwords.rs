//! Hashing and checking passwords (R19, R82, R83).

use selfsame_domain::{Password, PasswordHash};

/// The result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password, or no hash to compare with.
    Wrong,
    /// The password.
    Right,
    /// The password, but its hash is weaker than the current parameters: hash it again.
    RightButWeak,
}

/// A slow, memory-hard hash, computed by a bounded number of threads with a bounded queue.
pub trait PasswordHasher: Send + Sync {
    /// Hashes a new password with a fresh salt.
    fn hash(&self, password: &Password) -> Result<PasswordHash, PasswordError>;
    /// Compares. Without a hash it returns [`Verdict::Wrong`] after the same work, so that the time does not show who
    /// has an account (R83).
    fn verify(&self, password: &Password, hash: Option<&PasswordHash>) -> Result<Verdict, PasswordError>;
}

/// Why a password could not be hashed or compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The queue is full, or the wait was too long. Try again later (R82).
    #[error("too many passwords are being checked")]
    Busy,
    /// The stored hash cannot be read, or hashing failed.
    #[error("password hashing failed: {0}")]
    Internal(String),
}
