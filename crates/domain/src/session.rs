//! Browser sessions and the sign-ins that they hold (R39-R43).

use crate::{AuthorizedClient, Factor, Factors, Instant, RefreshChain, SessionId, SignInId, UserId};

/// A browser session: one opaque cookie and any number of sign-ins. The one that was activated last is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Id of its row.
    pub id: SessionId,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last used; written every few minutes.
    pub last_seen_at: Instant,
    /// When it expires; each sign-in extends it.
    pub expires_at: Instant,
}

/// One account signed in on one client: in a browser session, or without one for a client that holds tokens.
///
/// Its id is the `sid` of its access tokens. When it ends, its cookie use, its tokens and its refresh chain end at
/// once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Id of its row.
    pub id: SignInId,
    /// The browser session that holds it; none for a client that holds tokens.
    pub session_id: Option<SessionId>,
    /// The account it belongs to.
    pub user_id: UserId,
    /// When it was made.
    pub created_at: Instant,
    /// When and how the user last proved who they are.
    pub assurance: Assurance,
    /// When it was made the active one of its browser; none for a client that holds tokens, and after a sign-out.
    pub activated_at: Option<Instant>,
    /// Its refresh tokens, if it has any.
    pub refresh: Option<RefreshChain>,
    /// When it was last used; written every few minutes.
    pub last_active_at: Instant,
    /// When it expires, used or not.
    pub expires_at: Instant,
    /// When it was ended.
    pub ended_at: Option<Instant>,
    /// The IP address that it was made from.
    pub ip: Option<String>,
    /// The user agent that it was made with.
    pub user_agent: Option<String>,
    /// The name that the user gave it.
    pub name: Option<String>,
    /// The application that acts in it and what it may do; none in a sign-in of the user's own.
    pub client: Option<AuthorizedClient>,
}

/// How and when the user was last authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assurance {
    /// When the last proof was made.
    pub authenticated_at: Instant,
    /// By which factors.
    pub methods: Factors,
}

impl Assurance {
    /// Whether the last proof was made within `max_age` before `now`. A clock that was set back makes no proof recent
    /// (R97).
    pub fn is_fresh(&self, now: Instant, max_age: chrono::Duration) -> bool {
        (now - self.authenticated_at).abs() < max_age
    }
}

impl Assurance {
    /// The same after another proof at `now`. A proof by a second factor confirms the earlier ones. A proof by a password
    /// or a mailbox does not confirm a second factor, whose proof may be old.
    #[must_use]
    pub fn proven_again(&self, factor: Factor, now: Instant) -> Self {
        let confirmed = self.methods.iter().filter(|earlier| factor.is_second() || !earlier.is_second());
        Self { authenticated_at: now, methods: Factors::of(confirmed.chain([factor])) }
    }
}

impl SignIn {
    /// Whether it may be used at `now`: not ended, not expired, not idle for longer than `idle` (R42). Expiry is
    /// checked at use and does not depend on purging.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r33_a_password_does_not_renew_the_proof_by_a_second_factor() {
        let now = Instant::from_timestamp(1_800_000_000, 0).unwrap();
        let both = Assurance {
            authenticated_at: now - chrono::Duration::hours(1),
            methods: Factors::of([Factor::Password, Factor::Totp]),
        };
        let renewed = |factor| both.proven_again(factor, now).methods.to_text();
        assert_eq!(renewed(Factor::Password), "pwd");
        assert_eq!(renewed(Factor::Totp), "pwd otp");
        assert_eq!(renewed(Factor::BackupCode), "pwd otp backup_code");
        assert_eq!(both.proven_again(Factor::Totp, now).authenticated_at, now);
    }
}
