//! Browser sessions and sign-ins, inside a unit of work.

use selfsame_domain::{Instant, Session, SessionId, SignIn, SignInId, TokenHash, UserId};

use crate::StorageError;

/// The sessions and the sign-ins.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Sessions {
    /// Adds a browser session under the hash of its cookie.
    fn insert(&mut self, session: &Session, token: &TokenHash) -> Result<(), StorageError>;
    /// The session, locked against other units until this one ends. Expired ones are found too.
    fn lock(&mut self, id: SessionId) -> Result<Option<Session>, StorageError>;
    /// Gives the session another cookie; the earlier one is dead (R40).
    fn replace_token(&mut self, id: SessionId, token: &TokenHash) -> Result<(), StorageError>;
    /// Writes the active sign-in and `last_seen_at`.
    fn save(&mut self, session: &Session) -> Result<(), StorageError>;
    /// Adds a sign-in.
    fn insert_sign_in(&mut self, sign_in: &SignIn) -> Result<(), StorageError>;
    /// The sign-in, ended or not, locked against other units until this one ends.
    fn lock_sign_in(&mut self, id: SignInId) -> Result<Option<SignIn>, StorageError>;
    /// The sign-ins of a session that have not been ended, oldest first.
    fn sign_ins(&mut self, session: SessionId) -> Result<Vec<SignIn>, StorageError>;
    /// Says that a sign-in is in use.
    fn touch_sign_in(&mut self, id: SignInId, now: Instant) -> Result<(), StorageError>;
    /// Ends a sign-in, and with it its refresh chain. `false` if it was over already.
    fn end_sign_in(&mut self, id: SignInId, now: Instant) -> Result<bool, StorageError>;
    /// Ends every sign-in of an account but one; answers how many.
    fn end_sign_ins_of(&mut self, user: UserId, except: Option<SignInId>, now: Instant) -> Result<usize, StorageError>;
    /// Removes sessions and sign-ins that ended or expired before an instant; answers how many rows went.
    fn purge(&mut self, before: Instant) -> Result<usize, StorageError>;
}
