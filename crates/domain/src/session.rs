//! Browser sessions and the sign-ins that they hold (R39-R43).

use crate::{Factors, Instant, RefreshChain, SessionId, SignInId, UserId};

/// A browser: one opaque cookie, any number of sign-ins, of which the one that was activated last is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its row.
    pub id: SessionId,
    /// When the browser first came.
    pub created_at: Instant,
    /// When it was last seen; written every few minutes.
    pub last_seen_at: Instant,
    /// When it ends; each sign-in moves it forward.
    pub expires_at: Instant,
}

/// One account on one client: in a browser session, or by itself for a client that holds tokens.
///
/// Its id is `sid` of the access tokens. Ending it ends its cookie use, its tokens and its refresh family at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Its row.
    pub id: SignInId,
    /// The browser session that holds it; none for a client that holds tokens.
    pub session_id: Option<SessionId>,
    /// Whose it is.
    pub user_id: UserId,
    /// When it was made.
    pub created_at: Instant,
    /// When and how the user last proved who they are.
    pub assurance: Assurance,
    /// When it became the one that the browser acts in; none for a client that holds tokens, and after a sign-out.
    pub activated_at: Option<Instant>,
    /// Its refresh tokens, if it has any.
    pub refresh: Option<RefreshChain>,
    /// When it was last used; written every few minutes.
    pub last_active_at: Instant,
    /// When it ends, whatever happens.
    pub expires_at: Instant,
    /// Since when it is over.
    pub ended_at: Option<Instant>,
    /// The address it was made from.
    pub ip: Option<String>,
    /// The user agent it was made with.
    pub user_agent: Option<String>,
}

/// How well it is known who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assurance {
    /// When the last proof was given.
    pub authenticated_at: Instant,
    /// By which factors.
    pub methods: Factors,
}

impl Assurance {
    /// Whether a proof was given within `max_age` before `now`. A clock that went back makes no proof fresh (R97).
    pub fn is_fresh(&self, now: Instant, max_age: chrono::Duration) -> bool {
        (now - self.authenticated_at).abs() < max_age
    }
}

impl SignIn {
    /// Whether it may be used at `now`: not ended, not expired, not idle for longer than `idle` (R42). Expiry is
    /// judged at use, whatever a clean-up has or hasn't done.
    pub fn is_live(&self, now: Instant, idle: chrono::Duration) -> bool {
        self.ended_at.is_none() && now < self.expires_at && now < self.last_active_at + idle
    }
}

impl Session {
    /// Whether it may be used at `now`.
    pub fn is_live(&self, now: Instant, idle: chrono::Duration) -> bool {
        now < self.expires_at && now < self.last_seen_at + idle
    }
}
