//! Reads and verifies audit trails (R79, R80).

use std::collections::{BTreeMap, BTreeSet};

use selfsame_domain::{
    AuditHead, AuditReceipt, AuditRecord, Instant, ReceiptFlaw, User, UserId,
    audit::{BrokenLink, ChainCheck},
};
use selfsame_ports::Queries;

use super::{
    MAX_PAGE,
    users::{FindUser, ManageUserError},
};
use crate::{Core, Fault, activity::verify::VerifyReceipt};

/// Records read at a time.
const PAGE: i64 = 500;

/// The number of accounts whose trails one [`VerifyAudit`] checks.
pub const ACCOUNTS: u8 = 200;

/// Reads an account's trail, oldest record first. The trail of a deleted account is found by its id.
#[derive(Clone, Debug)]
pub struct ShowAudit {
    /// E-mail address or id, as typed.
    pub user: String,
    /// Skips records before this instant.
    pub since: Option<Instant>,
    /// The last place of the previous page; 0 for the first page.
    pub after: i64,
    /// The greatest number of records; 1 to [`MAX_PAGE`].
    pub limit: u16,
}

/// A page of a trail.
#[derive(Clone, Debug)]
pub struct AuditPage {
    /// Oldest first.
    pub records: Vec<AuditRecord>,
    /// The value of [`ShowAudit::after`] for the next page; none if this is the last one.
    pub next: Option<i64>,
}

/// Verifies the trails of some accounts: that no record was changed or removed.
#[derive(Clone, Debug)]
pub enum VerifyAudit {
    /// Of one account: e-mail address or id, as typed.
    One(String),
    /// Of up to [`ACCOUNTS`] accounts, deleted ones included, by ascending id and after this one.
    Portion(Option<UserId>),
}

/// Verifies a receipt that a user has kept, and the whole trail of its account.
#[derive(Clone, Copy, Debug)]
pub struct VerifyAuditReceipt {
    /// The receipt.
    pub receipt: AuditReceipt,
}

/// The result of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditVerified {
    /// Trails that were checked.
    pub trails: usize,
    /// Records that are unchanged.
    pub records: i64,
    /// The first broken place of every broken trail.
    pub broken: Vec<(UserId, BrokenLink)>,
    /// The value of [`VerifyAudit::Portion`] for the next portion; none if this was the last one.
    pub next: Option<UserId>,
}

impl ShowAudit {
    /// Reads one page.
    pub fn execute(&self, core: &Core) -> Result<AuditPage, ManageUserError> {
        let user = subject(core, &self.user)?;
        let limit = usize::from(self.limit.clamp(1, MAX_PAGE));
        let mut queries = core.storage.read()?;
        let (mut records, mut after, mut has_any) = (Vec::new(), self.after, false);
        // One more than requested shows whether there is another page.
        while records.len() <= limit {
            let page = queries.audit_trail(user, after, PAGE)?;
            let Some(last) = page.last() else { break };
            (after, has_any) = (last.sequence, true);
            records
                .extend(page.into_iter().filter(|record| self.since.is_none_or(|since| record.occurred_at >= since)));
        }
        if !has_any && self.after == 0 {
            return Err(ManageUserError::NotFound);
        }
        let has_more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().filter(|_| has_more).map(|record| record.sequence);
        Ok(AuditPage { records, next })
    }
}

impl VerifyAudit {
    /// Checks; changes nothing.
    pub fn execute(&self, core: &Core) -> Result<AuditVerified, ManageUserError> {
        let mut verified = AuditVerified::default();
        match self {
            Self::One(typed) => {
                let user = subject(core, typed)?;
                let mut queries = core.storage.read()?;
                let head = queries.user(user)?.map(|user| user.audit_head);
                verified.check(core, &mut *queries, user, head)?;
                if head.is_none() && verified.records == 0 && verified.broken.is_empty() {
                    return Err(ManageUserError::NotFound);
                }
            }
            Self::Portion(after) => {
                let mut queries = core.storage.read()?;
                // Each list has the first ids of its kind, so the first ids of both together are complete.
                let users = queries.list_users(*after, ACCOUNTS.into())?;
                let users: BTreeMap<UserId, User> = users.into_iter().map(|user| (user.id, user)).collect();
                let mut ids: BTreeSet<UserId> = queries.audit_subjects(*after, ACCOUNTS.into())?.into_iter().collect();
                ids.extend(users.keys());
                for id in ids.iter().take(ACCOUNTS.into()) {
                    verified.check(core, &mut *queries, *id, users.get(id).map(|user| user.audit_head))?;
                }
                verified.next = ids.into_iter().nth(usize::from(ACCOUNTS) - 1);
            }
        }
        Ok(verified)
    }
}

impl VerifyAuditReceipt {
    /// Checks; changes nothing. The trail of a deleted account is checked too; one that never was has no record at all.
    pub fn execute(&self, core: &Core) -> Result<(AuditVerified, Result<(), ReceiptFlaw>), ManageUserError> {
        let trail = VerifyAudit::One(self.receipt.account.to_string()).execute(core)?;
        Ok((trail, VerifyReceipt { receipt: self.receipt }.check(core)?))
    }
}

impl AuditVerified {
    /// Checks one trail. `head` is the end of the trail in the account's row, which was read before the trail; records
    /// that were appended since follow after it.
    fn check(
        &mut self,
        core: &Core,
        queries: &mut dyn Queries,
        user: UserId,
        head: Option<AuditHead>,
    ) -> Result<(), Fault> {
        let link = check_trail(core, queries, user, head, &mut self.records)?;
        self.trails += 1;
        self.broken.extend(link.map(|link| (user, link)));
        Ok(())
    }
}

/// The first broken place of a trail, if any; counts the records before it.
fn check_trail(
    core: &Core,
    queries: &mut dyn Queries,
    user: UserId,
    head: Option<AuditHead>,
    records: &mut i64,
) -> Result<Option<BrokenLink>, Fault> {
    let mut check = ChainCheck::default();
    let mac = |context: &str, data: &[u8]| core.vault.mac(context, data);
    let is_at_head = |check: &ChainCheck| head.filter(|head| check.length() == head.sequence);
    loop {
        let page = queries.audit_trail(user, check.length(), PAGE)?;
        if page.is_empty() {
            break;
        }
        for record in page {
            if let Err(broken) = check.next(&record, &mac) {
                return Ok(Some(broken));
            }
            *records += 1;
            if let Some(Err(broken)) = is_at_head(&check).map(|head| check.end(&head)) {
                return Ok(Some(broken));
            }
        }
    }
    // Shorter than the end in the account's row.
    Ok(head.filter(|head| check.length() < head.sequence).and_then(|head| check.end(&head).err()))
}

/// The account of a trail; an id may be of a deleted account.
fn subject(core: &Core, typed: &str) -> Result<UserId, ManageUserError> {
    match typed.parse::<UserId>() {
        Ok(id) => Ok(id),
        Err(_) => FindUser { query: typed.to_owned() }.execute(core).map(|user| user.id),
    }
}
