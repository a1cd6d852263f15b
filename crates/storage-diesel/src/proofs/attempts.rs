//! Attempts: sign-ups and sign-ins in progress.

use diesel::prelude::*;
use selfsame_domain::{Attempt, AttemptId, Instant, id::Id};
use selfsame_ports::StorageError;

use crate::{locking::LockDsl as _, prepared::prepared, rows::AttemptRow, schema::attempts, sql_types::At, unit::Unit};

pub(super) fn insert(unit: &mut Unit, attempt: &Attempt) -> Result<(), StorageError> {
    let insert = diesel::insert_into(attempts::table).values(AttemptRow::try_from(attempt)?);
    unit.run(|connection| prepared!(insert).execute(connection)).map(drop)
}

pub(super) fn lock(unit: &mut Unit, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
    let attempt = attempts::table.find(id.number()).locked_no_key();
    let row: Option<AttemptRow> = unit.run(|connection| prepared!(attempt).get_result(connection).optional())?;
    row.map(Attempt::try_from).transpose()
}

pub(super) fn save(unit: &mut Unit, attempt: &Attempt) -> Result<bool, StorageError> {
    let open = attempts::table.find(attempt.id.number()).filter(attempts::completed_at.is_null());
    let values = (
        attempts::user_id.eq(attempt.user_id.map(Id::number)),
        attempts::credential_epoch.eq(attempt.credential_epoch),
        attempts::required.eq(attempt.required.to_text()),
        attempts::satisfied.eq(attempt.satisfied.to_text()),
        attempts::sealed.eq(attempt.sealed.as_deref()),
        attempts::token_hash.eq(attempt.token_hash.as_ref().map(|hash| &hash.0[..])),
        attempts::sign_in_id.eq(attempt.sign_in_id.map(Id::number)),
        attempts::completed_at.eq(attempt.completed_at.map(At)),
    );
    let saved = diesel::update(open).set(values);
    unit.run(|connection| prepared!(saved).execute(connection)).map(|count| count == 1)
}

pub(super) fn purge(unit: &mut Unit, before: Instant, limit: i64) -> Result<usize, StorageError> {
    let expired = attempts::table
        .filter(attempts::expires_at.lt(At(before)))
        .order(attempts::expires_at)
        .limit(limit)
        .select(attempts::id)
        .locked_unless_held();
    let ids: Vec<i64> = unit.run(|connection| prepared!(expired).load(connection))?;
    if ids.is_empty() {
        return Ok(0);
    }
    unit.run(|connection| diesel::delete(attempts::table.filter(attempts::id.eq_any(ids))).execute(connection))
}
