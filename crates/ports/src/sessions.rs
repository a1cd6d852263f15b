//! Browser sessions and sign-ins, inside a unit of work.

use selfsame_domain::{Instant, Session, SessionId, SignIn, SignInId, TokenHash, UserId};

use crate::StorageError;

/// The sessions and the sign-ins.
///
/// A unit that locks several rows does so in one order: accounts by ascending id, the session, its sign-ins, attempts.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Sessions {
    /// Adds a browser session under the hash of its cookie.
    fn insert(&mut self, session: &Session, token: &TokenHash) -> Result<(), StorageError>;
    /// The session, locked against other units until this one ends. Expired ones are found too.
    fn lock(&mut self, id: SessionId) -> Result<Option<Session>, StorageError>;
    /// Gives the session another cookie in place of `old`, which is dead then (R40). `false` if `old` is not its cookie any
    /// more: whoever holds that must not get a new one.
    fn replace_token(&mut self, id: SessionId, old: &TokenHash, new: &TokenHash) -> Result<bool, StorageError>;
    /// Writes the active sign-in, `last_seen_at` and `expires_at`.
    fn save(&mut self, session: &Session) -> Result<(), StorageError>;
    /// Adds a sign-in.
    fn insert_sign_in(&mut self, sign_in: &SignIn) -> Result<(), StorageError>;
    /// The sign-in, ended or not, as it was a moment ago. Tells whose it is, for that account is locked before it.
    fn find_sign_in(&mut self, id: SignInId) -> Result<Option<SignIn>, StorageError>;
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
    /// Removes sessions and sign-ins that ended or expired before an instant, up to `limit` of either; answers how many rows
    /// went. As long as that is not less than `limit`, there may be more.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
