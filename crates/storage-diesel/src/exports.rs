//! [`Exports`].

use diesel::prelude::*;
use selfsame_domain::{Export, ExportId, Instant, UserId, id::Id as _};
use selfsame_ports::{Exports, StorageError};

use crate::{locking::LockDsl as _, prepared::prepared, rows::ExportRow, schema::exports, sql_types::At, unit::Unit};

impl Exports for Unit {
    fn insert(&mut self, export: &Export) -> Result<(), StorageError> {
        let insert = diesel::insert_into(exports::table).values(ExportRow::from(export));
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn lock(&mut self, id: ExportId) -> Result<Option<Export>, StorageError> {
        let export = exports::table.find(id.number()).locked_no_key();
        let row: Option<ExportRow> = self.run(|connection| prepared!(export).get_result(connection).optional())?;
        row.map(Export::try_from).transpose()
    }

    fn save(&mut self, export: &Export) -> Result<(), StorageError> {
        let row = ExportRow::from(export);
        let update = diesel::update(exports::table.find(export.id.number())).set(&row);
        match self.run(|connection| prepared!(update).execute(connection))? {
            0 => Err(StorageError::Conflict),
            _ => Ok(()),
        }
    }

    fn remove(&mut self, id: ExportId) -> Result<bool, StorageError> {
        let export = exports::table.find(id.number());
        self.run(|connection| prepared!(diesel::delete(export)).execute(connection)).map(|count| count == 1)
    }

    fn of_user(&mut self, user: UserId) -> Result<Vec<Export>, StorageError> {
        let own = exports::table.filter(exports::user_id.eq(user.number())).order(exports::id.desc());
        let rows: Vec<ExportRow> = self.run(|connection| prepared!(own).load(connection))?;
        rows.into_iter().map(Export::try_from).collect()
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let over = exports::table
            .filter(exports::expires_at.lt(At(before)))
            .filter(exports::archive.is_null())
            .order(exports::expires_at)
            .limit(limit)
            .select(exports::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| prepared!(over).load(connection))?;
        if ids.is_empty() {
            return Ok(0);
        }
        self.run(|connection| diesel::delete(exports::table.filter(exports::id.eq_any(ids))).execute(connection))
    }
}
