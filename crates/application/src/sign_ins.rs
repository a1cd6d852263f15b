//! How a sign-in starts, for every use case that ends in one.

use std::time::Duration;

use selfsame_domain::{Action, Actor, Attempt, Client, OpaqueToken, RefreshToken, Session, SignIn, SignInId, User};
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

impl Core {
    /// Starts a sign-in of `user` for `holder`. A browser's goes into its session and becomes active; the browser gets a
    /// new cookie (R40). `session` is the stored session of the cookie in `holder`, if it has one.
    pub(crate) fn start_sign_in(
        &self,
        unit: &mut dyn UnitOfWork,
        user: &User,
        holder: &Holder,
        session: Option<&Session>,
        client: &Client,
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
            ip: client.ip.map(|ip| ip.to_string()),
            user_agent: client.user_agent.clone(),
        };
        let (secret, access_ttl) = match holder {
            Holder::Browser(_) => (self.enter_session(unit, &mut sign_in, session)?, None),
            Holder::Tokens { access_ttl } => {
                sign_in.expires_at = now + self.policy.refresh_absolute;
                unit.sessions().insert_sign_in(&sign_in)?;
                (self.insert_refresh_token(unit, &sign_in, self.token())?, Some(*access_ttl))
            }
        };
        let event = Event {
            actor: Actor::User(user.id),
            sign_in: Some(sign_in.id),
            ..Event::anonymous(Action::SignedIn, client)
        };
        self.record(unit, user.id, event)?;
        Ok(Started { sign_in, secret, access_ttl })
    }

    /// Puts a sign-in into a browser's session: one sign-in for each account, the oldest makes room.
    fn enter_session(
        &self,
        unit: &mut dyn UnitOfWork,
        sign_in: &mut SignIn,
        session: Option<&Session>,
    ) -> Result<OpaqueToken, StorageError> {
        let now = self.clock.now();
        let locked = match session {
            Some(session) => unit.sessions().lock(session.id)?,
            None => None,
        };
        let mut session = match locked {
            Some(session) => session,
            None => self.insert_session(unit)?.0,
        };
        sign_in.session_id = Some(session.id);
        sign_in.expires_at = sign_in.expires_at.min(session.expires_at);
        let present = unit.sessions().sign_ins(session.id)?;
        let (same, others): (Vec<_>, Vec<_>) = present.into_iter().partition(|other| other.user_id == sign_in.user_id);
        let surplus = (others.len() + 1).saturating_sub(self.policy.max_sign_ins);
        for other in same.iter().chain(others.iter().take(surplus)) {
            unit.sessions().end_sign_in(other.id, now)?;
        }
        unit.sessions().insert_sign_in(sign_in)?;
        session.active_sign_in = Some(sign_in.id);
        session.last_seen_at = now;
        unit.sessions().save(&session)?;
        let cookie = self.token();
        unit.sessions().replace_token(session.id, &cookie.hash())?;
        Ok(cookie)
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

    /// An access token of a sign-in.
    pub(crate) fn sign_access_token(&self, sign_in: &SignIn, ttl: Duration) -> Result<AccessToken, Fault> {
        let new = NewAccessToken {
            user_id: sign_in.user_id,
            sign_in_id: sign_in.id,
            audience: self.policy.audience.clone(),
            ttl,
        };
        let (token, expires_at) = self.tokens.issue(&new, self.clock.now())?;
        Ok(AccessToken { token, expires_in: ttl, expires_at })
    }
}
