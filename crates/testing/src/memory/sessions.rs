//! Browser sessions and sign-ins in memory.

use selfsame_domain::{Assurance, Instant, RefreshChain, Session, SessionId, SignIn, SignInId, TokenHash, UserId};
use selfsame_ports::{Sessions, StorageError};

use super::{
    tables::{insert_new, may_exist, must_exist, remove_where},
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

    fn sign_ins(&mut self, session: SessionId) -> Result<Vec<SignIn>, StorageError> {
        self.run(|tables| Ok(tables.sign_ins_of(session)))
    }

    fn is_live(&mut self, user: UserId, id: SignInId) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.own_sign_in(user, id).is_some_and(|sign_in| sign_in.ended_at.is_none())))
    }

    fn activate(&mut self, user: UserId, id: SignInId, now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.activate(user, id, now)))
    }

    fn touch(
        &mut self,
        user: UserId,
        id: SignInId,
        session: Option<SessionId>,
        now: Instant,
    ) -> Result<bool, StorageError> {
        self.run(|tables| {
            let own = tables.own_sign_in(user, id).filter(|sign_in| sign_in.ended_at.is_none());
            let is_live = own.is_some();
            if let Some(sign_in) = own {
                sign_in.last_active_at = now;
            }
            if let Some((session, _)) = session.and_then(|id| tables.sessions.get_mut(&id)) {
                session.last_seen_at = now;
            }
            Ok(is_live)
        })
    }

    fn set_assurance(&mut self, user: UserId, id: SignInId, assurance: &Assurance) -> Result<bool, StorageError> {
        self.run(|tables| {
            let own = tables.own_sign_in(user, id).filter(|sign_in| sign_in.ended_at.is_none());
            Ok(own.map(|sign_in| sign_in.assurance = assurance.clone()).is_some())
        })
    }

    fn start_refresh(&mut self, user: UserId, id: SignInId, chain: &RefreshChain) -> Result<(), StorageError> {
        self.run(|tables| {
            if let Some(sign_in) = tables.own_sign_in(user, id) {
                sign_in.refresh = Some(chain.clone());
            }
            Ok(())
        })
    }

    fn rotate_refresh(
        &mut self,
        user: UserId,
        id: SignInId,
        chain: &RefreshChain,
        now: Instant,
    ) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.rotate_refresh(user, id, chain, now)))
    }

    fn end_sign_in(&mut self, user: UserId, id: SignInId, now: Instant) -> Result<bool, StorageError> {
        self.run(|tables| {
            let ended = tables.own_sign_in(user, id).filter(|sign_in| sign_in.ended_at.is_none());
            Ok(ended.map(|sign_in| (sign_in.ended_at, sign_in.activated_at) = (Some(now), None)).is_some())
        })
    }

    fn end_sign_ins_of(&mut self, user: UserId, except: Option<SignInId>, now: Instant) -> Result<usize, StorageError> {
        self.run(|tables| {
            let ends = |sign_in: &&mut SignIn| {
                sign_in.user_id == user && Some(sign_in.id) != except && sign_in.ended_at.is_none()
            };
            let ended = tables.sign_ins.values_mut().filter(ends);
            let count = ended.map(|sign_in| sign_in.ended_at = Some(now)).count();
            tables.refuse_tokens(user, except, now);
            Ok(count)
        })
    }

    fn end_sign_ins_of_client(&mut self, user: UserId, client_id: &str, now: Instant) -> Result<usize, StorageError> {
        self.run(|tables| {
            let ends = |sign_in: &&mut SignIn| {
                let client = sign_in.client.as_ref().map(|client| client.id.as_str());
                sign_in.user_id == user && client == Some(client_id) && sign_in.ended_at.is_none()
            };
            let ended = tables.sign_ins.values_mut().filter(ends);
            Ok(ended.map(|sign_in| sign_in.ended_at = Some(now)).count())
        })
    }

    fn name_sign_in(&mut self, user: UserId, id: SignInId, name: Option<String>) -> Result<bool, StorageError> {
        self.run(|tables| {
            let live = tables.own_sign_in(user, id).filter(|sign_in| sign_in.ended_at.is_none());
            Ok(live.map(|sign_in| sign_in.name = name).is_some())
        })
    }

    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError> {
        let has_ended = |sign_in: &SignIn| sign_in.ended_at.is_some_and(|ended_at| ended_at < before);
        self.run(|tables| {
            let had = tables.sessions.len() + tables.sign_ins.len();
            let identities = &tables.external_identities;
            let is_last = |id| identities.values().any(|identity| identity.sign_in_id == Some(id));
            let is_over = |sign_in: &SignIn| has_ended(sign_in) && !is_last(sign_in.id);
            remove_where(&mut tables.sign_ins, limit, is_over);
            let is_over = |sign_in: &SignIn| sign_in.expires_at < before && !is_last(sign_in.id);
            remove_where(&mut tables.sign_ins, limit, is_over);
            remove_where(&mut tables.sessions, limit, |(session, _)| session.expires_at < before);
            tables.cascade();
            Ok(had - tables.sessions.len() - tables.sign_ins.len())
        })
    }
}
