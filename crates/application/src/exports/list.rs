//! The exports of the caller's account.

use selfsame_domain::{Export, ExportId, ExportStatus};

use crate::{Caller, Core, Fault};

/// Most exports that are listed. The rate limit and the purge keep their number far below.
pub(crate) const LISTED: i64 = 100;

/// Asks for all of them.
#[derive(Clone, Copy, Debug)]
pub struct ListExports;

/// Asks for one of them.
#[derive(Clone, Copy, Debug)]
pub struct ReadExport {
    /// Which.
    pub id: ExportId,
}

impl ListExports {
    /// The newest first, each with its status. Those that ended more than a few days ago are gone.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<Vec<(Export, ExportStatus)>, Fault> {
        let exports = core.storage.read()?.exports(caller.user.id, LISTED)?;
        Ok(exports.into_iter().map(|export| core.with_status(export)).collect())
    }
}

impl ReadExport {
    /// `None` if it is not an export of the caller's account (R62).
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<Option<(Export, ExportStatus)>, Fault> {
        let export = core.storage.read()?.export(caller.user.id, self.id)?;
        Ok(export.map(|export| core.with_status(export)))
    }
}

impl Core {
    /// An export and its status now.
    fn with_status(&self, export: Export) -> (Export, ExportStatus) {
        let status = export.status(self.clock.now());
        (export, status)
    }
}
