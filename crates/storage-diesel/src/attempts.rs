//! [`Attempts`].

use diesel::prelude::*;
use selfsame_domain::{Attempt, AttemptId, Instant, id::Id};
use selfsame_ports::{Attempts, StorageError};

use crate::{
    locking::LockDsl as _, prepared::prepared, rows::AttemptRow, schema::attempts, sql_types::At, unit::Unit,
    words::Word as _,
};

impl Attempts for Unit {
    fn insert(&mut self, attempt: &Attempt) -> Result<(), StorageError> {
        let row = AttemptRow::try_from(attempt)?;
        self.run(|connection| diesel::insert_into(attempts::table).values(row).execute(connection)).map(drop)
    }

    fn lock(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
        let attempt = attempts::table.find(id.number()).locked();
        let row: Option<AttemptRow> = self.run(|connection| attempt.get_result(connection).optional())?;
        row.map(Attempt::try_from).transpose()
    }

    fn save(&mut self, attempt: &Attempt) -> Result<bool, StorageError> {
        let open = attempts::table.find(attempt.id.number()).filter(attempts::completed_at.is_null());
        let values = (
            attempts::step.eq(attempt.step.map(|step| step.word())),
            attempts::token_hash.eq(attempt.token_hash.as_ref().map(|hash| &hash.0[..])),
            attempts::sign_in_id.eq(attempt.sign_in_id.map(Id::number)),
            attempts::completed_at.eq(attempt.completed_at.map(At)),
        );
        let saved = diesel::update(open).set(values);
        self.run(|connection| prepared!(saved).execute(connection)).map(|count| count == 1)
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let expired = attempts::table
            .filter(attempts::expires_at.lt(At(before)))
            .order(attempts::expires_at)
            .limit(limit)
            .select(attempts::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| expired.load(connection))?;
        self.run(|connection| diesel::delete(attempts::table.filter(attempts::id.eq_any(ids))).execute(connection))
    }
}
