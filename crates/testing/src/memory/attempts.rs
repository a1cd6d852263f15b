//! Attempts in memory.

use selfsame_domain::{Attempt, Instant, SessionId};
use selfsame_ports::StorageError;

use super::tables::{Tables, insert_new, may_exist, remove_where};

impl Tables {
    pub(super) fn insert_attempt(&mut self, attempt: &Attempt) -> Result<(), StorageError> {
        may_exist(&self.users, attempt.user_id)?;
        may_exist(&self.sessions, attempt.session_id)?;
        may_exist(&self.sign_ins, attempt.sign_in_id)?;
        insert_new(&mut self.attempts, attempt.id, attempt.clone())
    }

    pub(super) fn save_attempt(&mut self, attempt: &Attempt) -> Result<bool, StorageError> {
        may_exist(&self.users, attempt.user_id)?;
        may_exist(&self.sign_ins, attempt.sign_in_id)?;
        let stored = self.attempts.get_mut(&attempt.id);
        let Some(stored) = stored.filter(|stored| stored.completed_at.is_none()) else {
            return Ok(false);
        };
        let next = attempt.clone();
        *stored = Attempt {
            user_id: next.user_id,
            credential_epoch: next.credential_epoch,
            required: next.required,
            satisfied: next.satisfied,
            sealed: next.sealed,
            token_hash: next.token_hash,
            sign_in_id: next.sign_in_id,
            completed_at: next.completed_at,
            ..stored.clone()
        };
        Ok(true)
    }

    pub(super) fn purge_attempts(&mut self, before: Instant, limit: i64) -> usize {
        let purged = remove_where(&mut self.attempts, limit, |attempt| attempt.expires_at < before);
        self.cascade();
        purged
    }

    /// Attempts of a session that are neither completed nor expired, oldest first.
    pub(super) fn open_attempts(&self, session: SessionId, now: Instant) -> Vec<Attempt> {
        let of_session = self.attempts.values().filter(|attempt| attempt.session_id == Some(session));
        let mut open: Vec<Attempt> = of_session.filter(|attempt| attempt.is_open(now)).cloned().collect();
        open.sort_by_key(|attempt| (attempt.created_at, attempt.id));
        open
    }
}
