//! The way into storage: reads that stand alone, and units of work that happen whole or not at all.

use crate::{Attempts, Audit, Challenges, Outbox, Queries, RefreshTokens, Sessions, Users};

/// A database.
pub trait Storage: Send + Sync {
    /// Opens a connection for reads that stand alone, each by itself and as of now. No transaction, no write.
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError>;

    /// Begins a unit of work. It sees its own writes; nobody else does until [`UnitOfWork::commit`].
    ///
    /// On SQLite one unit writes at a time and `begin` waits for its turn. An implementation may let several units share
    /// one sync to disk, as long as `commit` returns only after it.
    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError>;

    /// Whether the database answers and has the schema that this build needs. For readiness (R90).
    fn ready(&self) -> Result<(), StorageError>;
}

/// One transaction as a value. Dropped without [`UnitOfWork::commit`], it never happened.
///
/// Whoever changes an account calls [`Users::lock`] first: that puts all changes of one account, and the links of its
/// audit chain, into one order.
pub trait UnitOfWork {
    /// Accounts and their identifiers.
    fn users(&mut self) -> &mut dyn Users;
    /// Browser sessions and sign-ins.
    fn sessions(&mut self) -> &mut dyn Sessions;
    /// Sign-ups and sign-ins under way.
    fn attempts(&mut self) -> &mut dyn Attempts;
    /// Mailed proofs.
    fn challenges(&mut self) -> &mut dyn Challenges;
    /// Refresh tokens.
    fn refresh_tokens(&mut self) -> &mut dyn RefreshTokens;
    /// The audit trail.
    fn audit(&mut self) -> &mut dyn Audit;
    /// Messages and jobs that wait to leave.
    fn outbox(&mut self) -> &mut dyn Outbox;
    /// Makes everything durable. When it returns `Ok`, a crash of process or machine loses nothing of it (R87).
    fn commit(self: Box<Self>) -> Result<(), StorageError>;
}

/// Why storage did not do it. In every case nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The database cannot be reached, or has no connection to spare. Try again later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// Another writer was in the way (stale version, serialisation failure, deadlock, busy, id collision). Run the unit again.
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
    /// The skeleton of a username.
    PreferredUsername,
    /// The canonical form of a verified identifier.
    Identifier,
}
