//! The activity of an account, page by page, as each file of an archive needs it.

use selfsame_domain::{AuditRecord, Difference, User, UserId, timestamp};
use serde::Serialize;

use super::{super::make::MakeError, Advance};
use crate::Core;

/// Records read at a time.
const PAGE: i64 = 500;

/// How many files have the activity.
const PASSES: i64 = 3;

/// The activity up to the moment at which the export began: the same for each pass.
pub(super) struct Trail<'c, 'a> {
    core: &'c Core,
    user: UserId,
    /// Records of a pass.
    length: i64,
    /// Records that were read, over all passes.
    read: i64,
    advance: &'a mut Advance<'a>,
}

/// A record of the activity, as it is exported.
#[derive(Serialize)]
pub(super) struct Entry {
    pub(super) sequence: i64,
    pub(super) occurred_at: String,
    pub(super) action: String,
    pub(super) actor: String,
    pub(super) sign_in_id: Option<String>,
    pub(super) request_id: String,
    pub(super) ip: Option<String>,
    pub(super) changes: Vec<Difference>,
}

impl<'c, 'a> Trail<'c, 'a> {
    pub(super) fn new(core: &'c Core, user: &User, advance: &'a mut Advance<'a>) -> Self {
        Self { core, user: user.id, length: user.audit_head.sequence, read: 0, advance }
    }

    /// Goes through the activity once, oldest first.
    pub(super) fn pass(&mut self, mut visit: impl FnMut(&Entry) -> Result<(), MakeError>) -> Result<(), MakeError> {
        let mut after = 0;
        while after < self.length {
            let limit = PAGE.min(self.length - after);
            let page = self.core.storage.read()?.audit_trail(self.user, after, limit)?;
            let Some(last) = page.last() else { break };
            after = last.sequence;
            for record in &page {
                visit(&Entry::from(record))?;
            }
            self.read += i64::try_from(page.len()).unwrap_or(PAGE);
            let percent = self.percent();
            (self.advance)(percent)?;
        }
        Ok(())
    }

    /// The part that is done, below 100.
    fn percent(&self) -> i32 {
        let percent = (100 * self.read).checked_div(PASSES * self.length).unwrap_or_default();
        i32::try_from(percent.min(99)).unwrap_or_default()
    }
}

impl From<&AuditRecord> for Entry {
    fn from(record: &AuditRecord) -> Self {
        let details = record.read_details().unwrap_or_default();
        Self {
            sequence: record.sequence,
            occurred_at: timestamp(record.occurred_at),
            action: record.action.clone(),
            actor: record.actor.clone(),
            sign_in_id: record.sign_in_id.map(|id| id.to_string()),
            request_id: record.request_id.clone(),
            ip: details.ip,
            changes: details.changes,
        }
    }
}
