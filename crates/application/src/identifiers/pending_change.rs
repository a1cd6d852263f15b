//! Reads the pending change of the caller's primary e-mail address (R9).

use selfsame_domain::{Challenge, Instant, Purpose, SignInId, UserId};
use selfsame_ports::StorageError;

use crate::{Caller, Core, Fault, fault::faults};

/// Reads it.
#[derive(Clone, Copy, Debug)]
pub struct ReadEmailChange;

/// A pending change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEmailChange {
    /// The address that is to become primary.
    pub new_email: String,
    /// When it was requested.
    pub requested_at: Instant,
    /// When its code expires.
    pub expires_at: Instant,
}

/// Why there is nothing to read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadEmailChangeError {
    /// No change is pending.
    #[error("no change is pending")]
    NotPending,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ReadEmailChangeError: StorageError);

impl ReadEmailChange {
    /// Reads it. A change is no longer pending when its code has expired, or when the sign-in that requested it has ended.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<PendingEmailChange, ReadEmailChangeError> {
        let pending = core.pending_change(caller.user.id, Some(caller.principal.sign_in_id))?;
        Ok(pending.ok_or(ReadEmailChangeError::NotPending)?.into())
    }
}

impl From<Challenge> for PendingEmailChange {
    fn from(pending: Challenge) -> Self {
        Self { new_email: pending.address, requested_at: pending.created_at, expires_at: pending.code_expires_at }
    }
}

impl Core {
    /// The challenge of the pending change of an account. `live` is a sign-in that is known to have not ended.
    pub(crate) fn pending_change(
        &self,
        user: UserId,
        live: Option<SignInId>,
    ) -> Result<Option<Challenge>, StorageError> {
        let mut queries = self.storage.read()?;
        let challenges = queries.challenges(user, Purpose::ChangeEmail)?;
        let Some(newest) = challenges.into_iter().next().filter(|newest| self.clock.now() < newest.code_expires_at)
        else {
            return Ok(None);
        };
        let began_in = newest.sign_in_id.filter(|sign_in| live != Some(*sign_in));
        let has_ended = match began_in {
            Some(sign_in) => {
                let found = queries.sign_in(user, sign_in, false)?;
                found.is_none_or(|found| found.sign_in.ended_at.is_some())
            }
            None => false,
        };
        Ok(Some(newest).filter(|_| !has_ended))
    }
}
