//! Browser sessions and sign-ins, inside a unit of work.

use selfsame_domain::{Assurance, Instant, RefreshChain, Session, SessionId, SignIn, SignInId, TokenHash, UserId};

use crate::StorageError;

/// Browser sessions and sign-ins. A refresh chain is part of its sign-in.
///
/// A unit that locks several rows locks them in this order: accounts by ascending id, the session, its sign-ins,
/// attempts.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Sessions {
    /// Adds a browser session under the hash of its cookie.
    fn insert(&mut self, session: &Session, token: &TokenHash) -> Result<(), StorageError>;
    /// The session, locked against other units until this one ends. Expired ones are found too.
    fn lock(&mut self, id: SessionId) -> Result<Option<Session>, StorageError>;
    /// Replaces the session's cookie `old`, which is invalid from then on (R40). `false` if `old` is no longer its
    /// cookie: its holder must not get a new one.
    fn replace_token(&mut self, id: SessionId, old: &TokenHash, new: &TokenHash) -> Result<bool, StorageError>;
    /// Writes `last_seen_at` and `expires_at`.
    fn save(&mut self, session: &Session) -> Result<(), StorageError>;
    /// Adds a sign-in.
    fn insert_sign_in(&mut self, sign_in: &SignIn) -> Result<(), StorageError>;
    /// The sign-ins of a session that have not been ended, oldest first.
    fn sign_ins(&mut self, session: SessionId) -> Result<Vec<SignIn>, StorageError>;
    /// Whether the account has this sign-in and it was not ended. With the account locked it stays so until the unit ends.
    fn is_live(&mut self, user: UserId, id: SignInId) -> Result<bool, StorageError>;
    /// Makes a sign-in the active one of its session: the one that was activated last, also when the clock did not move
    /// or was set back since (R97). `false` if the account has no such sign-in, or it was ended.
    fn activate(&mut self, user: UserId, id: SignInId, now: Instant) -> Result<bool, StorageError>;
    /// Writes the last use of a sign-in and of its session. `false` if the account has no such sign-in, or it was ended.
    fn touch(
        &mut self,
        user: UserId,
        id: SignInId,
        session: Option<SessionId>,
        now: Instant,
    ) -> Result<bool, StorageError>;
    /// Writes when and how the user was last authenticated. `false` if the account has no such sign-in, or it was ended.
    fn set_assurance(&mut self, user: UserId, id: SignInId, assurance: &Assurance) -> Result<bool, StorageError>;
    /// Gives a sign-in a new refresh chain. Tokens of an earlier one become invalid (R21).
    fn start_refresh(&mut self, user: UserId, id: SignInId, chain: &RefreshChain) -> Result<(), StorageError>;
    /// Increments the generation of a chain in one conditional statement, and writes the sign-in's last use. `false` if
    /// the chain is no longer at `chain`'s generation and hash, or if the sign-in was ended (R47).
    fn rotate_refresh(
        &mut self,
        user: UserId,
        id: SignInId,
        chain: &RefreshChain,
        now: Instant,
    ) -> Result<bool, StorageError>;
    /// Ends a sign-in and its refresh chain. In its session the one that was active before becomes active. `false` if
    /// it had ended before.
    fn end_sign_in(&mut self, user: UserId, id: SignInId, now: Instant) -> Result<bool, StorageError>;
    /// Ends every sign-in of an account but one; returns how many. A session whose active one ended has no active
    /// sign-in then. Tokens of the account's identities of other issuers that were issued until `now` are refused, but for the
    /// identity of the sign-in that stays.
    fn end_sign_ins_of(&mut self, user: UserId, except: Option<SignInId>, now: Instant) -> Result<usize, StorageError>;
    /// Ends every sign-in of an account in which an application acts; returns how many.
    fn end_sign_ins_of_client(&mut self, user: UserId, client_id: &str, now: Instant) -> Result<usize, StorageError>;
    /// Sets or removes the name of a sign-in. `false` if the account has no such sign-in, or it was ended.
    fn name_sign_in(&mut self, user: UserId, id: SignInId, name: Option<String>) -> Result<bool, StorageError>;
    /// Removes sessions and sign-ins that ended or expired before an instant, up to `limit` of each; returns the number
    /// of rows. There may be more as long as that is not less than `limit`. The last sign-in of an identity of another issuer is
    /// kept, because its end says which tokens are refused.
    fn purge(&mut self, before: Instant, limit: i64) -> Result<usize, StorageError>;
}
