//! Points to which accounts can be brought back, in memory.

use selfsame_domain::{Instant, UndoPoint, UserId};
use selfsame_ports::{StorageError, UndoPoints};

use super::{
    tables::{insert_new, must_exist, remove_where},
    unit::MemoryUnit,
};

impl UndoPoints for MemoryUnit<'_> {
    fn insert(&mut self, point: &UndoPoint) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, point.user_id)?;
            insert_new(&mut tables.undo_points, (point.user_id, point.sequence), point.clone())
        })
    }

    fn find(&mut self, user: UserId, sequence: i64) -> Result<Option<UndoPoint>, StorageError> {
        self.run(|tables| Ok(tables.undo_points.get(&(user, sequence)).cloned()))
    }

    fn take(&mut self, user: UserId, sequence: i64) -> Result<Option<UndoPoint>, StorageError> {
        self.run(|tables| {
            let taken = tables.undo_points.remove(&(user, sequence));
            if taken.is_some() {
                tables.undo_points.retain(|(owner, place), _| *owner != user || *place < sequence);
            }
            Ok(taken)
        })
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| Ok(remove_where(&mut tables.undo_points, limit, |point| point.expires_at < before)))
    }
}
