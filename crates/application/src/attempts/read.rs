//! Reads a sign-up or sign-in in progress.

use selfsame_domain::{Attempt, AttemptKind};
use selfsame_ports::StorageError;

use crate::{Core, Fault, attempts::AttemptRef, fault::faults};

/// Requests an attempt of the client.
#[derive(Clone, Debug)]
pub struct ReadAttempt {
    /// The attempt.
    pub attempt: AttemptRef,
    /// Sign-up or sign-in.
    pub kind: AttemptKind,
}

/// Why there is no attempt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadAttemptError {
    /// No open attempt of this kind and client.
    #[error("no such attempt")]
    UnknownAttempt,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ReadAttemptError: StorageError);

impl ReadAttempt {
    /// Reads it. One that is completed or has expired is unknown, and so is one of another client (R62).
    pub fn execute(&self, core: &Core) -> Result<Attempt, ReadAttemptError> {
        let attempt = core.open_attempt(&self.attempt)?.filter(|attempt| attempt.kind == self.kind);
        attempt.ok_or(ReadAttemptError::UnknownAttempt)
    }
}
