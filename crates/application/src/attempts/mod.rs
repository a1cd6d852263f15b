//! Attempts: who holds a sign-up or sign-in in progress, and what the client gets when it is completed.

pub mod read;
pub mod renew;
pub mod send_proof;
pub mod text;
pub mod verify;

use std::time::Duration;

use selfsame_domain::{Attempt, AttemptId, EmailAddress, OpaqueToken, Session, SessionId, SignIn, User};
use selfsame_ports::StorageError;

use crate::{Core, core::Work};

/// The client that goes through a sign-up or sign-in.
#[derive(Clone, Debug)]
pub enum Holder {
    /// A browser with the cookie that it sent, if any. It gets a new one.
    Browser(Option<OpaqueToken>),
    /// A client that keeps tokens.
    Tokens {
        /// Life of its access tokens.
        access_ttl: Duration,
    },
}

/// With what the client continues the attempt.
#[derive(Clone, Debug)]
pub enum Handle {
    /// The current cookie.
    Cookie(OpaqueToken),
    /// A temporary token.
    Temporary(OpaqueToken),
}

/// What the client holds after the sign-in.
#[derive(Clone, Debug)]
pub enum Access {
    /// A new cookie; the earlier one is invalid (R40).
    Cookie(OpaqueToken),
    /// Access and refresh token.
    Tokens(TokenSet),
}

/// Access and refresh token.
#[derive(Clone, Debug)]
pub struct TokenSet {
    /// Signed, short-lived.
    pub access_token: AccessToken,
    /// Opaque, single use.
    pub refresh_token: OpaqueToken,
}

/// A signed access token. `Debug` is masked.
#[derive(Clone)]
pub struct AccessToken {
    /// The token itself.
    pub token: String,
    /// From now to its `exp`.
    pub expires_in: Duration,
    /// Its `exp`.
    pub expires_at: selfsame_domain::Instant,
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccessToken(***, until {})", self.expires_at)
    }
}

/// A completed sign-in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The user.
    pub user: User,
    /// The new sign-in.
    pub sign_in: SignIn,
    /// The client's credentials.
    pub access: Access,
    /// The attempt that was completed by it.
    pub attempt: Attempt,
}

/// How a client names its attempt.
#[derive(Clone, Debug)]
pub enum AttemptRef {
    /// By id, from the browser session that made it.
    Held {
        /// The attempt.
        id: AttemptId,
        /// The browser's cookie.
        cookie: Option<OpaqueToken>,
    },
    /// By the temporary token.
    Temporary(OpaqueToken),
    /// By the temporary token and the address that it was issued for; both must match.
    TemporaryFor {
        /// The temporary token.
        token: OpaqueToken,
        /// The address, as typed.
        email: String,
    },
}

impl Core {
    /// The attempt, if it is the client's and still open. Another client's attempt is treated as unknown (R62).
    pub(crate) fn open_attempt(&self, named: &AttemptRef) -> Result<Option<Attempt>, StorageError> {
        let now = self.clock.now();
        let attempt = match named {
            AttemptRef::Temporary(token) => self.storage.read()?.attempt_by_token(&token.hash())?,
            AttemptRef::TemporaryFor { token, email } => self
                .storage
                .read()?
                .attempt_by_token(&token.hash())?
                .filter(|attempt| attempt.email.as_deref().is_some_and(|own| is_same_address(own, email))),
            AttemptRef::Held { id, cookie } => {
                let Some(session) = self.stored_session(cookie.as_ref())? else {
                    return Ok(None);
                };
                self.storage.read()?.attempt(*id)?.filter(|attempt| attempt.session_id == Some(session.id))
            }
        };
        Ok(attempt.filter(|attempt| attempt.is_open(now)))
    }

    /// The live session of the holder's cookie, if it has a row.
    pub(crate) fn session_of(&self, holder: &Holder) -> Result<Option<Session>, StorageError> {
        match holder {
            Holder::Browser(cookie) => self.stored_session(cookie.as_ref()),
            Holder::Tokens { .. } => Ok(None),
        }
    }

    /// The live session that a cookie names, if it has a row.
    pub(crate) fn stored_session(&self, cookie: Option<&OpaqueToken>) -> Result<Option<Session>, StorageError> {
        let Some(cookie) = cookie else { return Ok(None) };
        let now = self.clock.now();
        let state = self.storage.read()?.session(&cookie.hash(), now, false)?;
        Ok(state.map(|state| state.session).filter(|session| session.is_live(now, self.policy.idle)))
    }

    /// Gives a new attempt its holder: a session with a row, or a temporary token.
    pub(crate) fn hold(
        &self,
        work: &mut Work<'_>,
        holder: &Holder,
        session: Option<&Session>,
    ) -> Result<Held, StorageError> {
        match (holder, session) {
            (Holder::Tokens { .. }, _) => {
                let token = self.token();
                Ok(Held { session_id: None, token_hash: Some(token.hash()), handle: Handle::Temporary(token) })
            }
            (Holder::Browser(Some(cookie)), Some(session)) => {
                Ok(Held { session_id: Some(session.id), token_hash: None, handle: Handle::Cookie(cookie.clone()) })
            }
            (Holder::Browser(_), _) => {
                let (session, cookie) = self.insert_session(work)?;
                Ok(Held { session_id: Some(session.id), token_hash: None, handle: Handle::Cookie(cookie) })
            }
        }
    }

    /// A browser session with a row.
    pub(crate) fn insert_session(&self, work: &mut Work<'_>) -> Result<(Session, OpaqueToken), StorageError> {
        let now = self.clock.now();
        let session =
            Session { id: self.id(), created_at: now, last_seen_at: now, expires_at: now + self.policy.absolute };
        let cookie = self.token();
        work.sessions().insert(&session, &cookie.hash())?;
        Ok((session, cookie))
    }
}

fn is_same_address(one: &str, other: &str) -> bool {
    match (EmailAddress::parse(one), EmailAddress::parse(other)) {
        (Ok(one), Ok(other)) => one.canonical() == other.canonical(),
        _ => false,
    }
}

/// Where an attempt is held, and with what its client continues it.
pub(crate) struct Held {
    pub(crate) session_id: Option<SessionId>,
    pub(crate) token_hash: Option<selfsame_domain::TokenHash>,
    pub(crate) handle: Handle,
}
