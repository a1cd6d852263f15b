//! Requests an export of the caller's account.

use selfsame_domain::{Action, Export, ExportState, RequestContext};
use selfsame_ports::{Mail, StorageError};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    sessions::principal::StepUpRequired,
};

/// Asks for everything that the account holds.
#[derive(Clone, Debug)]
pub struct RequestExport {
    /// For audit and limits.
    pub context: RequestContext,
}

/// Why no export is made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestExportError {
    /// The caller must prove who they are again (R78).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// Another export of the account is being made.
    #[error("an export is being made already")]
    InProgress,
    /// The sign-in ended before the request was recorded.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RequestExportError: StorageError);

impl RequestExport {
    /// Leaves the work to a worker, and tells every verified address that an export was asked for. One export of an account
    /// is made at a time.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<Export, RequestExportError> {
        let now = core.clock.now();
        caller.principal.require_step_up(&caller.user.enrolled, now, core.policy.step_up_critical)?;
        core.spend(&[core.limits.export_per_user.of_user(caller.user.id)])?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RequestExportError::Unauthenticated)?;
            let earlier = work.exports().of_user(account.id)?;
            if earlier.iter().any(|export| export.status(now).is_unfinished()) {
                return Err(RequestExportError::InProgress);
            }
            let before = core.before_change(work, &account)?;
            let export = Export {
                id: core.id(),
                user_id: account.id,
                state: ExportState::Pending,
                progress: 0,
                archive: None,
                requested_at: now,
                finished_at: None,
                expires_at: now + core.policy.export_ttl,
            };
            work.exports().insert(&export)?;
            core.enqueue_export(work, &export)?;
            core.notify(work, &account, &Mail::ExportRequested, &before)?;
            let event = Event::of_user(Action::ExportRequested, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event);
            account.save(work)?;
            Ok(export)
        })
    }
}
