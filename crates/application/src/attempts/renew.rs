//! Replaces the temporary token of a sign-in that waits for a second factor.

use selfsame_domain::{Factor, OpaqueToken, RequestContext};
use selfsame_ports::StorageError;

use crate::{Core, Fault, attempts::AttemptRef, fault::faults};

/// Requests a new temporary token.
#[derive(Clone, Debug)]
pub struct RenewAttempt {
    /// The current one.
    pub token: OpaqueToken,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenewAttemptError {
    /// No open attempt of this client that needs a second factor next.
    #[error("no such attempt")]
    UnknownAttempt,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RenewAttemptError: StorageError);

impl RenewAttempt {
    /// Replaces it. The attempt lasts no longer than before.
    pub fn execute(&self, core: &Core) -> Result<OpaqueToken, RenewAttemptError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let attempt = core.open_attempt(&AttemptRef::Temporary(self.token.clone()))?;
        let attempt = attempt.ok_or(RenewAttemptError::UnknownAttempt)?;
        core.unit(&self.context, |work| {
            let locked = work.proofs().lock_attempt(attempt.id)?;
            let locked = locked.filter(|locked| {
                locked.token_hash == attempt.token_hash && locked.next().is_some_and(Factor::is_second)
            });
            let mut attempt = locked.ok_or(RenewAttemptError::UnknownAttempt)?;
            let token = core.token();
            attempt.token_hash = Some(token.hash());
            if !work.proofs().save_attempt(&attempt)? {
                return Err(RenewAttemptError::UnknownAttempt);
            }
            Ok(token)
        })
    }
}
