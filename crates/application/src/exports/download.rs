//! Downloads the archive of an export.

use selfsame_domain::{Action, Archive, ExportId, ExportStatus, Instant, RequestContext};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    sessions::principal::StepUpRequired,
};

/// Asks for the archive.
#[derive(Clone, Debug)]
pub struct DownloadExport {
    /// Of which export.
    pub id: ExportId,
    /// For audit and limits.
    pub context: RequestContext,
}

/// An archive that may be handed out, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedArchive {
    /// The archive.
    pub archive: Archive,
    /// When it was made.
    pub made_at: Instant,
    /// Its first part. [`ReadPart`] reads the others.
    pub first: Vec<u8>,
}

/// Reads a part of an archive that was opened.
#[derive(Clone, Debug)]
pub struct ReadPart {
    /// See [`Archive::name`].
    pub archive: String,
    /// Which, from 0.
    pub number: i32,
}

/// Why no archive is handed out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DownloadExportError {
    /// The caller must prove who they are again (R78).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// Not an export of this account: one answer for unknown and foreign ones (R62).
    #[error("no such export")]
    UnknownExport,
    /// It is still being made, or could not be made.
    #[error("the archive is not there")]
    NotReady,
    /// Its archive has expired.
    #[error("the archive has expired")]
    Expired,
    /// The sign-in ended before the download was recorded.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(DownloadExportError: StorageError);

impl DownloadExport {
    /// Opens the archive and records that it is handed out. Expiry is checked here, not only by the purge.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<OpenedArchive, DownloadExportError> {
        let now = core.clock.now();
        caller.principal.require_step_up(&caller.user.enrolled, now, core.policy.step_up_critical)?;
        let found = core.storage.read()?.export(caller.user.id, self.id)?;
        let export = found.ok_or(DownloadExportError::UnknownExport)?;
        match export.status(now) {
            ExportStatus::Ready => {}
            ExportStatus::Expired => return Err(DownloadExportError::Expired),
            ExportStatus::Pending | ExportStatus::Running | ExportStatus::Failed => {
                return Err(DownloadExportError::NotReady);
            }
        }
        let archive = export.archive.ok_or(DownloadExportError::Expired)?;
        let first = core.read_part(&archive.name, 0)?.ok_or(DownloadExportError::Expired)?;
        core.unit::<_, DownloadExportError>(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(DownloadExportError::Unauthenticated)?;
            let event = Event::of_user(Action::ExportDownloaded, account.id, caller.principal.sign_in_id);
            core.record_within_budget(work, &mut account, event)?;
            Ok(account.save(work)?)
        })?;
        Ok(OpenedArchive { archive, made_at: export.finished_at.unwrap_or(export.requested_at), first })
    }
}

impl ReadPart {
    /// Reads it. [`Fault::Unavailable`] if the archive was deleted meanwhile.
    pub fn execute(&self, core: &Core) -> Result<Vec<u8>, Fault> {
        let part = core.read_part(&self.archive, self.number)?;
        part.ok_or_else(|| Fault::Unavailable("the archive was deleted".to_owned()))
    }
}
