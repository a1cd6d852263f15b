//! Challenges in memory.

use selfsame_domain::{Challenge, ChallengeId, Instant};
use selfsame_ports::StorageError;

use super::tables::{Tables, insert_new, may_exist, remove_where};

/// A challenge, whether it is neither consumed nor voided, and whether it was consumed.
#[derive(Clone)]
pub(super) struct ChallengeRow {
    pub(super) challenge: Challenge,
    is_live: bool,
    is_used: bool,
}

impl Tables {
    pub(super) fn insert_challenge(&mut self, new: &Challenge) -> Result<(), StorageError> {
        let user = self.users.get(&new.user_id).ok_or(StorageError::Conflict)?;
        if new.identifier_id.is_some_and(|id| user.identifier(id).is_none()) {
            return Err(StorageError::Conflict);
        }
        may_exist(&self.attempts, new.attempt_id)?;
        may_exist(&self.sign_ins, new.sign_in_id)?;
        let key = |challenge: &Challenge| (challenge.user_id, challenge.purpose, challenge.target.clone());
        self.void_challenges_where(|old| key(old) == key(new));
        insert_new(&mut self.challenges, new.id, ChallengeRow { challenge: new.clone(), is_live: true, is_used: false })
    }

    /// Whether it was live until now.
    pub(super) fn consume_challenge(&mut self, id: ChallengeId) -> bool {
        let row = self.challenges.get_mut(&id).filter(|row| row.is_live);
        row.map(|row| (row.is_live, row.is_used) = (false, true)).is_some()
    }

    pub(super) fn void_challenges_where(&mut self, matches: impl Fn(&Challenge) -> bool) {
        for row in self.challenges.values_mut() {
            row.is_live &= !matches(&row.challenge);
        }
    }

    pub(super) fn purge_challenges(&mut self, before: Instant, limit: i64) -> usize {
        remove_where(&mut self.challenges, limit, |row| row.challenge.created_at < before)
    }

    /// The consumed one that matches.
    pub(super) fn used_challenge(&self, matches: impl Fn(&Challenge) -> bool) -> Option<Challenge> {
        let mut used = self.challenges.values().filter(|row| row.is_used).map(|row| &row.challenge);
        used.find(|challenge| matches(challenge)).cloned()
    }

    /// The live ones that match, newest first.
    pub(super) fn live_challenges(&self, matches: impl Fn(&Challenge) -> bool) -> Vec<Challenge> {
        let live = self.challenges.values().filter(|row| row.is_live).map(|row| &row.challenge);
        let mut found: Vec<Challenge> = live.filter(|challenge| matches(challenge)).cloned().collect();
        found.sort_by_key(|challenge| std::cmp::Reverse((challenge.created_at, challenge.id)));
        found
    }
}
