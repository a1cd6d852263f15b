//! Browser sessions and sign-ins in memory.

use selfsame_domain::{Instant, Session, SessionId, SignIn, SignInId, TokenHash, UserId};
use selfsame_ports::{Sessions, StorageError};

use super::{
    tables::{Tables, insert_new, may_exist, must_exist, remove_where},
    unit::MemoryUnit,
};

impl Sessions for MemoryUnit<'_> {
    fn insert(&mut self, session: &Session, token: &TokenHash) -> Result<(), StorageError> {
        self.run(|tables| insert_new(&mut tables.sessions, session.id, (session.clone(), *token)))
    }

    fn lock(&mut self, id: SessionId) -> Result<Option<Session>, StorageError> {
        self.run(|tables| Ok(tables.sessions.get(&id).map(|(session, _)| session.clone())))
    }

    fn replace_token(&mut self, id: SessionId, old: &TokenHash, new: &TokenHash) -> Result<bool, StorageError> {
        self.run(|tables| {
            let stored = tables.sessions.get_mut(&id).map(|(_, stored)| stored);
            Ok(stored.filter(|stored| *stored == old).map(|stored| *stored = *new).is_some())
        })
    }

    fn save(&mut self, session: &Session) -> Result<(), StorageError> {
        self.run(|tables| {
            if let Some((stored, _)) = tables.sessions.get_mut(&session.id) {
                stored.active_sign_in = session.active_sign_in;
                stored.last_seen_at = session.last_seen_at;
                stored.expires_at = session.expires_at;
            }
            Ok(())
        })
    }

    fn insert_sign_in(&mut self, sign_in: &SignIn) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, sign_in.user_id)?;
            may_exist(&tables.sessions, sign_in.session_id)?;
            insert_new(&mut tables.sign_ins, sign_in.id, sign_in.clone())
        })
    }

    fn find_sign_in(&mut self, id: SignInId) -> Result<Option<SignIn>, StorageError> {
        self.lock_sign_in(id)
    }

    fn lock_sign_in(&mut self, id: SignInId) -> Result<Option<SignIn>, StorageError> {
        self.run(|tables| Ok(tables.sign_ins.get(&id).cloned()))
    }

    fn sign_ins(&mut self, session: SessionId) -> Result<Vec<SignIn>, StorageError> {
        self.run(|tables| Ok(tables.sign_ins_of(session)))
    }

    fn touch_sign_in(&mut self, id: SignInId, now: Instant) -> Result<(), StorageError> {
        self.run(|tables| {
            if let Some(sign_in) = tables.sign_ins.get_mut(&id) {
                sign_in.last_active_at = now;
            }
            Ok(())
        })
    }

    fn end_sign_in(&mut self, id: SignInId, now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.end_where(now, |sign_in| sign_in.id == id) == 1))
    }

    fn end_sign_ins_of(&mut self, user: UserId, except: Option<SignInId>, now: Instant) -> Result<usize, StorageError> {
        self.run(|tables| {
            let ends = |sign_in: &SignIn| sign_in.user_id == user && Some(sign_in.id) != except;
            Ok(tables.end_where(now, ends))
        })
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let has_ended = |sign_in: &SignIn| sign_in.ended_at.is_some_and(|ended_at| ended_at < before);
        self.run(|tables| {
            let rows = |tables: &Tables| tables.sessions.len() + tables.sign_ins.len();
            let had = rows(tables);
            remove_where(&mut tables.sign_ins, limit, has_ended);
            remove_where(&mut tables.sign_ins, limit, |sign_in| sign_in.expires_at < before);
            remove_where(&mut tables.sessions, limit, |(session, _)| session.expires_at < before);
            tables.cascade();
            Ok(had - rows(tables))
        })
    }
}

impl Tables {
    /// The sign-ins of a session that have not been ended, oldest first.
    pub(super) fn sign_ins_of(&self, session: SessionId) -> Vec<SignIn> {
        let of_session = |sign_in: &&SignIn| sign_in.session_id == Some(session) && sign_in.ended_at.is_none();
        let mut found: Vec<SignIn> = self.sign_ins.values().filter(of_session).cloned().collect();
        found.sort_by_key(|sign_in| (sign_in.created_at, sign_in.id));
        found
    }

    /// Ends those that match and have not ended before; answers how many.
    fn end_where(&mut self, now: Instant, matches: impl Fn(&SignIn) -> bool) -> usize {
        let running = self.sign_ins.values_mut().filter(|sign_in| sign_in.ended_at.is_none());
        let ended = running.filter(|sign_in| matches(sign_in));
        ended.map(|sign_in| sign_in.ended_at = Some(now)).count()
    }
}
