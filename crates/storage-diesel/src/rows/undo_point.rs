//! Rows of points to which accounts can be brought back.

use diesel::prelude::*;
use selfsame_domain::{UndoPoint, UserId, id::Id as _};

use crate::{schema::undo_points, sql_types::At};

/// A row of `undo_points`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = undo_points)]
pub(crate) struct UndoPointRow {
    user_id: i64,
    sequence: i64,
    sealed: Vec<u8>,
    created_at: At,
    expires_at: At,
}

impl From<&UndoPoint> for UndoPointRow {
    fn from(point: &UndoPoint) -> Self {
        Self {
            user_id: point.user_id.number(),
            sequence: point.sequence,
            sealed: point.sealed.clone(),
            created_at: At(point.created_at),
            expires_at: At(point.expires_at),
        }
    }
}

impl From<UndoPointRow> for UndoPoint {
    fn from(row: UndoPointRow) -> Self {
        Self {
            user_id: UserId::from_number(row.user_id),
            sequence: row.sequence,
            sealed: row.sealed,
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
        }
    }
}
