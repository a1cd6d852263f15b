//! The pending change of the caller's primary e-mail address: seen, and cancelled (R9).

use selfsame_domain::{Action, Challenge, Difference, Instant, Purpose, RequestContext, SignInId, UserId};
use selfsame_ports::StorageError;
use serde_json::json;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    identifiers::proofs::mask_email,
};

/// Reads it.
#[derive(Clone, Copy, Debug)]
pub struct ReadEmailChange;

/// Cancels it.
#[derive(Clone, Debug)]
pub struct CancelEmailChange {
    /// The request: for audit.
    pub context: RequestContext,
}

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

/// Why there is nothing to read or to cancel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailChangeError {
    /// No change is pending.
    #[error("no change is pending")]
    NotPending,
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(EmailChangeError: StorageError);

impl ReadEmailChange {
    /// Reads it. A change is no longer pending when its code has expired, or when the sign-in that requested it has ended.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<PendingEmailChange, EmailChangeError> {
        let pending = core.pending_change(caller.user.id, Some(caller.principal.sign_in_id))?;
        Ok(pending.ok_or(EmailChangeError::NotPending)?.into())
    }
}

impl CancelEmailChange {
    /// Voids its code. It needs no recent proof: it only keeps things as they are.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), EmailChangeError> {
        let pending = core.pending_change(caller.user.id, Some(caller.principal.sign_in_id))?;
        let pending = pending.ok_or(EmailChangeError::NotPending)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(EmailChangeError::Unauthenticated)?;
            work.proofs().void_challenges(account.id, Purpose::ChangeEmail, core.clock.now())?;
            let old = json!(mask_email(&pending.address));
            let change = Difference { pointer: "/email".into(), old, new: json!(null) };
            let event = Event::of_user(Action::EmailChangeCancelled, account.id, caller.principal.sign_in_id);
            core.record_within_budget(work, &mut account, event.with(vec![change]))?;
            Ok(account.save(work)?)
        })
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
