//! The way into storage: reads that stand alone, and units of work that happen whole or not at all.
//!
//! # What every implementation keeps
//! * **One failure ends the unit.** After a statement of a unit has failed, every further one fails with
//!   [`StorageError::Internal`], `commit` too. Only dropping it is left, and running the whole unit again where the failure was a
//!   [`StorageError::Conflict`].
//! * **What is a conflict.** A stale version, a deadlock, a lock or a serialisation that failed; a row that refers to another
//!   which somebody has removed (a foreign-key violation); an id or a token that collides with an existing one. All of them
//!   may go well when the unit is run again, with new ids.
//! * **Reads see committed data** and nothing else: what a unit did is visible to [`Storage::read`] after its commit, and
//!   then at once. What a unit itself reads may be of another unit that is not on disk yet; so it is certain when `commit` has
//!   returned `Ok`, and nothing is told to a caller before the unit has ended.
//! * **A commit is on disk** when it returns `Ok` (R87), and everything it may have read is too.
//!
//! # What every caller keeps
//! * A unit is short. On SQLite others can neither write nor finish their commit while one is under way: hash passwords,
//!   decode pictures and send mail before or after it, and never wait inside it for what another thread does.
//! * One unit at a time on a thread, and no call of [`crate::RateLimits`] inside it: both would wait for the unit that is
//!   under way. Such a call fails with [`StorageError::Internal`] on SQLite.

use crate::{Accounts, Audit, Outbox, Proofs, Queries, Sessions};

/// A database.
pub trait Storage: Send + Sync {
    /// Opens a connection for reads that stand alone, each by itself and as of now. No transaction, no write.
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError>;

    /// Begins a unit of work. It sees its own writes; nobody else does until [`UnitOfWork::commit`].
    ///
    /// An implementation may begin with the first statement only: a unit without one costs nothing. Where one unit writes
    /// at a time, `begin` or that statement waits for its turn, and answers [`StorageError::Unavailable`] after too long a
    /// wait. Units that queue up may share one sync to disk.
    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError>;

    /// Whether the database answers and has the schema that this build needs. For readiness (R90).
    fn ready(&self) -> Result<(), StorageError>;
}

/// One transaction as a value. Dropped without [`UnitOfWork::commit`], it never happened.
///
/// Whoever changes an account calls [`Accounts::lock`] first, or relies on [`Accounts::save`] to find out that somebody else
/// was there: either puts all changes of one account, and the links of its audit chain, into one order.
pub trait UnitOfWork {
    /// Accounts, with identifiers, passwords and attributes.
    fn accounts(&mut self) -> &mut dyn Accounts;
    /// Browser sessions and sign-ins.
    fn sessions(&mut self) -> &mut dyn Sessions;
    /// Attempts, mailed proofs and tickets.
    fn proofs(&mut self) -> &mut dyn Proofs;
    /// The audit trail.
    fn audit(&mut self) -> &mut dyn Audit;
    /// Messages and jobs that wait to leave.
    fn outbox(&mut self) -> &mut dyn Outbox;
    /// Makes everything durable. When it returns `Ok`, a crash of process or machine loses nothing of it (R87).
    ///
    /// [`StorageError::Unavailable`] leaves open whether it happened: the connection may have broken between the commit and
    /// its answer. After any other error it did not happen.
    fn commit(self: Box<Self>) -> Result<(), StorageError>;
}

/// Why storage did not do it. Nothing was changed, save what [`UnitOfWork::commit`] says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The database cannot be reached, or has no connection to spare. Try again later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// Another writer was in the way (stale version, serialisation failure, deadlock, busy, a parent row that is gone, an id
    /// that exists). Run the unit again.
    #[error("another writer was in the way")]
    Conflict,
    /// Something that must be unique is somebody else's already.
    #[error("{0:?} is taken")]
    Taken(Unique),
    /// The schema is older or newer than this build, or half migrated.
    #[error("the schema is not the one this build needs: {0}")]
    Schema(String),
    /// A fault of ours: a statement that cannot work, a row that cannot be read.
    #[error("storage failed: {0}")]
    Internal(String),
}

/// What is unique over all accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// A skeleton of a username.
    PreferredUsername,
    /// The canonical form of a verified identifier.
    Identifier,
}
