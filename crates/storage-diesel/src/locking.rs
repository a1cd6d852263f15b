//! `FOR UPDATE`, for queries over both databases: PostgreSQL's words, and nothing on SQLite, where the unit itself is a lock.

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

/// Waits for those who hold the rows.
#[derive(Clone, Copy, Debug, QueryId)]
pub(crate) struct ForUpdate;

/// Leaves out rows that somebody else holds.
#[derive(Clone, Copy, Debug, QueryId)]
pub(crate) struct SkipLocked;

/// Adds a lock to a query over one table.
pub(crate) trait LockDsl: Sized {
    /// Locks the rows, after a wait if need be.
    fn locked(self) -> Locked<Self, ForUpdate> {
        Locked { query: self, mode: ForUpdate }
    }

    /// Locks the rows that nobody else holds.
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
    ForUpdate: " FOR UPDATE",
    SkipLocked: " FOR UPDATE SKIP LOCKED",
}
