//! The audit trail in memory.

use selfsame_domain::{AuditEvent, AuditRecord, audit::RecordContent};
use selfsame_ports::{Audit, StorageError};

use super::unit::MemoryUnit;

impl Audit for MemoryUnit<'_> {
    fn append(&mut self, event: &AuditEvent) -> Result<(), StorageError> {
        self.run(|tables| {
            if !tables.audit_ids.insert(event.id) {
                return Err(StorageError::Conflict);
            }
            let chain = tables.audit.entry(event.subject).or_default();
            let (sequence, previous_hash) = chain.last().map_or((1, [0; 32]), |last| (last.sequence + 1, last.hash));
            let content = RecordContent::of(event);
            chain.push(AuditRecord {
                sequence,
                previous_hash,
                hash: content.chain_hash(&previous_hash, sequence),
                content,
            });
            Ok(())
        })
    }
}
