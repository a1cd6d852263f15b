//! Requests an export of the caller's account.

use selfsame_domain::{Action, Export, ExportState, Instant, RequestContext};
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
        core.authorize_export(caller)?;
        let now = core.clock.now();
        core.spend(&[core.limits.export_per_user.of_user(caller.user.id)])?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RequestExportError::Unauthenticated)?;
            may_request(&work.exports().of_user(account.id)?, now)?;
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

/// Whether another export of an account may be requested beside these.
pub(crate) fn may_request(exports: &[Export], now: Instant) -> Result<(), RequestExportError> {
    let is_unfinished = |export: &Export| export.status(now).is_unfinished();
    if exports.iter().any(is_unfinished) { Err(RequestExportError::InProgress) } else { Ok(()) }
}

impl Core {
    /// Whether an export of the caller's account, or its download, needs a more recent proof (R78).
    pub(crate) fn authorize_export(&self, caller: &Caller) -> Result<(), StepUpRequired> {
        let (now, max_age) = (self.clock.now(), self.policy.step_up_critical);
        caller.principal.require_step_up(&caller.user.enrolled, now, max_age)
    }
}
