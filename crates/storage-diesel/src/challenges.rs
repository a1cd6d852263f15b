//! [`Challenges`].

use diesel::{dsl::auto_type, prelude::*};
use selfsame_domain::{AttemptId, Challenge, ChallengeId, Instant, Purpose, TokenHash, UserId, id::Id as _};
use selfsame_ports::{Challenges, StorageError};

use crate::{
    locking::LockDsl as _, prepared::prepared, rows::ChallengeRow, schema::challenges, sql_types::At, unit::Unit,
    words::Word as _,
};

/// Neither consumed nor voided.
#[auto_type(no_type_alias)]
fn live() -> _ {
    challenges::consumed_at.is_null().and(challenges::voided_at.is_null())
}

impl Challenges for Unit {
    /// Void, then insert. Of two units that do so at once without having locked the account, an index lets one through.
    fn insert(&mut self, challenge: &Challenge) -> Result<(), StorageError> {
        self.void(challenge.user_id, challenge.purpose, challenge.created_at)?;
        let row = ChallengeRow::from(challenge);
        self.run(|connection| diesel::insert_into(challenges::table).values(row).execute(connection)).map(drop)
    }

    fn live(&mut self, user: UserId, purpose: Purpose) -> Result<Option<Challenge>, StorageError> {
        let challenge = challenges::table
            .filter(challenges::user_id.eq(user.number()))
            .filter(challenges::purpose.eq(purpose.word()))
            .filter(live());
        let row: Option<ChallengeRow> = self.run(|connection| challenge.get_result(connection).optional())?;
        row.map(Challenge::try_from).transpose()
    }

    fn live_of_attempt(&mut self, attempt: AttemptId) -> Result<Option<Challenge>, StorageError> {
        let challenge = challenges::table
            .filter(challenges::attempt_id.eq(attempt.number()))
            .filter(live())
            .order(challenges::id.desc());
        let row: Option<ChallengeRow> = self.run(|connection| challenge.first(connection).optional())?;
        row.map(Challenge::try_from).transpose()
    }

    fn by_link(&mut self, link: &TokenHash) -> Result<Option<(Challenge, bool)>, StorageError> {
        let challenge = challenges::table.filter(challenges::link_hash.eq(&link.0[..]));
        let row: Option<ChallengeRow> = self.run(|connection| challenge.get_result(connection).optional())?;
        let Some(row) = row else {
            return Ok(None);
        };
        let is_live = row.is_live();
        Ok(Some((row.try_into()?, is_live)))
    }

    fn count_try(&mut self, id: ChallengeId, max: i32) -> Result<bool, StorageError> {
        let open = challenges::table.find(id.number()).filter(challenges::tries.lt(max)).filter(live());
        let counted = diesel::update(open).set(challenges::tries.eq(challenges::tries + 1));
        self.run(|connection| prepared!(counted).execute(connection)).map(|count| count == 1)
    }

    fn consume(&mut self, id: ChallengeId, now: Instant) -> Result<bool, StorageError> {
        let live = challenges::table.find(id.number()).filter(live());
        let consumed = diesel::update(live).set(challenges::consumed_at.eq(At(now)));
        self.run(|connection| prepared!(consumed).execute(connection)).map(|count| count == 1)
    }

    fn void(&mut self, user: UserId, purpose: Purpose, now: Instant) -> Result<(), StorageError> {
        let live = challenges::table
            .filter(challenges::user_id.eq(user.number()))
            .filter(challenges::purpose.eq(purpose.word()))
            .filter(live());
        let voided = diesel::update(live).set(challenges::voided_at.eq(At(now)));
        self.run(|connection| prepared!(voided).execute(connection)).map(drop)
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let old = challenges::table
            .filter(challenges::created_at.lt(At(before)))
            .order(challenges::created_at)
            .limit(limit)
            .select(challenges::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| old.load(connection))?;
        self.run(|connection| diesel::delete(challenges::table.filter(challenges::id.eq_any(ids))).execute(connection))
    }
}
