//! Access to storage: single reads, and units of work, which are atomic.
//!
//! # Requirements for every implementation
//! * **One failure ends the unit.** After a statement of a unit has failed, every further one, `commit` too, fails with
//!   [`StorageError::Internal`]. The unit can only be dropped, and run again if the failure was a [`StorageError::Conflict`].
//! * **Conflicts.** A stale version, a deadlock, a failed lock or serialisation; a reference to a row that was removed (a
//!   foreign-key violation); an id or a token that collides with an existing one. Each may succeed when the unit is run
//!   again with new ids.
//! * **Reads see committed data only.** The changes of a unit are visible to [`Storage::read`] as soon as it is committed. A
//!   unit itself may read changes of another unit that is not on disk yet, so its reads are certain only when `commit` has
//!   returned `Ok`. Nothing is returned to a caller before that.
//! * **A commit is durable** when it returns `Ok` (R87), together with everything that it may have read.
//!
//! # Requirements for every caller
//! * Units are short. On SQLite no other unit can write or finish its commit meanwhile: hash passwords, decode pictures and
//!   send mail before or after it, and never wait inside it for another thread.
//! * One unit at a time on a thread, and no call of [`crate::RateLimits`] inside it: both would wait for the unit. On SQLite
//!   such a call fails with [`StorageError::Internal`].

use crate::{
    Accounts, Audit, Consents, Devices, Exports, ExternalIdentities, IdempotencyKeys, Outbox, Passkeys, Proofs,
    Queries, SecondFactors, Sessions, UndoPoints, WebhookEvents,
};

/// A database.
pub trait Storage: Send + Sync {
    /// Opens a connection for single reads. No transaction, no write.
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError>;

    /// Begins a unit of work. It sees its own writes; nobody else does until [`UnitOfWork::commit`].
    ///
    /// An implementation may begin the transaction with the first statement, so that a unit without statements costs
    /// nothing. Where one unit writes at a time, `begin` or that statement waits for its turn, and fails with
    /// [`StorageError::Unavailable`] after too long a wait. Units that wait may share one sync to disk.
    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError>;

    /// Whether the database answers and has the schema that this build needs. For readiness (R90).
    fn ready(&self) -> Result<(), StorageError>;
}

/// One transaction as a value. If it is dropped without [`UnitOfWork::commit`], it is rolled back.
///
/// Before a change of an account call [`Accounts::lock`], or let [`Accounts::save`] detect a concurrent change: both
/// serialise the changes of one account and the records of its audit chain.
pub trait UnitOfWork {
    /// Accounts, with identifiers, passwords and attributes.
    fn accounts(&mut self) -> &mut dyn Accounts;
    /// Browser sessions and sign-ins.
    fn sessions(&mut self) -> &mut dyn Sessions;
    /// Attempts, mailed proofs and tickets.
    fn proofs(&mut self) -> &mut dyn Proofs;
    /// Authenticator apps and backup codes.
    fn second_factors(&mut self) -> &mut dyn SecondFactors;
    /// Passkeys.
    fn passkeys(&mut self) -> &mut dyn Passkeys;
    /// Remembered devices, and the origins of sign-ins.
    fn devices(&mut self) -> &mut dyn Devices;
    /// What users have allowed applications.
    fn consents(&mut self) -> &mut dyn Consents;
    /// Identities of other issuers.
    fn external_identities(&mut self) -> &mut dyn ExternalIdentities;
    /// Points to which accounts can be brought back.
    fn undo_points(&mut self) -> &mut dyn UndoPoints;
    /// The audit trail.
    fn audit(&mut self) -> &mut dyn Audit;
    /// Exports of accounts.
    fn exports(&mut self) -> &mut dyn Exports;
    /// Messages and jobs to be processed.
    fn outbox(&mut self) -> &mut dyn Outbox;
    /// Idempotency keys.
    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys;
    /// Events that are kept for a replay.
    fn webhook_events(&mut self) -> &mut dyn WebhookEvents;
    /// Commits the unit. After `Ok` a crash of process or machine loses nothing of it (R87).
    ///
    /// After [`StorageError::Unavailable`] it is not known whether it was committed, because the connection may have
    /// broken before the response. After any other error it was not.
    fn commit(self: Box<Self>) -> Result<(), StorageError>;
}

/// Why storage failed. Nothing was changed, except as [`UnitOfWork::commit`] documents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The database cannot be reached, or has no connection to spare. Try again later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A conflict with another writer (stale version, serialisation failure, deadlock, busy, removed parent row,
    /// existing id). Run the unit again.
    #[error("another writer was in the way")]
    Conflict,
    /// A unique value belongs to another account.
    #[error("{0:?} is taken")]
    Taken(Unique),
    /// The schema is older or newer than this build, or partly migrated.
    #[error("the schema is not the one this build needs: {0}")]
    Schema(String),
    /// An internal fault: a statement that cannot work, a row that cannot be read.
    #[error("storage failed: {0}")]
    Internal(String),
}

/// The values that are unique over all accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// A skeleton of a username.
    PreferredUsername,
    /// The canonical form of a verified identifier.
    Identifier,
    /// The credential id of a passkey.
    Passkey,
}
