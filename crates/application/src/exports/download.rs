//! Downloads the archive of an export, or tells what it is.

use selfsame_domain::{Action, Archive, Export, ExportId, ExportStatus, Instant, RequestContext};
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

/// Asks what the archive of an export is, without its content.
#[derive(Clone, Copy, Debug)]
pub struct DescribeArchive {
    /// Of which export.
    pub id: ExportId,
}

/// An archive that its owner may download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyArchive {
    /// The archive.
    pub archive: Archive,
    /// When it was made.
    pub made_at: Instant,
}

/// An archive that is handed out, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedArchive {
    /// What it is.
    pub ready: ReadyArchive,
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

impl DescribeArchive {
    /// Reads it, for the same callers as a download, and records nothing. Expiry is checked here, not only by the purge.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<ReadyArchive, DownloadExportError> {
        core.authorize_export(caller)?;
        let found = core.storage.read()?.export(caller.user.id, self.id)?;
        let export = found.ok_or(DownloadExportError::UnknownExport)?;
        may_download(&export, core.clock.now())?;
        let archive = export.archive.ok_or(DownloadExportError::Expired)?;
        Ok(ReadyArchive { archive, made_at: export.finished_at.unwrap_or(export.requested_at) })
    }
}

impl DownloadExport {
    /// Opens the archive and records that it is handed out.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<OpenedArchive, DownloadExportError> {
        let ready = DescribeArchive { id: self.id }.execute(core, caller)?;
        let first = core.read_part(&ready.archive.name, 0)?.ok_or(DownloadExportError::Expired)?;
        core.unit::<_, DownloadExportError>(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(DownloadExportError::Unauthenticated)?;
            let event = Event::of_user(Action::ExportDownloaded, account.id, caller.principal.sign_in_id);
            core.record_within_budget(work, &mut account, event)?;
            Ok(account.save(work)?)
        })?;
        Ok(OpenedArchive { ready, first })
    }
}

/// Whether an export has an archive that may be downloaded.
pub(crate) fn may_download(export: &Export, now: Instant) -> Result<(), DownloadExportError> {
    match export.status(now) {
        ExportStatus::Ready => Ok(()),
        ExportStatus::Expired => Err(DownloadExportError::Expired),
        ExportStatus::Pending | ExportStatus::Running | ExportStatus::Failed => Err(DownloadExportError::NotReady),
    }
}

impl ReadPart {
    /// Reads it. [`Fault::Unavailable`] if the archive was deleted meanwhile.
    pub fn execute(&self, core: &Core) -> Result<Vec<u8>, Fault> {
        let part = core.read_part(&self.archive, self.number)?;
        part.ok_or_else(|| Fault::Unavailable("the archive was deleted".to_owned()))
    }
}
