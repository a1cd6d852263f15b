//! Starts a sign-in, for every use case that ends in one.

use std::time::Duration;

use selfsame_domain::{
    Action, Actor, Assurance, Attempt, AuthorizedClient, Factors, OpaqueToken, RefreshToken, Session, SessionId,
    SignIn, SignInId, User, UserId,
};
use selfsame_ports::{NewAccessToken, StorageError};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    attempts::{Access, AccessToken, Holder, SignedIn},
    core::Work,
};

/// What `start_sign_in` made in its unit. The access token is signed after the commit.
pub(crate) struct Started {
    sign_in: SignIn,
    secret: Secret,
}

/// The client's credentials.
enum Secret {
    Cookie(OpaqueToken),
    Refresh(RefreshToken, Duration),
}

impl Started {
    /// The new sign-in.
    pub(crate) fn id(&self) -> SignInId {
        self.sign_in.id
    }
}

/// The account that signs in, and the accounts that are locked with it because their sign-ins are displaced.
pub(crate) struct Locked {
    accounts: Vec<Account>,
}

impl Locked {
    /// The accounts that are locked.
    pub(crate) fn ids(&self) -> Vec<UserId> {
        self.accounts.iter().map(|account| account.id).collect()
    }

    /// One of the locked accounts.
    pub(crate) fn get(&mut self, id: UserId) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    /// The same, unless it is disabled or frozen.
    pub(crate) fn usable(&mut self, id: UserId) -> Option<&mut Account> {
        self.get(id).filter(|account| account.is_usable())
    }

    /// The same, unless it is disabled: for a reset, which a frozen account accepts.
    pub(crate) fn enabled(&mut self, id: UserId) -> Option<&mut Account> {
        self.get(id).filter(|account| !account.is_disabled())
    }

    /// The account of a caller, unless it is disabled or frozen, or the sign-in has ended.
    pub(crate) fn caller(
        &mut self,
        work: &mut Work<'_>,
        caller: &Caller,
    ) -> Result<Option<&mut Account>, StorageError> {
        let Some(account) = self.usable(caller.user.id) else { return Ok(None) };
        Ok(account.is_signed_in(work, caller)?.then_some(account))
    }

    /// Writes the changes.
    pub(crate) fn save(&mut self, work: &mut Work<'_>) -> Result<(), StorageError> {
        self.accounts.iter_mut().try_for_each(|account| account.save(work))
    }

    /// Drops an account that was deleted.
    pub(crate) fn remove(&mut self, id: UserId) {
        self.accounts.retain(|account| account.id != id);
    }
}

impl Core {
    /// Locks the account that signs in, those whose sign-ins will be displaced from the session, and others, by
    /// ascending id.
    pub(crate) fn lock_to_sign_in(
        &self,
        work: &mut Work<'_>,
        user: UserId,
        session: Option<&Session>,
        others: impl IntoIterator<Item = UserId>,
    ) -> Result<Locked, StorageError> {
        let present = match session {
            Some(session) => work.sessions().sign_ins(session.id)?,
            None => Vec::new(),
        };
        let displaced = self.displaced_by(user, present);
        let displaced = displaced.iter().map(|sign_in| sign_in.user_id);
        Ok(Locked { accounts: Account::lock_all(work, displaced.chain(others).chain([user]))? })
    }

    /// Starts a sign-in of `user`, which was locked by [`Core::lock_to_sign_in`], for `holder`, by `methods`. For a
    /// browser it is added to the session and becomes active, and the browser gets a new cookie (R40). `session` is the
    /// stored session of the cookie in `holder`, if there is one. The accounts are still to be saved.
    pub(crate) fn start_sign_in(
        &self,
        work: &mut Work<'_>,
        locked: &mut Locked,
        user: UserId,
        holder: &Holder,
        session: Option<&Session>,
        methods: Factors,
    ) -> Result<Started, Fault> {
        let mut sign_in = self.new_sign_in(work, user, methods);
        let secret = match holder {
            Holder::Browser(cookie) => {
                let known = session.zip(cookie.as_ref());
                Secret::Cookie(self.enter_session(work, locked, &mut sign_in, known)?)
            }
            Holder::Tokens { access_ttl } => {
                let (token, chain) = self.new_refresh_chain(user, sign_in.id);
                sign_in.refresh = Some(chain);
                sign_in.expires_at = sign_in.created_at + self.policy.refresh_absolute;
                work.sessions().insert_sign_in(&sign_in)?;
                Secret::Refresh(token, *access_ttl)
            }
        };
        let account = locked.get(user).ok_or(StorageError::Conflict)?;
        self.note_device(work, account)?;
        account.sign_in_count += 1;
        let event = Event { actor: Actor::User(user), sign_in: Some(sign_in.id), ..Event::anonymous(Action::SignedIn) };
        self.record(work, account, event);
        Ok(Started { sign_in, secret })
    }

