//! Exports in memory.

use selfsame_domain::{Export, ExportId, Instant, UserId};
use selfsame_ports::{Exports, StorageError};

use super::{
    tables::{Tables, insert_new, must_exist, remove_where},
    unit::MemoryUnit,
};

impl Tables {
    /// The exports of an account, the newest first.
    pub(super) fn exports_of(&self, user: UserId) -> Vec<Export> {
        self.exports.values().rev().filter(|export| export.user_id == user).cloned().collect()
    }

    /// Whether another export has this archive.
    fn has_other(&self, export: &Export) -> bool {
        let name = |export: &Export| export.archive.as_ref().map(|archive| archive.name.clone());
        let mut others = self.exports.values().filter(|other| other.id != export.id);
        name(export).is_some_and(|own| others.any(|other| name(other) == Some(own.clone())))
    }
}

impl Exports for MemoryUnit<'_> {
    fn insert(&mut self, export: &Export) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, export.user_id)?;
            if tables.has_other(export) {
                return Err(StorageError::Conflict);
            }
            insert_new(&mut tables.exports, export.id, export.clone())
        })
    }

    fn lock(&mut self, id: ExportId) -> Result<Option<Export>, StorageError> {
        self.run(|tables| Ok(tables.exports.get(&id).cloned()))
    }

    fn save(&mut self, export: &Export) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.exports, export.id)?;
            if tables.has_other(export) {
                return Err(StorageError::Conflict);
            }
            tables.exports.insert(export.id, export.clone());
            Ok(())
        })
    }

    fn remove(&mut self, id: ExportId) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.exports.remove(&id).is_some()))
    }

    fn of_user(&mut self, user: UserId) -> Result<Vec<Export>, StorageError> {
        self.run(|tables| Ok(tables.exports_of(user)))
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let is_over = |export: &Export| export.expires_at < before && export.archive.is_none();
        self.run(|tables| Ok(remove_where(&mut tables.exports, limit, is_over)))
    }
}
