//! Who is calling: on every request, from the database, whatever the token says (R43).

use selfsame_domain::{Attempt, Instant, OpaqueToken, Session, SignIn, TokenHash, User};
use selfsame_ports::{AccessTokenError, SessionState, StorageError};

use crate::{Core, Fault, fault::faults};

/// What the caller presented. It has no `Debug`, which would show it.
#[derive(Clone)]
pub enum Credential {
    /// The session cookie.
    Cookie(OpaqueToken),
    /// A Bearer access token.
    Bearer(String),
}

/// Asks who is calling.
#[derive(Clone)]
pub struct Authenticate {
    /// What they presented.
    pub credential: Credential,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Their account, as of this request.
    pub user: User,
    /// The sign-in they act in.
    pub sign_in: SignIn,
    /// Their browser session, if they came with its cookie.
    pub session: Option<SessionView>,
    /// The hash of that cookie.
    pub cookie: Option<TokenHash>,
}

/// A browser session as its browser may see it: what is over is left out.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// The session.
    pub session: Session,
    /// Its live sign-ins with their accounts, oldest first.
    pub sign_ins: Vec<(SignIn, User)>,
    /// Its open attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

impl SessionView {
    /// The sign-in that `/me` means.
    pub fn active(&self) -> Option<&(SignIn, User)> {
        let active = self.session.active_sign_in?;
        self.sign_ins.iter().find(|(sign_in, _)| sign_in.id == active)
    }

    /// The same view with the attempt that was just worked on as the last one, finished or not.
    #[must_use]
    pub fn ending_with(mut self, attempt: Attempt) -> Self {
        self.attempts.retain(|other| other.id != attempt.id);
        self.attempts.push(attempt);
        self
    }

    /// The same view with an account as it is after a change.
    #[must_use]
    pub fn showing(mut self, user: &User) -> Self {
        for (_, shown) in self.sign_ins.iter_mut().filter(|(_, shown)| shown.id == user.id) {
            *shown = user.clone();
        }
        self
    }
}

/// Why the caller is nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticateError {
    /// No such sign-in, or not any more. One answer for forged, ended and disabled.
    #[error("not signed in")]
    Unauthenticated,
    /// An access token of ours that is past its `exp`: refresh it.
    #[error("the access token has expired")]
    Expired,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(AuthenticateError: StorageError);

/// A sign-in's last use is written once it is this old, so that reads hardly ever write.
const TOUCH_AFTER: chrono::Duration = chrono::Duration::minutes(5);

impl Authenticate {
    /// Finds the caller. One statement; now and then a second one that writes the sign-in's last use.
    pub fn execute(&self, core: &Core) -> Result<Caller, AuthenticateError> {
        let now = core.clock.now();
        let caller = match &self.credential {
            Credential::Cookie(token) => by_cookie(core, token, now)?,
            Credential::Bearer(token) => by_token(core, token, now)?,
        };
        if caller.sign_in.last_active_at + TOUCH_AFTER < now {
            touch(core, &caller, now);
        }
        Ok(caller)
    }
}

fn by_cookie(core: &Core, token: &OpaqueToken, now: Instant) -> Result<Caller, AuthenticateError> {
    let view = core.session_view(token, now)?.ok_or(AuthenticateError::Unauthenticated)?;
    let (sign_in, user) = view.active().cloned().ok_or(AuthenticateError::Unauthenticated)?;
    Ok(Caller { user, sign_in, session: Some(view), cookie: Some(token.hash()) })
}

fn by_token(core: &Core, token: &str, now: Instant) -> Result<Caller, AuthenticateError> {
    let claims = core.tokens.verify(token, now).map_err(|error| match error {
        AccessTokenError::Expired => AuthenticateError::Expired,
        AccessTokenError::Invalid | AccessTokenError::Signing => AuthenticateError::Unauthenticated,
    })?;
    let found = core.storage.read()?.sign_in(claims.sign_in_id)?;
    let (sign_in, user) = found
        .filter(|(sign_in, user)| user.id == claims.user_id && is_usable(core, sign_in, user, now))
        .ok_or(AuthenticateError::Unauthenticated)?;
    Ok(Caller { user, sign_in, session: None, cookie: None })
}

fn is_usable(core: &Core, sign_in: &SignIn, user: &User, now: Instant) -> bool {
    sign_in.is_live(now, core.policy.idle_of(sign_in)) && !user.is_disabled()
}

fn touch(core: &Core, caller: &Caller, now: Instant) {
    let written = core.unit(|unit| {
        if let Some(view) = &caller.session
            && let Some(mut session) = unit.sessions().lock(view.session.id)?
        {
            session.last_seen_at = now;
            unit.sessions().save(&session)?;
        }
        unit.sessions().touch_sign_in(caller.sign_in.id, now)?;
        Ok::<(), AuthenticateError>(())
    });
    if let Err(error) = written {
        tracing::warn!(%error, "the last use of a sign-in could not be written");
    }
}

impl Core {
    /// The live session that a cookie names, with what is live in it; attempts are read only if there are any.
    pub(crate) fn session_view(&self, token: &OpaqueToken, now: Instant) -> Result<Option<SessionView>, StorageError> {
        let mut queries = self.storage.read()?;
        let Some(SessionState { session, sign_ins, has_open_attempts }) = queries.session(&token.hash(), now)? else {
            return Ok(None);
        };
        if !session.is_live(now, self.policy.idle) {
            return Ok(None);
        }
        let attempts = if has_open_attempts { queries.open_attempts(session.id, now)? } else { Vec::new() };
        let sign_ins = sign_ins.into_iter().filter(|(sign_in, user)| is_usable(self, sign_in, user, now)).collect();
        Ok(Some(SessionView { session, sign_ins, attempts }))
    }
}
