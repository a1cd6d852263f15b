//! Calls a scheduled deletion off: by its owner, signed in again, or by the link of the mail that announced it.

use selfsame_domain::{Action, Difference, OpaqueToken, RequestContext, TicketKind};
use selfsame_ports::{Mail, StorageError};
use serde_json::json;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
};

/// Calls it off as the signed-in owner.
#[derive(Clone, Debug)]
pub struct CancelDeletion {
    /// For the audit trail.
    pub context: RequestContext,
}

/// Calls it off with the token of the mailed link.
#[derive(Clone)]
pub struct CancelDeletionByLink {
    /// The token, as it was sent.
    pub token: String,
    /// For audit and limits.
    pub context: RequestContext,
}

/// Why nothing was called off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CancelDeletionError {
    /// The token is unknown, was used, or its deletion is over.
    #[error("not a token of a scheduled deletion")]
    InvalidToken,
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(CancelDeletionError: StorageError);

impl CancelDeletion {
    /// The account stays. Changes nothing if no deletion is scheduled.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), CancelDeletionError> {
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(CancelDeletionError::Unauthenticated)?;
            let event = Event::of_user(Action::DeletionCancelled, account.id, caller.principal.sign_in_id);
            Ok(core.cancel_deletion(work, &mut account, event)?)
        })
    }
}

impl CancelDeletionByLink {
    /// The account stays. The token is good for the deletion that it was mailed for, once. Signs nobody in.
    pub fn execute(&self, core: &Core) -> Result<(), CancelDeletionError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let token = OpaqueToken::parse(&self.token).ok_or(CancelDeletionError::InvalidToken)?;
        let user = token.user().ok_or(CancelDeletionError::InvalidToken)?;
        let now = core.clock.now();
        core.unit(&self.context, |work| {
            let account = Account::lock_usable(work, user)?;
            let mut account = account.ok_or(CancelDeletionError::InvalidToken)?;
            let ticket = work.proofs().consume_ticket(&token.hash(), TicketKind::KeepAccount, now)?;
            let scheduled = account.deletion_at.map(|at| at.to_rfc3339());
            let is_for_this = ticket.is_some_and(|ticket| ticket.user_id == Some(user) && ticket.bound_to == scheduled);
            if scheduled.is_none() || !is_for_this {
                return Err(CancelDeletionError::InvalidToken);
            }
            Ok(core.cancel_deletion(work, &mut account, Event::anonymous(Action::DeletionCancelled))?)
        })
    }
}

impl Core {
    fn cancel_deletion(&self, work: &mut Work<'_>, account: &mut Account, event: Event) -> Result<(), Fault> {
        let Some(at) = account.deletion_at.take() else { return Ok(()) };
        let before = self.before_change(work, account)?;
        work.proofs().void_tickets(account.id, TicketKind::KeepAccount, self.clock.now())?;
        self.notify(work, account, &Mail::DeletionCancelled, &before)?;
        let change = Difference { pointer: "/deletion_at".into(), old: json!(at), new: json!(null) };
        self.record(work, account, event.with(vec![change]));
        Ok(account.save(work)?)
    }
}
