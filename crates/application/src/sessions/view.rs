//! The view of a browser session.

use std::collections::BTreeSet;

use selfsame_domain::{
    Attempt, Attributes, Factor, Factors, Instant, OpaqueToken, Session, SignIn, SignInId, User, UserId,
};
use selfsame_ports::{SessionState, StorageError};

use crate::Core;

/// A browser session as its browser may see it: ended and expired sign-ins and attempts are left out.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// The session.
    pub session: Session,
    /// The sign-in that was activated last, live or not.
    pub active: Option<SignInId>,
    /// Its live sign-ins with their accounts, oldest first.
    pub sign_ins: Vec<(SignIn, User)>,
    /// Its open attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// The accounts of attempts that need a second factor.
    pub waiting: Vec<User>,
}

impl SessionView {
    /// A session without sign-ins and attempts.
    pub(crate) fn empty(session: Session) -> Self {
        Self { session, active: None, sign_ins: Vec::new(), attempts: Vec::new(), waiting: Vec::new() }
    }

    /// The active sign-in. If the one that was activated last is not live, there is none: no other account takes its
    /// place.
    pub fn active(&self) -> Option<&(SignIn, User)> {
        let active = self.active?;
        self.sign_ins.iter().find(|(sign_in, _)| sign_in.id == active)
    }

    /// The same view with this attempt as the last one, completed or not.
    #[must_use]
    pub fn ending_with(mut self, attempt: Attempt) -> Self {
        self.attempts.retain(|other| other.id != attempt.id);
        self.attempts.push(attempt);
        self
    }

    /// The second factors by which an attempt of this view can be continued, if it needs one.
    pub fn second_factors(&self, attempt: &Attempt) -> Factors {
        let user = self.waiting.iter().find(|user| Some(user.id) == attempt.user_id);
        let user = user.filter(|_| attempt.remaining().any(Factor::is_second));
        user.map(|user| user.second_factors_beside(&attempt.satisfied)).unwrap_or_default()
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

impl Core {
    /// Whether a sign-in may be used. Checked on every request (R43).
    pub(crate) fn is_usable(&self, sign_in: &SignIn, user: &User, now: Instant) -> bool {
        sign_in.is_live(now, self.policy.idle_of(sign_in)) && user.is_usable()
    }

    /// The live session of a cookie, with its live sign-ins and open attempts. Attempts are read only if there are any.
    pub(crate) fn session_view(&self, token: &OpaqueToken, now: Instant) -> Result<Option<SessionView>, StorageError> {
        Ok(self.session_view_with(token, now, false)?.map(|(view, _)| view))
    }

    /// The same, with the attributes of the active account.
    pub(crate) fn session_view_with(
        &self,
        token: &OpaqueToken,
        now: Instant,
        with_attributes: bool,
    ) -> Result<Option<(SessionView, Option<Attributes>)>, StorageError> {
        let mut queries = self.storage.read()?;
        let Some(state) = queries.session(&token.hash(), now, with_attributes)? else {
            return Ok(None);
        };
        let SessionState { session, active, sign_ins, attributes, has_open_attempts } = state;
        if !session.is_live(now, self.policy.idle) {
            return Ok(None);
        }
        let attempts = if has_open_attempts { queries.open_attempts(session.id, now)? } else { Vec::new() };
        let waiting = attempts.iter().filter(|attempt| attempt.remaining().any(Factor::is_second));
        let users: BTreeSet<UserId> = waiting.filter_map(|attempt| attempt.user_id).collect();
        let mut waiting = Vec::new();
        for user in users {
            waiting.extend(queries.user(user)?);
        }
        let sign_ins = sign_ins.into_iter().filter(|(sign_in, user)| self.is_usable(sign_in, user, now)).collect();
        Ok(Some((SessionView { session, active, sign_ins, attempts, waiting }, attributes)))
    }
}
