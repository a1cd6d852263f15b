//! Mailed proofs.

use diesel::{dsl::auto_type, prelude::*};
use selfsame_domain::{Challenge, ChallengeId, Instant, Purpose, UserId, id::Id as _};
use selfsame_ports::StorageError;

use crate::{
    locking::LockDsl as _, prepared::prepared, rows::ChallengeRow, schema::challenges, sql_types::At,
    stored_values::StoredValue as _, unit::Unit,
};

/// Neither consumed nor void.
#[auto_type(no_type_alias)]
pub(crate) fn live() -> _ {
    challenges::consumed_at.is_null().and(challenges::voided_at.is_null())
}

/// Void, then insert. Of two units that do so at once without a lock on the account, an index lets one succeed.
pub(super) fn insert(unit: &mut Unit, challenge: &Challenge) -> Result<(), StorageError> {
    let older = challenges::table
        .filter(challenges::user_id.eq(challenge.user_id.number()))
        .filter(challenges::purpose.eq(challenge.purpose.stored()))
        .filter(challenges::target.eq(&challenge.target))
        .filter(live());
    let voided = diesel::update(older).set(challenges::voided_at.eq(At(challenge.created_at)));
    unit.run(|connection| prepared!(voided).execute(connection))?;
    let insert = diesel::insert_into(challenges::table).values(ChallengeRow::from(challenge));
    unit.run(|connection| prepared!(insert).execute(connection)).map(drop)
}

pub(super) fn consume(unit: &mut Unit, id: ChallengeId, now: Instant) -> Result<bool, StorageError> {
    let live = challenges::table.find(id.number()).filter(live());
    let consumed = diesel::update(live).set(challenges::consumed_at.eq(At(now)));
    unit.run(|connection| prepared!(consumed).execute(connection)).map(|count| count == 1)
}

pub(super) fn void(unit: &mut Unit, user: UserId, purpose: Purpose, now: Instant) -> Result<(), StorageError> {
    let live = challenges::table
        .filter(challenges::user_id.eq(user.number()))
        .filter(challenges::purpose.eq(purpose.stored()))
        .filter(live());
    let voided = diesel::update(live).set(challenges::voided_at.eq(At(now)));
    unit.run(|connection| prepared!(voided).execute(connection)).map(drop)
}

pub(super) fn purge(unit: &mut Unit, before: Instant, limit: i64) -> Result<usize, StorageError> {
    let old = challenges::table
        .filter(challenges::created_at.lt(At(before)))
        .order(challenges::created_at)
        .limit(limit)
        .select(challenges::id)
        .locked_unless_held();
    let ids: Vec<i64> = unit.run(|connection| prepared!(old).load(connection))?;
    if ids.is_empty() {
        return Ok(0);
    }
    unit.run(|connection| diesel::delete(challenges::table.filter(challenges::id.eq_any(ids))).execute(connection))
}
