//! Browser sessions and sign-ins, inside a unit of work.

use selfsame_domain::{Instant, RefreshChain, Session, SessionId, SignIn, SignInId, TokenHash, UserId};

use crate::StorageError;

/// The sessions and the sign-ins, whose refresh chains are part of them.
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
    /// Writes `last_seen_at` and `expires_at`.
    fn save(&mut self, session: &Session) -> Result<(), StorageError>;
    /// Adds a sign-in.
    fn insert_sign_in(&mut self, sign_in: &SignIn) -> Result<(), StorageError>;
    /// The sign-ins of a session that have not been ended, oldest first.
    fn sign_ins(&mut self, session: SessionId) -> Result<Vec<SignIn>, StorageError>;
    /// Makes a sign-in the one that its browser acts in: the one of its session that was activated last, also where the clock
    /// stands or went back since (R97). `false` if the account has no such sign-in that has not been ended.
    fn activate(&mut self, user: UserId, id: SignInId, now: Instant) -> Result<bool, StorageError>;
    /// Writes that a sign-in, and the session that it came in, are in use.
    fn touch(
        &mut self,
        user: UserId,
        id: SignInId,
        session: Option<SessionId>,
        now: Instant,
    ) -> Result<(), StorageError>;
    /// Gives a sign-in a new refresh chain; tokens of an earlier one are of no use any more (R21).
    fn start_refresh(&mut self, user: UserId, id: SignInId, chain: &RefreshChain) -> Result<(), StorageError>;
    /// Moves the chain of a sign-in on by one generation, in one conditional statement, and writes that it is in use.
    /// `false` if the chain is not at `chain`'s generation and hash any more, or if the sign-in has been ended (R47).
    fn rotate_refresh(
        &mut self,
        user: UserId,
        id: SignInId,
        chain: &RefreshChain,
        now: Instant,
    ) -> Result<bool, StorageError>;
    /// Ends a sign-in, and with it its refresh chain. In its browser the one that was active before is active again.
    /// `false` if it was over already.
    fn end_sign_in(&mut self, user: UserId, id: SignInId, now: Instant) -> Result<bool, StorageError>;
    /// Ends every sign-in of an account but one; answers how many. In a browser where one of them was active, nobody is then.
    fn end_sign_ins_of(&mut self, user: UserId, except: Option<SignInId>, now: Instant) -> Result<usize, StorageError>;
    /// Removes sessions and sign-ins that ended or expired before an instant, up to `limit` of either; answers how many rows
    /// went. As long as that is not less than `limit`, there may be more.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