    pub(crate) fn new_sign_in(&self, work: &Work<'_>, user: UserId, methods: Factors) -> SignIn {
        let now = self.clock.now();
        SignIn {
            id: self.id(),
            session_id: None,
            user_id: user,
            created_at: now,
            assurance: Assurance { authenticated_at: now, methods },
            activated_at: None,
            refresh: None,
            last_active_at: now,
            expires_at: now + self.policy.absolute,
            ended_at: None,
            ip: work.context.ip.map(|ip| ip.to_string()),
            user_agent: work.context.user_agent.clone(),
            name: None,
            client: None,
        }
    }

    /// Adds a sign-in to the browser's session, which is extended to last as long, and returns the new cookie. If the
    /// browser's cookie has been replaced meanwhile, the sign-in gets a session of its own, so that it is not shared
    /// with the holder of the other cookie (R40).
    fn enter_session(
        &self,
        work: &mut Work<'_>,
        locked: &mut Locked,
        sign_in: &mut SignIn,
        known: Option<(&Session, &OpaqueToken)>,
    ) -> Result<OpaqueToken, StorageError> {
        let taken_over = match known {
            Some((session, cookie)) => self.take_over(work, session, cookie)?,
            None => None,
        };
        let Some((mut session, cookie)) = taken_over else {
            let (session, cookie) = self.insert_session(work)?;
            (sign_in.session_id, sign_in.activated_at) = (Some(session.id), Some(sign_in.created_at));
            work.sessions().insert_sign_in(sign_in)?;
            return Ok(cookie);
        };
        (sign_in.session_id, sign_in.activated_at) = (Some(session.id), Some(sign_in.created_at));
        self.make_room(work, locked, sign_in, session.id)?;
        work.sessions().insert_sign_in(sign_in)?;
        // Independent of the instants at which the others became active (R97).
        work.sessions().activate(sign_in.user_id, sign_in.id, sign_in.created_at)?;
        session.last_seen_at = sign_in.created_at;
        session.expires_at = session.expires_at.max(sign_in.expires_at);
        work.sessions().save(&session)?;
        Ok(cookie)
    }

    /// A session, locked, with a new cookie in place of the one that was sent; `None` if that is no longer its cookie.
    fn take_over(
        &self,
        work: &mut Work<'_>,
        session: &Session,
        sent: &OpaqueToken,
    ) -> Result<Option<(Session, OpaqueToken)>, StorageError> {
        let Some(session) = work.sessions().lock(session.id)? else {
            return Ok(None);
        };
        let cookie = self.token();
        let is_replaced = work.sessions().replace_token(session.id, &sent.hash(), &cookie.hash())?;
        Ok(is_replaced.then_some((session, cookie)))
    }

    /// Ends the sign-ins that `sign_in` displaces from its session.
    fn make_room(
        &self,
        work: &mut Work<'_>,
        locked: &mut Locked,
        sign_in: &SignIn,
        session: SessionId,
    ) -> Result<(), StorageError> {
        let present = work.sessions().sign_ins(session)?;
        for other in self.displaced_by(sign_in.user_id, present) {
            // Another account was signed in since the accounts were locked: it must be locked before the session.
            let account = locked.get(other.user_id).ok_or(StorageError::Conflict)?;
            self.end_sign_in(work, account, other.id, sign_in.user_id)?;
        }
        Ok(())
    }

    /// The sign-ins of a session, given oldest first, that a new one of `user` displaces: the account's own, and the
    /// oldest one if there are too many accounts.
    fn displaced_by(&self, user: UserId, present: Vec<SignIn>) -> Vec<SignIn> {
        let now = self.clock.now();
        let (mut displaced, mut others): (Vec<_>, Vec<_>) =
            present.into_iter().partition(|other| other.user_id == user);
        others.retain(|other| other.is_live(now, self.policy.idle));
        let surplus = (others.len() + 1).saturating_sub(self.policy.max_sign_ins);
        displaced.extend(others.into_iter().take(surplus));
        displaced
    }

    /// The client's credentials after the commit.
    pub(crate) fn hand_over(&self, started: Started, user: &User, attempt: Attempt) -> Result<SignedIn, Fault> {
        let Started { sign_in, secret } = started;
        let access = match secret {
            Secret::Cookie(cookie) => Access::Cookie(cookie),
            Secret::Refresh(token, access_ttl) => Access::Tokens(self.token_set(&token, access_ttl)?),
        };
        let user = self.policy.fields.shown(user).into_owned();
        Ok(SignedIn { user, sign_in, access, attempt })
    }

    /// An access token of a sign-in, for the application that acts in it if there is one.
    pub(crate) fn sign_access_token(
        &self,
        user_id: UserId,
        sign_in_id: SignInId,
        client: Option<&AuthorizedClient>,
        audience: &str,
        ttl: Duration,
    ) -> Result<AccessToken, Fault> {
        let new = NewAccessToken {
            user_id,
            sign_in_id,
            audience: audience.to_owned(),
            ttl,
            scope: client.map(|client| client.scopes.to_text()),
            client_id: client.map(|client| client.id.clone()),
        };
        let (token, expires_at) = self.tokens.issue(&new, self.clock.now())?;
        Ok(AccessToken { token, expires_in: ttl, expires_at })
    }
}
