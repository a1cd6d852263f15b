//! [`Audit`]: the chain of each account.

use diesel::prelude::*;
use selfsame_domain::{AuditRecord, UserId, id::Id as _};
use selfsame_ports::{Audit, StorageError};

use crate::{prepared::prepared, rows::AuditRow, schema::audit_events, unit::Unit};

impl Audit for Unit {
    /// Of two units that add to one chain at the same place, one succeeds, because the place is part of the key.
    fn append(&mut self, record: &AuditRecord) -> Result<(), StorageError> {
        let insert = diesel::insert_into(audit_events::table).values(AuditRow::from(record));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn erase_details(&mut self, subject: UserId) -> Result<usize, StorageError> {
        let with_details = audit_events::table
            .filter(audit_events::subject.eq(subject.number()))
            .filter(audit_events::details.is_not_null());
        let erased = diesel::update(with_details).set(audit_events::details.eq(None::<String>));
        self.run(|connection| prepared!(erased).execute(connection))
    }
}
