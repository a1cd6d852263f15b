//! Browser sessions and the sign-ins that they hold (R39-R43).

use crate::{Instant, SessionId, SignInId, UserId};

/// A browser: one opaque cookie, any number of sign-ins, at most one of them active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its row.
    pub id: SessionId,
    /// The sign-in that `/me` means.
    pub active_sign_in: Option<SignInId>,
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
    /// When the user proved who they are.
    pub created_at: Instant,
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
