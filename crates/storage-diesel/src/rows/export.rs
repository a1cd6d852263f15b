//! Rows of exports.

use diesel::prelude::*;
use selfsame_domain::{Archive, Export, ExportId, ExportState, UserId, id::Id as _};
use selfsame_ports::StorageError;

use crate::{schema::exports, sql_types::At, stored_values::StoredValue as _};

/// A row of `exports`.
#[derive(Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = exports, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct ExportRow {
    id: i64,
    user_id: i64,
    state: String,
    progress: i32,
    archive: Option<String>,
    parts: i32,
    bytes: i64,
    requested_at: At,
    finished_at: Option<At>,
    expires_at: At,
}

impl From<&Export> for ExportRow {
    fn from(export: &Export) -> Self {
        let archive = export.archive.as_ref();
        Self {
            id: export.id.number(),
            user_id: export.user_id.number(),
            state: export.state.stored().to_owned(),
            progress: export.progress,
            archive: archive.map(|archive| archive.name.clone()),
            parts: archive.map_or(0, |archive| archive.parts),
            bytes: archive.map_or(0, |archive| archive.bytes),
            requested_at: At(export.requested_at),
            finished_at: export.finished_at.map(At),
            expires_at: At(export.expires_at),
        }
    }
}

impl TryFrom<ExportRow> for Export {
    type Error = StorageError;

    fn try_from(row: ExportRow) -> Result<Self, StorageError> {
        let (parts, bytes) = (row.parts, row.bytes);
        Ok(Self {
            id: ExportId::from_number(row.id),
            user_id: UserId::from_number(row.user_id),
            state: ExportState::read(&row.state)?,
            progress: row.progress,
            archive: row.archive.map(|name| Archive { name, parts, bytes }),
            requested_at: row.requested_at.0,
            finished_at: row.finished_at.map(|at| at.0),
            expires_at: row.expires_at.0,
        })
    }
}
