//! Passwords that are known from breaches of other services (R18).

use selfsame_domain::Password;

/// Looks passwords up in a set of breached ones, without giving them away.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait BreachedPasswords: Send + Sync {
    /// Whether the set contains the password. It answers or fails within a few seconds.
    fn contains(&self, password: &Password) -> Result<bool, BreachedPasswordsError>;
}

/// Why a password could not be looked up. The text has nothing of the password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the breached passwords cannot be looked up: {0}")]
pub struct BreachedPasswordsError(pub String);
