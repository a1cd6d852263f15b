//! Challenges in memory.

use selfsame_domain::{AttemptId, Challenge, ChallengeId, Instant, Purpose, TokenHash, UserId};
use selfsame_ports::{Challenges, StorageError};

use super::{
    tables::{Tables, insert_new, may_exist, remove_where},
    unit::MemoryUnit,
};

/// A challenge, and whether it is neither consumed nor voided.
#[derive(Clone)]
pub(super) struct ChallengeRow {
    pub(super) challenge: Challenge,
    is_live: bool,
}

impl Challenges for MemoryUnit<'_> {
    fn insert(&mut self, challenge: &Challenge) -> Result<(), StorageError> {
        self.run(|tables| {
            let user = tables.users.get(&challenge.user_id).ok_or(StorageError::Conflict)?;
            if challenge.identifier_id.is_some_and(|id| user.identifier(id).is_none()) {
                return Err(StorageError::Conflict);
            }
            may_exist(&tables.attempts, challenge.attempt_id)?;
            tables.void(challenge.user_id, challenge.purpose);
            let row = ChallengeRow { challenge: challenge.clone(), is_live: true };
            insert_new(&mut tables.challenges, challenge.id, row)
        })
    }

    fn live(&mut self, user: UserId, purpose: Purpose) -> Result<Option<Challenge>, StorageError> {
        self.run(|tables| {
            Ok(tables.live_challenge(|challenge| challenge.user_id == user && challenge.purpose == purpose))
        })
    }

    fn live_of_attempt(&mut self, attempt: AttemptId) -> Result<Option<Challenge>, StorageError> {
        self.run(|tables| Ok(tables.live_challenge(|challenge| challenge.attempt_id == Some(attempt))))
    }

    fn by_link(&mut self, link: &TokenHash) -> Result<Option<(Challenge, bool)>, StorageError> {
        self.run(|tables| {
            let mut rows = tables.challenges.values();
            let found = rows.find(|row| row.challenge.link_hash.as_ref() == Some(link));
            Ok(found.map(|row| (row.challenge.clone(), row.is_live)))
        })
    }

    fn count_try(&mut self, id: ChallengeId, max: i32) -> Result<bool, StorageError> {
        self.run(|tables| {
            let row = tables.challenges.get_mut(&id);
            let row = row.filter(|row| row.is_live && row.challenge.tries < max);
            Ok(row.map(|row| row.challenge.tries += 1).is_some())
        })
    }

    fn consume(&mut self, id: ChallengeId, _now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| {
            let row = tables.challenges.get_mut(&id).filter(|row| row.is_live);
            Ok(row.map(|row| row.is_live = false).is_some())
        })
    }

    fn void(&mut self, user: UserId, purpose: Purpose, _now: Instant) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.void(user, purpose);
            Ok(())
        })
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| {
            let is_old = |row: &ChallengeRow| row.challenge.created_at < before;
            Ok(remove_where(&mut tables.challenges, limit, is_old))
        })
    }
}

impl Tables {
    fn live_challenge(&self, matches: impl Fn(&Challenge) -> bool) -> Option<Challenge> {
        let mut live = self.challenges.values().filter(|row| row.is_live);
        let found = live.find(|row| matches(&row.challenge));
        found.map(|row| row.challenge.clone())
    }

    fn void(&mut self, user: UserId, purpose: Purpose) {
        for row in self.challenges.values_mut() {
            let is_meant = row.challenge.user_id == user && row.challenge.purpose == purpose;
            row.is_live &= !is_meant;
        }
    }
}
