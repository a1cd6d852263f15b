//! Why a use case of passkeys failed: one type for all that a signed-in user does with them.

use selfsame_domain::Violations;
use selfsame_ports::{StorageError, VaultError, WebAuthnError};

use crate::{Fault, fault::faults, sessions::principal::StepUpRequired};

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// Passkeys are off on this server.
    #[error("passkeys are off")]
    Off,
    /// The user must prove who they are again (R33).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The primary e-mail address is not proven (R38).
    #[error("the primary e-mail address is not verified")]
    UnverifiedEmail,
    /// The account has as many passkeys as it may have.
    #[error("the account has {max} passkeys already")]
    TooMany {
        /// Greatest number.
        max: usize,
    },
    /// The name breaks rules.
    #[error(transparent)]
    Invalid(Violations),
    /// Not the response of an authenticator.
    #[error("not a WebAuthn response")]
    Malformed,
    /// No such challenge: unknown, used, expired, for another purpose, or of another sign-in (R36).
    #[error("no such challenge")]
    UnknownChallenge,
    /// The response does not prove what it should.
    #[error("the response was refused")]
    Refused,
    /// The credential is registered already, here or elsewhere (R37).
    #[error("the credential is registered already")]
    AlreadyRegistered,
    /// Not a passkey of this account, or not any more: one answer for both (R37, R62).
    #[error("no such passkey")]
    UnknownPasskey,
    /// The account has no password, and this is its last passkey.
    #[error("no other way to sign in is left")]
    LastWayIn,
    /// The user's policy demands a second factor, and this is the last one (R34).
    #[error("the policy demands a second factor")]
    FactorDemanded,
    /// The account is gone, or the sign-in has ended meanwhile.
    #[error("not signed in")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(PasskeyError: StorageError, VaultError);

impl From<WebAuthnError> for PasskeyError {
    /// The reason of a refusal is logged, and not told to the client.
    fn from(error: WebAuthnError) -> Self {
        match error {
            WebAuthnError::Malformed => Self::Malformed,
            WebAuthnError::Refused(reason) => {
                tracing::info!(reason, "a WebAuthn response was refused");
                Self::Refused
            }
            WebAuthnError::CounterWentBack => Self::Refused,
            WebAuthnError::Internal(message) => Self::Fault(Fault::Internal(message)),
        }
    }
}
