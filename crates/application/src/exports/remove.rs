//! Removes an export of the caller's account, with its archive.

use selfsame_domain::{Action, ExportId, RequestContext};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
};

/// Asks that an export is forgotten, made or not.
#[derive(Clone, Debug)]
pub struct RemoveExport {
    /// Which.
    pub id: ExportId,
    /// For the audit trail.
    pub context: RequestContext,
}

/// Why nothing was removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoveExportError {
    /// Not an export of this account: one answer for unknown and foreign ones (R62).
    #[error("no such export")]
    UnknownExport,
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RemoveExportError: StorageError);

impl RemoveExport {
    /// Removes it. A worker that is making it stops. It needs no recent proof: it only takes something out of reach.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), RemoveExportError> {
        let archive = core.unit::<_, RemoveExportError>(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RemoveExportError::Unauthenticated)?;
            let export = work.exports().lock(self.id)?.filter(|export| export.user_id == account.id);
            let export = export.ok_or(RemoveExportError::UnknownExport)?;
            work.exports().remove(export.id)?;
            let event = Event::of_user(Action::ExportRemoved, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event);
            account.save(work)?;
            Ok(export.archive)
        })?;
        if let Some(archive) = archive {
            core.discard_archive(&archive.name);
        }
        Ok(())
    }
}
