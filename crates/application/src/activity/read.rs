//! Reads one record of the caller's trail, with its receipt.

use selfsame_domain::{AuditReceipt, AuditRecord, UserId};
use selfsame_ports::{Queries, StorageError};

use crate::{Caller, Core, Fault};

/// Asks for the record at a place.
#[derive(Clone, Copy, Debug)]
pub struct ReadActivity {
    /// The place in the chain, from 1.
    pub sequence: i64,
}

/// A record and its receipt.
#[derive(Clone, Debug)]
pub struct RecordWithReceipt {
    /// The record.
    pub record: AuditRecord,
    /// Its receipt.
    pub receipt: AuditReceipt,
}

impl ReadActivity {
    /// Reads it; `None` if the caller's chain has no such place.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<Option<RecordWithReceipt>, Fault> {
        let (record, previous) = record_at(&mut *core.storage.read()?, caller.user.id, self.sequence)?;
        Ok(record.map(|record| {
            let receipt = AuditReceipt::of(&record, previous.as_ref());
            RecordWithReceipt { record, receipt }
        }))
    }
}

/// The record at a place, and the one before it. One statement.
pub(crate) fn record_at(
    queries: &mut dyn Queries,
    user: UserId,
    sequence: i64,
) -> Result<(Option<AuditRecord>, Option<AuditRecord>), StorageError> {
    // No chain is as long as this, so the place before is one of no chain either.
    let sequence = sequence.clamp(0, i64::MAX - 1);
    let records = queries.audit_trail(user, (sequence - 2).max(0), 2)?;
    let (mut record, mut previous) = (None, None);
    for found in records {
        if found.sequence == sequence {
            record = Some(found);
        } else if found.sequence == sequence - 1 {
            previous = Some(found);
        }
    }
    Ok((record, previous))
}
