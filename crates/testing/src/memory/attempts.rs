//! Attempts in memory.

use selfsame_domain::{Attempt, AttemptId, Instant};
use selfsame_ports::{Attempts, StorageError};

use super::{
    tables::{insert_new, may_exist, must_exist, remove_where},
    unit::MemoryUnit,
};

impl Attempts for MemoryUnit<'_> {
    fn insert(&mut self, attempt: &Attempt) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, attempt.user_id)?;
            may_exist(&tables.sessions, attempt.session_id)?;
            may_exist(&tables.sign_ins, attempt.sign_in_id)?;
            insert_new(&mut tables.attempts, attempt.id, attempt.clone())
        })
    }

    fn lock(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
        self.run(|tables| Ok(tables.attempts.get(&id).cloned()))
    }

    fn save(&mut self, attempt: &Attempt) -> Result<bool, StorageError> {
        self.run(|tables| {
            may_exist(&tables.sign_ins, attempt.sign_in_id)?;
            let stored = tables.attempts.get_mut(&attempt.id);
            let Some(stored) = stored.filter(|stored| stored.completed_at.is_none()) else {
                return Ok(false);
            };
            *stored = Attempt {
                step: attempt.step,
                token_hash: attempt.token_hash,
                sign_in_id: attempt.sign_in_id,
                completed_at: attempt.completed_at,
                ..stored.clone()
            };
            Ok(true)
        })
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        self.run(|tables| {
            let purged = remove_where(&mut tables.attempts, limit, |attempt| attempt.expires_at < before);
            tables.cascade();
            Ok(purged)
        })
    }
}
