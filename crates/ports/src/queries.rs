//! Reads that stand alone.

use selfsame_domain::{
    Action, Attempt, AttemptId, AuditRecord, IdentifierKind, Instant, Session, SessionId, SignIn, SignInId, TokenHash,
    User, UserId,
};

use crate::StorageError;

/// A browser session with all that a caller is judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionState {
    /// The browser.
    pub session: Session,
    /// Its sign-ins that have not been ended, oldest first, each with its account. Whether one is live is for the caller to judge.
    pub sign_ins: Vec<(SignIn, User)>,
    /// Whether any attempt of this session is neither completed nor expired at the instant asked about.
    pub has_open_attempts: bool,
}

/// One connection for reading. Each method is one statement.
pub trait Queries {
    /// The session that a cookie names, sign-ins and accounts included. Expired ones are found too.
    fn session(&mut self, token: &TokenHash, now: Instant) -> Result<Option<SessionState>, StorageError>;
    /// A sign-in, ended or not, with its account.
    fn sign_in(&mut self, id: SignInId) -> Result<Option<(SignIn, User)>, StorageError>;
    /// The account with this id.
    fn user(&mut self, id: UserId) -> Result<Option<User>, StorageError>;
    /// The account that has proven this canonical address or number; if none has, the one that claimed it last.
    fn user_by_identifier(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<User>, StorageError>;
    /// The account that claimed this canonical address or number last without having proven it, whoever else has.
    fn unproven_claim(&mut self, kind: IdentifierKind, canonical: &str) -> Result<Option<User>, StorageError>;
    /// Up to `limit` accounts in ascending order of their ids, beginning after an id.
    fn list_users(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<User>, StorageError>;
    /// The account with this canonical username.
    fn user_by_username(&mut self, canonical: &str) -> Result<Option<User>, StorageError>;
    /// Attempts of a session that are neither completed nor expired, oldest first.
    fn open_attempts(&mut self, session: SessionId, now: Instant) -> Result<Vec<Attempt>, StorageError>;
    /// One attempt, in whatever state.
    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StorageError>;
    /// The attempt that a temporary token goes on with, in whatever state.
    fn attempt_by_token(&mut self, token: &TokenHash) -> Result<Option<Attempt>, StorageError>;
    /// How many sign-ins of an account are neither ended nor past `expires_at`.
    fn count_live_sign_ins(&mut self, user: UserId, now: Instant) -> Result<i64, StorageError>;
    /// How often something happened to an account.
    fn count_events(&mut self, user: UserId, action: Action) -> Result<i64, StorageError>;
    /// The whole audit chain of an account, in order.
    fn audit_trail(&mut self, user: UserId) -> Result<Vec<AuditRecord>, StorageError>;
}
