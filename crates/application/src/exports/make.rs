//! Makes an export: the work that a request leaves to a worker.
//!
//! Each try writes an archive of its own, whose random name it puts into the row of the export first. The row is also the
//! fence: once another try, a removal or the deletion of the account has changed it, this try finds that out at its next
//! step, deletes its parts and stops. The archive becomes the export's in the unit that takes the work out of the queue, so a
//! worker that crashes leaves nothing that could be downloaded, and another one makes the export anew.

use std::io;

use selfsame_domain::{Archive, Export, ExportId, ExportState, OutboxId, RequestContext, UserId};
use selfsame_ports::{Channel, Leased, Mail, StorageError};
use serde::{Deserialize, Serialize};

use super::contents::write_archive;
use crate::{Core, Fault, account::Account, core::Work, fault::faults};

/// The work in the queue. One of a newer build waits for a server of that build.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub(crate) enum ExportJob {
    /// An export was requested.
    MakeExport {
        /// Which.
        export: ExportId,
    },
}

/// Why an export was not made in this try.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MakeError {
    /// Another worker makes it, or it is not wanted any more.
    #[error("the export belongs to another try, or is gone")]
    Lost,
    /// The server is told to end.
    #[error("the server ends")]
    Stopped,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(MakeError: StorageError);

impl From<io::Error> for MakeError {
    /// Of the writer of parts, whose errors are faults.
    fn from(error: io::Error) -> Self {
        Self::Fault(error.downcast::<Fault>().unwrap_or_else(|error| Fault::Internal(error.to_string())))
    }
}

impl Core {
    /// Enqueues the work of an export. It is not begun after the export is given up.
    pub(crate) fn enqueue_export(&self, work: &mut Work<'_>, export: &Export) -> Result<(), Fault> {
        let id: OutboxId = self.id();
        let job = ExportJob::MakeExport { export: export.id };
        self.enqueue(work, id, Channel::Export, None, &job, export.expires_at)
    }

    /// Makes an export and takes the work out of the queue. The lease is made to last for another `lease` at each step.
    pub(crate) fn make_export(
        &self,
        id: ExportId,
        leased: &Leased,
        lease: chrono::Duration,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), MakeError> {
        let archive = self.new_archive_name();
        let Some((user, earlier)) = self.begin_export(id, &archive, leased)? else { return Ok(()) };
        if let Some(earlier) = earlier {
            self.discard_archive(&earlier.name);
        }
        let mut advance = |progress| {
            if stop() { Err(MakeError::Stopped) } else { self.advance_export(id, &archive, progress, leased, lease) }
        };
        let complete =
            write_archive(self, user, &archive, &mut advance).inspect_err(|_| self.discard_archive(&archive))?;
        let finished = self.finish_export(id, user, &complete, leased);
        // After other errors nothing was committed.
        if matches!(finished, Err(ref error) if !matches!(error, MakeError::Fault(Fault::Unavailable(_)))) {
            self.discard_archive(&archive);
        }
        finished
    }

    /// Puts the name of a new archive into the row. Returns the account and the archive of an earlier try; `None` if the
    /// export is not wanted any more, which ends the work.
    fn begin_export(
        &self,
        id: ExportId,
        archive: &str,
        leased: &Leased,
    ) -> Result<Option<(UserId, Option<Archive>)>, MakeError> {
        self.unit(&RequestContext::default(), |work| {
            let export = work.exports().lock(id)?.filter(|export| export.status(self.clock.now()).is_unfinished());
            let Some(mut export) = export else {
                finish(work, leased)?;
                return Ok(None);
            };
            let new = Archive { name: archive.to_owned(), ..Archive::default() };
            let earlier = export.archive.replace(new);
            (export.state, export.progress) = (ExportState::Running, 0);
            work.exports().save(&export)?;
            Ok(Some((export.user_id, earlier)))
        })
    }

    /// Shows the progress, and keeps the lease.
    fn advance_export(
        &self,
        id: ExportId,
        archive: &str,
        progress: i32,
        leased: &Leased,
        lease: chrono::Duration,
    ) -> Result<(), MakeError> {
        self.unit(&RequestContext::default(), |work| {
            let mut export = written_to(work, id, archive)?;
            export.progress = progress;
            work.exports().save(&export)?;
            let until = self.clock.now() + lease;
            let is_held = work.outbox().renew(leased.message.id, leased.token, until)?;
            if is_held { Ok(()) } else { Err(MakeError::Lost) }
        })
    }

    /// Makes the archive the export's, and tells its owner.
    fn finish_export(&self, id: ExportId, user: UserId, complete: &Archive, leased: &Leased) -> Result<(), MakeError> {
        self.unit(&RequestContext::default(), |work| {
            let account = Account::lock(work, user)?.ok_or(MakeError::Lost)?;
            let export = written_to(work, id, &complete.name)?;
            let (now, ttl) = (self.clock.now(), self.policy.export_ttl);
            let ready = Export {
                state: ExportState::Ready,
                progress: 100,
                archive: Some(complete.clone()),
                finished_at: Some(now),
                expires_at: now + ttl,
                ..export
            };
            work.exports().save(&ready)?;
            if let Some(to) = account.primary_email() {
                let mail = Mail::ExportReady { link: self.policy.app_link(), minutes: ttl.num_minutes() };
                self.post(work, &account, to, mail, ready.expires_at)?;
            }
            finish(work, leased)
        })
    }

    /// Records that an export could not be made. Its owner can request another one.
    pub(crate) fn give_up_export(&self, id: ExportId) -> Result<(), Fault> {
        let given_up = self.unit::<_, Fault>(&RequestContext::default(), |work| {
            let now = self.clock.now();
            let export = work.exports().lock(id)?.filter(|export| export.status(now).is_unfinished());
            let Some(mut export) = export else { return Ok(None) };
            let archive = export.archive.take();
            (export.state, export.finished_at) = (ExportState::Failed, Some(now));
            work.exports().save(&export)?;
            Ok(archive)
        })?;
        if let Some(archive) = given_up {
            self.discard_archive(&archive.name);
        }
        Ok(())
    }
}

/// The export, locked, if this archive is still the one that is written.
fn written_to(work: &mut Work<'_>, id: ExportId, archive: &str) -> Result<Export, MakeError> {
    work.exports().lock(id)?.filter(|export| export.is_written_to(archive)).ok_or(MakeError::Lost)
}

/// Takes the work out of the queue, as the last statement of a unit.
fn finish(work: &mut Work<'_>, leased: &Leased) -> Result<(), MakeError> {
    if work.outbox().sent(leased.message.id, leased.token)? { Ok(()) } else { Err(MakeError::Lost) }
}
