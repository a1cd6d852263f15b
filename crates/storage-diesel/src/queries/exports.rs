//! Reads of exports.

use diesel::prelude::*;
use selfsame_domain::{Export, ExportId, Instant, UserId, id::Id as _};
use selfsame_ports::StorageError;

use super::Reader;
use crate::{prepared::prepared, rows::ExportRow, schema::exports, sql_types::At};

pub(super) fn one(reader: &mut Reader, user: UserId, id: ExportId) -> Result<Option<Export>, StorageError> {
    let export = exports::table.find(id.number()).filter(exports::user_id.eq(user.number()));
    let row: Option<ExportRow> = reader.run(|connection| prepared!(export).get_result(connection).optional())?;
    row.map(Export::try_from).transpose()
}

pub(super) fn of_user(reader: &mut Reader, user: UserId, limit: i64) -> Result<Vec<Export>, StorageError> {
    let own = exports::table.filter(exports::user_id.eq(user.number())).order(exports::id.desc()).limit(limit);
    let rows: Vec<ExportRow> = reader.run(|connection| prepared!(own).load(connection))?;
    rows.into_iter().map(Export::try_from).collect()
}

pub(super) fn expired(reader: &mut Reader, now: Instant, limit: i64) -> Result<Vec<Export>, StorageError> {
    let expired = exports::table
        .filter(exports::expires_at.le(At(now)))
        .filter(exports::archive.is_not_null())
        .order((exports::expires_at, exports::id))
        .limit(limit);
    let rows: Vec<ExportRow> = reader.run(|connection| prepared!(expired).load(connection))?;
    rows.into_iter().map(Export::try_from).collect()
}

pub(super) fn archives_in_use(reader: &mut Reader, names: &[String]) -> Result<Vec<String>, StorageError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let in_use = exports::table.filter(exports::archive.eq_any(names)).select(exports::archive.assume_not_null());
    reader.run(|connection| in_use.load(connection))
}
