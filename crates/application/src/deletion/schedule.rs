//! Schedules the deletion of the caller's account.

use selfsame_domain::{Action, Difference, Instant, OpaqueToken, RequestContext, Ticket, TicketKind, User};
use selfsame_ports::{Mail, StorageError};
use serde_json::json;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    sessions::principal::StepUpRequired,
    undo::hold::Removed,
};

/// Asks for the deletion.
#[derive(Clone, Debug)]
pub struct ScheduleDeletion {
    /// For the audit trail.
    pub context: RequestContext,
}

/// Why nothing was scheduled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleDeletionError {
    /// The caller must prove who they are again (R77).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ScheduleDeletionError: StorageError);

impl ScheduleDeletion {
    /// Ends every sign-in, the caller's too, voids attempts in progress, and tells every verified address, with a link that
    /// calls the deletion off. They are reminded before it is carried out. Returns when the account will be deleted. A second request changes nothing of that.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<Instant, ScheduleDeletionError> {
        core.authorize_deletion(caller)?;
        let now = core.clock.now();
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(ScheduleDeletionError::Unauthenticated)?;
            core.require_hold(work, &account, Removed::Whole)?;
            let state = core.before_change(work, &account)?;
            let before = account.deletion_at;
            let at = *account.deletion_at.get_or_insert(now + core.policy.deletion_grace);
            account.credential_epoch += 1;
            work.sessions().end_sign_ins_of(account.id, None, now)?;
            let token = core.issue_keep_account(work, &account, at)?;
            let link = core.policy.link("keep-account", token.expose());
            if before.is_none() {
                core.schedule_reminder(work, account.id, at)?;
            }
            let notice = Mail::DeletionScheduled { on: at.format("%F").to_string(), link };
            core.notify(work, &account, &notice, &state)?;
            let change = Difference { pointer: "/deletion_at".into(), old: json!(before), new: json!(at) };
            let event = Event::of_user(Action::DeletionScheduled, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event.with(vec![change]));
            account.save(work)?;
            Ok(at)
        })
    }
}

impl Core {
    /// Whether the deletion of the caller's account needs a more recent proof.
    pub(crate) fn authorize_deletion(&self, caller: &Caller) -> Result<(), StepUpRequired> {
        let (now, max_age) = (self.clock.now(), self.policy.step_up_critical);
        caller.principal.require_step_up(&caller.user.enrolled, now, max_age)
    }

    /// A ticket that calls the deletion at an instant off.
    pub(super) fn issue_keep_account(
        &self,
        work: &mut Work<'_>,
        user: &User,
        deletion_at: Instant,
    ) -> Result<OpaqueToken, StorageError> {
        let token = self.token_of(user.id);
        work.proofs().insert_ticket(&Ticket {
            hash: token.hash(),
            kind: TicketKind::KeepAccount,
            user_id: Some(user.id),
            bound_to: Some(deletion_at.to_rfc3339()),
            sealed: None,
            created_at: self.clock.now(),
            expires_at: deletion_at,
        })?;
        Ok(token)
    }
}
