//! Faults: errors that any use case can return.

use std::time::Duration;

use selfsame_ports::{AccessTokenError, BlobError, MailError, PasswordError, PictureError, StorageError, VaultError};

use crate::core::Retry;

/// An error that does not depend on the input. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A budget is spent; the time until it has enough again.
    #[error("too many requests; try again in {} s", .0.as_secs())]
    Limited(Duration),
    /// The account is frozen until its password is reset: a change of it was undone. Only for who has proven who they are.
    #[error("the account is frozen")]
    Frozen,
    /// An identifier or factor of the account is too new for the operation; the time until it no longer is.
    #[error("a credential is too new; try again in {} s", .0.as_secs())]
    TooNew(Duration),
    /// Database, file store or hashing queue cannot serve this now. Try again later.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Conflicts with other writers, even after several runs.
    #[error("another writer was in the way")]
    Contended,
    /// An internal fault.
    #[error("internal: {0}")]
    Internal(String),
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Unavailable(_) | StorageError::Schema(_) => Self::Unavailable(error.to_string()),
            StorageError::Conflict => Self::Contended,
            StorageError::Taken(_) | StorageError::Internal(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<PasswordError> for Fault {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Unavailable(error.to_string()),
            PasswordError::Internal(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<BlobError> for Fault {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Name | BlobError::TooLarge => Self::Internal(error.to_string()),
            BlobError::Unavailable(_) => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<MailError> for Fault {
    /// Only for a mailbox that cannot be read; what cannot be sent stays in the outbox.
    fn from(error: MailError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<PictureError> for Fault {
    /// Only for [`PictureError::Busy`]; the others are violations.
    fn from(error: PictureError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<VaultError> for Fault {
    fn from(error: VaultError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<AccessTokenError> for Fault {
    fn from(error: AccessTokenError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl Retry for Fault {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Contended)
    }
}

/// Lets `?` turn the errors of ports into the `Fault` of a use case's error.
macro_rules! faults {
    ($error:ty: $($port:ty),+ $(,)?) => {
        impl From<$crate::Fault> for $error {
            fn from(fault: $crate::Fault) -> Self { Self::Fault(fault) }
        }
        $(impl From<$port> for $error {
            fn from(error: $port) -> Self { Self::Fault(error.into()) }
        })+
        impl $crate::core::Retry for $error {
            fn is_conflict(&self) -> bool { matches!(self, Self::Fault($crate::Fault::Contended)) }
        }
    };
}
pub(crate) use faults;
