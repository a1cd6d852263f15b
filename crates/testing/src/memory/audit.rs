//! The audit trail in memory.

use selfsame_domain::{AuditRecord, UserId};
use selfsame_ports::{Audit, StorageError};

use super::{tables::insert_new, unit::MemoryUnit};

impl Audit for MemoryUnit<'_> {
    fn append(&mut self, record: &AuditRecord) -> Result<(), StorageError> {
        self.run(|tables| insert_new(&mut tables.audit, (record.subject, record.sequence), record.clone()))
    }

    fn erase_details(&mut self, subject: UserId) -> Result<usize, StorageError> {
        self.run(|tables| {
            let records = tables.audit.values_mut().filter(|record| record.subject == subject);
            Ok(records.filter_map(|record| record.details.take()).count())
        })
    }
}
