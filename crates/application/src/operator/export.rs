//! Exports an account for the operator, without its owner. The archive is stored in the same way as that of an owner, and
//! belongs to no export: what the command does not fetch is an orphan.

use selfsame_domain::{Action, Archive, RequestContext, UserId};

use super::users::ManageUserError;
use crate::{
    Core, Fault,
    account::{Account, Event},
    exports::{contents::write_archive, make::MakeError},
};

/// Makes the archive of an account.
#[derive(Clone, Copy, Debug)]
pub struct ExportAccount {
    /// The account.
    pub user: UserId,
}

/// Deletes an archive that was fetched.
#[derive(Clone, Debug)]
pub struct DropArchive {
    /// See [`Archive::name`].
    pub archive: String,
}

impl ExportAccount {
    /// Makes it at once, and records that it was handed out. [`crate::exports::download::ReadPart`] reads its parts.
    pub fn execute(&self, core: &Core) -> Result<Archive, ManageUserError> {
        let name = core.new_archive_name();
        let made = write_archive(core, self.user, &name, &mut |_| Ok(())).map_err(ManageUserError::from);
        let recorded = made.and_then(|archive| {
            core.unit::<_, ManageUserError>(&RequestContext::default(), |work| {
                let mut account = Account::lock(work, self.user)?.ok_or(ManageUserError::NotFound)?;
                core.record(work, &mut account, Event::operator(Action::ExportDownloaded));
                Ok(account.save(work)?)
            })?;
            Ok(archive)
        });
        recorded.inspect_err(|_| core.discard_archive(&name))
    }
}

impl DropArchive {
    /// Deletes its parts.
    pub fn execute(&self, core: &Core) -> Result<(), ManageUserError> {
        Ok(core.delete_archive(&self.archive)?)
    }
}

impl From<MakeError> for ManageUserError {
    fn from(error: MakeError) -> Self {
        match error {
            MakeError::Lost => Self::NotFound,
            MakeError::Stopped => Fault::Unavailable(error.to_string()).into(),
            MakeError::Fault(fault) => fault.into(),
        }
    }
}
