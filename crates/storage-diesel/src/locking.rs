//! Row locks, for queries over both databases: PostgreSQL's clauses, and nothing on SQLite, where one unit writes at a
//! time.
//!
//! `FOR NO KEY UPDATE` is the lock of an `UPDATE` that does not change keys: other writers of the row wait, inserts of
//! rows that refer to it do not. With `FOR UPDATE` these wait too: it is for rows that are to be deleted.

use diesel::{
    QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sqlite::Sqlite,
};

use crate::connection::{AnyConnection, MultiBackend};

/// A query whose rows are locked until the unit ends.
#[derive(Clone, Copy, Debug, QueryId)]
pub(crate) struct Locked<Q, M> {
    query: Q,
    mode: M,
}

/// Waits for other locks on the rows; does not block inserts of rows that refer to them.
#[derive(Clone, Copy, Debug, QueryId)]
pub(crate) struct NoKey;

/// The same for the rows of `users` alone, in a query that joins others.
#[derive(Clone, Copy, Debug, QueryId)]
pub(crate) struct NoKeyOfUsers;

/// Skips rows that are locked.
#[derive(Clone, Copy, Debug, QueryId)]
pub(crate) struct SkipLocked;

/// Adds a lock to a query.
pub(crate) trait LockDsl: Sized {
    /// Locks the rows, after a wait if necessary; does not block inserts of rows that refer to them.
    fn locked_no_key(self) -> Locked<Self, NoKey> {
        Locked { query: self, mode: NoKey }
    }

    /// Locks the rows of `users` in a join, and does not block inserts of rows that refer to them: to lock and read an
    /// account in one prepared statement.
    ///
    /// Only the locked row is certain to be current. A READ COMMITTED statement takes its snapshot when it starts; if
    /// it then waits for the lock, PostgreSQL reads that row again and evaluates the query with it, but takes the rows
    /// of the other tables from the old snapshot. So values that must agree with the account are columns of its row (a
    /// version, the end of its audit chain), or are read by another statement after this one.
    fn locked_no_key_of_users(self) -> Locked<Self, NoKeyOfUsers> {
        Locked { query: self, mode: NoKeyOfUsers }
    }

    /// Locks the rows that are not locked, and skips the others.
    fn locked_unless_held(self) -> Locked<Self, SkipLocked> {
        Locked { query: self, mode: SkipLocked }
    }
}

impl<Q: Query> LockDsl for Q {}

impl<Q: Query, M> Query for Locked<Q, M> {
    type SqlType = Q::SqlType;
}

impl<Q, M> RunQueryDsl<AnyConnection> for Locked<Q, M> {}

impl<Q, M> QueryFragment<MultiBackend> for Locked<Q, M>
where
    Q: QueryFragment<MultiBackend>,
    M: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        MultiBackend::walk_variant_ast(&self.mode, out)
    }
}

macro_rules! only_on_postgres {
    ($($mode:ty: $sql:literal),+ $(,)?) => {$(
        impl QueryFragment<Pg> for $mode {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }

        impl QueryFragment<Sqlite> for $mode {
            fn walk_ast<'b>(&'b self, _out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                Ok(())
            }
        }
    )+};
}

only_on_postgres! {
    NoKey: " FOR NO KEY UPDATE",
    NoKeyOfUsers: " FOR NO KEY UPDATE OF users",
    SkipLocked: " FOR UPDATE SKIP LOCKED",
}
