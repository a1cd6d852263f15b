//! How a sign-in starts, for every use case that ends in one.

use std::{collections::BTreeSet, time::Duration};

use selfsame_domain::{
    Action, Actor, Attempt, OpaqueToken, RefreshToken, RequestContext, Session, SessionId, SignIn, SignInId, User,
    UserId,
};
use selfsame_ports::{NewAccessToken, StorageError, UnitOfWork};

use crate::{
    Core, Fault,
    attempts::{Access, AccessToken, Holder, SignedIn, TokenSet},
    core::Event,
};

/// What `start_sign_in` made in its unit; the access token is signed after the commit.
pub(crate) struct Started {
    sign_in: SignIn,
    secret: OpaqueToken,
    access_ttl: Option<Duration>,
}

impl Started {
    /// The new sign-in.
    pub(crate) fn id(&self) -> SignInId {
        self.sign_in.id
    }
}

/// Locks accounts in the one order that all do it in, so that no two units wait for each other.
pub(crate) fn lock_all(
    unit: &mut dyn UnitOfWork,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<Vec<User>, StorageError> {
    let ids: BTreeSet<UserId> = ids.into_iter().collect();
    let mut locked = Vec::with_capacity(ids.len());
    for id in ids {
        locked.extend(unit.users().lock(id)?);
    }
    Ok(locked)
}

impl Core {
    /// Locks an account that is to be signed in to, and those whose sign-ins will make room in the session, in the order of
    /// all accounts. Gone or disabled in the meantime: `None`.
    pub(crate) fn lock_to_sign_in(
        &self,
        unit: &mut dyn UnitOfWork,
        user: UserId,
        session: Option<&Session>,
    ) -> Result<Option<User>, StorageError> {
        let present = match session {
            Some(session) => unit.sessions().sign_ins(session.id)?,
            None => Vec::new(),
        };
        let displaced = self.displaced_by(user, present);
        let locked = lock_all(unit, displaced.iter().map(|sign_in| sign_in.user_id).chain([user]))?;
        Ok(locked.into_iter().find(|locked| locked.id == user).filter(|user| !user.is_disabled()))
    }

    /// Starts a sign-in of `user` for `holder`. A browser's goes into its session and becomes active; the browser gets a
    /// new cookie (R40). `session` is the stored session of the cookie in `holder`, if it has one. The account was locked
    /// in this unit, where there is a session by [`Core::lock_to_sign_in`].
    pub(crate) fn start_sign_in(
        &self,
        unit: &mut dyn UnitOfWork,
        user: &User,
        holder: &Holder,
        session: Option<&Session>,
        context: &RequestContext,
    ) -> Result<Started, StorageError> {
        let now = self.clock.now();
        let mut sign_in = SignIn {
            id: self.id(),
            session_id: None,
            user_id: user.id,
            created_at: now,
            last_active_at: now,
            expires_at: now + self.policy.absolute,
            ended_at: None,
            ip: context.ip.map(|ip| ip.to_string()),
            user_agent: context.user_agent.clone(),
        };
        let (secret, access_ttl) = match holder {
            Holder::Browser(cookie) => {
                let known = session.zip(cookie.as_ref());
                (self.enter_session(unit, &mut sign_in, known, context)?, None)
            }
            Holder::Tokens { access_ttl } => {
                sign_in.expires_at = now + self.policy.refresh_absolute;
                unit.sessions().insert_sign_in(&sign_in)?;
                (self.insert_refresh_token(unit, &sign_in, self.token())?, Some(*access_ttl))
            }
        };
        let event = Event {
            actor: Actor::User(user.id),
            sign_in: Some(sign_in.id),
            ..Event::anonymous(Action::SignedIn, context)
        };
        self.record(unit, user.id, event)?;
        Ok(Started { sign_in, secret, access_ttl })
    }

    /// Puts a sign-in into the browser's session, which lasts as long as it from now on, and answers the new cookie. If
    /// another cookie has taken the place of the browser's, it gets a session of its own: whoever knew that one must not
    /// find a stranger signed in beside them, nor be found there (R40).
    fn enter_session(
        &self,
        unit: &mut dyn UnitOfWork,
        sign_in: &mut SignIn,
        known: Option<(&Session, &OpaqueToken)>,
        context: &RequestContext,
    ) -> Result<OpaqueToken, StorageError> {
        let taken_over = match known {
            Some((session, cookie)) => self.take_over(unit, session, cookie)?,
            None => None,
        };
        let (mut session, cookie) = match taken_over {
            Some(taken_over) => taken_over,
            None => self.insert_session(unit)?,
        };
        sign_in.session_id = Some(session.id);
        self.make_room(unit, sign_in, session.id, context)?;
        unit.sessions().insert_sign_in(sign_in)?;
        session.active_sign_in = Some(sign_in.id);
        session.last_seen_at = sign_in.created_at;
        session.expires_at = session.expires_at.max(sign_in.expires_at);
        unit.sessions().save(&session)?;
        Ok(cookie)
    }

    /// A session, locked, with another cookie in place of the one that was sent; `None` if that is not its cookie any more.
    fn take_over(
        &self,
        unit: &mut dyn UnitOfWork,
        session: &Session,
        sent: &OpaqueToken,
    ) -> Result<Option<(Session, OpaqueToken)>, StorageError> {
        let Some(session) = unit.sessions().lock(session.id)? else {
            return Ok(None);
        };
        let cookie = self.token();
        let is_replaced = unit.sessions().replace_token(session.id, &sent.hash(), &cookie.hash())?;
        Ok(is_replaced.then_some((session, cookie)))
    }

    /// Ends the sign-ins that `sign_in` displaces from its session.
    fn make_room(
        &self,
        unit: &mut dyn UnitOfWork,
        sign_in: &SignIn,
        session: SessionId,
        context: &RequestContext,
    ) -> Result<(), StorageError> {
        let present = unit.sessions().sign_ins(session)?;
        let displaced = self.displaced_by(sign_in.user_id, present);
        // Locked already, unless somebody signed in there since.
        let others = displaced.iter().map(|other| other.user_id).filter(|other| *other != sign_in.user_id);
        lock_all(unit, others)?;
        displaced.iter().try_for_each(|other| self.end_sign_in(unit, other, sign_in.user_id, context))
    }

    /// Which of a session's sign-ins, given oldest first, one more of `user` displaces: the account's own, and if there are
    /// too many accounts the oldest.
    fn displaced_by(&self, user: UserId, present: Vec<SignIn>) -> Vec<SignIn> {
        let now = self.clock.now();
        let (mut displaced, mut others): (Vec<_>, Vec<_>) =
            present.into_iter().partition(|other| other.user_id == user);
        others.retain(|other| other.is_live(now, self.policy.idle));
        let surplus = (others.len() + 1).saturating_sub(self.policy.max_sign_ins);
        displaced.extend(others.into_iter().take(surplus));
        displaced
    }

    /// Ends a sign-in and says so in the trail of its account, which was locked in this unit (R79).
    pub(crate) fn end_sign_in(
        &self,
        unit: &mut dyn UnitOfWork,
        sign_in: &SignIn,
        by: UserId,
        context: &RequestContext,
    ) -> Result<(), StorageError> {
        if unit.sessions().end_sign_in(sign_in.id, self.clock.now())? {
            self.record(unit, sign_in.user_id, Event::of_user(Action::SignedOut, by, sign_in.id, context))?;
        }
        Ok(())
    }

    /// Adds a token to a sign-in's refresh chain.
    pub(crate) fn insert_refresh_token(
        &self,
        unit: &mut dyn UnitOfWork,
        sign_in: &SignIn,
        token: OpaqueToken,
    ) -> Result<OpaqueToken, StorageError> {
        let now = self.clock.now();
        unit.refresh_tokens().insert(&RefreshToken {
            id: self.id(),
            sign_in_id: sign_in.id,
            token_hash: token.hash(),
            created_at: now,
            expires_at: (now + self.policy.refresh_idle).min(sign_in.expires_at),
            rotated_at: None,
        })?;
        Ok(token)
    }

    /// What the client is handed after the commit.
    pub(crate) fn hand_over(&self, started: Started, user: User, attempt: Attempt) -> Result<SignedIn, Fault> {
        let Started { sign_in, secret, access_ttl } = started;
        let access = match access_ttl {
            None => Access::Cookie(secret),
            Some(ttl) => {
                Access::Tokens(TokenSet { access_token: self.sign_access_token(&sign_in, ttl)?, refresh_token: secret })
            }
        };
        Ok(SignedIn { user, sign_in, access, attempt })
    }

    /// An access token of a sign-in, for this server.
    pub(crate) fn sign_access_token(&self, sign_in: &SignIn, ttl: Duration) -> Result<AccessToken, Fault> {
        self.sign_token_for(&self.policy.audience, sign_in, ttl)
    }

    /// An access token of a sign-in, for whoever goes by `audience`.
    pub(crate) fn sign_token_for(&self, audience: &str, sign_in: &SignIn, ttl: Duration) -> Result<AccessToken, Fault> {
        let new = NewAccessToken {
            user_id: sign_in.user_id,
            sign_in_id: sign_in.id,
            audience: audience.to_owned(),
            scope: None,
            client_id: None,
            ttl,
        };
        let (token, expires_at) = self.tokens.issue(&new, self.clock.now())?;
        Ok(AccessToken { token, expires_in: ttl, expires_at })
    }
}
