//! Reads of what was committed.

use std::collections::BTreeSet;

use selfsame_domain::{
    Action, Attempt, AttemptId, AuditRecord, IdentifierKind, Instant, Picture, SessionId, SignIn, SignInId, TokenHash,
    User, UserId, Username,
};
use selfsame_ports::{Queries, SessionState, StorageError};

use super::{MemoryStorage, locked, tables::Tables};

/// A connection for reading.
pub(super) struct MemoryQueries<'s>(pub(super) &'s MemoryStorage);

impl MemoryQueries<'_> {
    fn look<T>(&self, query: impl FnOnce(&Tables) -> T) -> Result<T, StorageError> {
        self.0.up()?;
        Ok(query(&locked(&self.0.committed)))
    }
}

impl Queries for MemoryQueries<'_> {
    fn session(&mut self, token: &TokenHash, now: Instant) -> Result<Option<SessionState>, StorageError> {
        self.look(|tables| {
            let mut sessions = tables.sessions.values();
            let (session, _) = sessions.find(|(_, stored)| stored == token)?;
            let sign_ins = tables.sign_ins_of(session.id);
            Some(SessionState {
                session: session.clone(),
                sign_ins: sign_ins.into_iter().filter_map(|sign_in| tables.with_user(&sign_in)).collect(),
                has_open_attempts: !tables.open_attempts(session.id, now).is_empty(),
            })
        })
    }

    fn sign_in(&mut self, id: SignInId) -> Result<Option<(SignIn, User)>, StorageError> {
        self.look(|tables| tables.with_user(tables.sign_ins.get(&id)?))
    }

    fn user(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        self.look(|tables| tables.users.get(&id).cloned())
    }

    fn user_by_identifier(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<User>, StorageError> {
        self.look(|tables| {
            let identifiers = tables.users.values().flat_map(|user| {
                let own = user.identifiers_of(kind).filter(|own| own.canonical == canonical);
                own.map(move |own| (own, user))
            });
            let best = identifiers.max_by_key(|(own, _)| (own.is_verified(), own.created_at, own.id));
            best.map(|(_, user)| user.clone())
        })
    }

    fn unproven_claim(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<User>, StorageError> {
        self.look(|tables| {
            let claims = tables.users.values().flat_map(|user| {
                let own = user.identifiers_of(kind);
                own.filter(|own| own.canonical == canonical && !own.is_verified()).map(move |own| (own, user))
            });
            let newest = claims.max_by_key(|(own, _)| (own.created_at, own.id));
            newest.map(|(_, user)| user.clone())
        })
    }

    fn list_users(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<User>, StorageError> {
        let limit = usize::try_from(limit).unwrap_or_default();
        self.look(|tables| {
            let later = tables.users.values().filter(|user| after.is_none_or(|after| user.id > after));
            later.take(limit).cloned().collect()
        })
    }

    fn user_by_username(&mut self, canonical: &str) -> Result<Option<User>, StorageError> {
        self.look(|tables| {
            let is_meant = |user: &&User| {
                let name = user.preferred_username.as_ref().map(Username::canonical);
                name.as_deref() == Some(canonical)
            };
            tables.users.values().find(is_meant).cloned()
        })
    }

    fn open_attempts(&mut self, session: SessionId, now: Instant) -> Result<Vec<Attempt>, StorageError> {
        self.look(|tables| tables.open_attempts(session, now))
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
        self.look(|tables| tables.attempts.get(&id).cloned())
    }

    fn attempt_by_token(&mut self, token: &TokenHash) -> Result<Option<Attempt>, StorageError> {
        self.look(|tables| {
            let mut attempts = tables.attempts.values();
            attempts.find(|attempt| attempt.token_hash.as_ref() == Some(token)).cloned()
        })
    }

    fn count_live_sign_ins(&mut self, user: UserId, now: Instant) -> Result<i64, StorageError> {
        self.look(|tables| {
            let own = tables.sign_ins.values().filter(|sign_in| sign_in.user_id == user);
            let live = own.filter(|sign_in| sign_in.ended_at.is_none() && now < sign_in.expires_at);
            live.map(|_| 1).sum()
        })
    }

    fn count_events(&mut self, user: UserId, action: Action) -> Result<i64, StorageError> {
        self.look(|tables| {
            let chain = tables.audit.get(&user).into_iter().flatten();
            let meant = chain.filter(|record| record.content.action == action.as_str());
            meant.map(|_| 1).sum()
        })
    }

    fn pictures_in_use(&mut self, names: &[String]) -> Result<Vec<String>, StorageError> {
        self.look(|tables| {
            let pictures = tables.users.values().filter_map(|user| user.picture.as_ref()).map(Picture::as_str);
            let own: BTreeSet<&str> = pictures.collect();
            names.iter().filter(|name| own.contains(name.as_str())).cloned().collect()
        })
    }

    fn audit_trail(&mut self, user: UserId) -> Result<Vec<AuditRecord>, StorageError> {
        self.look(|tables| tables.audit.get(&user).cloned().unwrap_or_default())
    }
}

impl Tables {
    fn with_user(&self, sign_in: &SignIn) -> Option<(SignIn, User)> {
        let user = self.users.get(&sign_in.user_id)?;
        Some((sign_in.clone(), user.clone()))
    }

    fn open_attempts(&self, session: SessionId, now: Instant) -> Vec<Attempt> {
        let of_session = self.attempts.values().filter(|attempt| attempt.session_id == Some(session));
        let mut open: Vec<Attempt> = of_session.filter(|attempt| attempt.is_open(now)).cloned().collect();
        open.sort_by_key(|attempt| (attempt.created_at, attempt.id));
        open
    }
}
