//! [`UndoPoints`].

use diesel::prelude::*;
use selfsame_domain::{Instant, UndoPoint, UserId, id::Id as _};
use selfsame_ports::{StorageError, UndoPoints};

use crate::{
    locking::LockDsl as _, prepared::prepared, rows::UndoPointRow, schema::undo_points, sql_types::At, unit::Unit,
};

impl UndoPoints for Unit {
    fn insert(&mut self, point: &UndoPoint) -> Result<(), StorageError> {
        let insert = diesel::insert_into(undo_points::table).values(UndoPointRow::from(point));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn find(&mut self, user: UserId, sequence: i64) -> Result<Option<UndoPoint>, StorageError> {
        let one = undo_points::table.find((user.number(), sequence));
        let row: Option<UndoPointRow> = self.run(|connection| prepared!(one).get_result(connection).optional())?;
        Ok(row.map(UndoPoint::from))
    }

    fn take(&mut self, user: UserId, sequence: i64) -> Result<Option<UndoPoint>, StorageError> {
        let one = undo_points::table.find((user.number(), sequence));
        let taken = diesel::delete(one).returning(undo_points::all_columns);
        let row: Option<UndoPointRow> = self.run(|connection| prepared!(taken).get_result(connection).optional())?;
        if row.is_some() {
            let later = undo_points::table
                .filter(undo_points::user_id.eq(user.number()))
                .filter(undo_points::sequence.gt(sequence));
            self.run(|connection| prepared!(diesel::delete(later)).execute(connection))?;
        }
        Ok(row.map(UndoPoint::from))
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let expired = undo_points::table
            .filter(undo_points::expires_at.lt(At(before)))
            .order(undo_points::expires_at)
            .limit(limit)
            .select((undo_points::user_id, undo_points::sequence))
            .locked_unless_held();
        let expired: Vec<(i64, i64)> = self.run(|connection| prepared!(expired).load(connection))?;
        for point in &expired {
            let point = undo_points::table.find(*point);
            self.run(|connection| prepared!(diesel::delete(point)).execute(connection))?;
        }
        Ok(expired.len())
    }
}
