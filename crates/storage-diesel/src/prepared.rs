//! Statements with a constant text: the text is made once per process, and prepared once per connection.
//!
//! diesel prepares every `UPDATE` again, because the columns of a changeset may vary, which on PostgreSQL is one more
//! round trip. With the enum of both connections it also generates the text of a query at every use, which for a join
//! of fifty columns costs more than running it. [`prepared!`] declares that the statement at one place in the code
//! always has the same text. A debug build checks that at every use.

use std::sync::OnceLock;

use diesel::{
    QueryResult, RunQueryDsl,
    backend::Backend,
    internal::derives::multiconnection::AstPassHelper as _,
    pg::Pg,
    query_builder::{AstPass, Query, QueryBuilder as _, QueryFragment, QueryId},
    sqlite::Sqlite,
};

use crate::connection::MultiBackend;

/// A statement with a constant text and varying values.
#[derive(Clone, Copy, QueryId)]
pub(crate) struct Prepared<Q> {
    statement: Q,
    place: &'static Place,
}

impl<Q> Prepared<Q> {
    /// Use [`prepared!`].
    pub(crate) fn new(statement: Q, place: &'static Place) -> Self {
        Self { statement, place }
    }
}

/// The text of one statement, for each database.
pub(crate) type Place = [OnceLock<String>; 2];

/// Declares that this statement has the same text whenever this place in the code is reached: no lists of varying
/// length, no optional parts.
macro_rules! prepared {
    ($statement:expr) => {{
        static PLACE: $crate::prepared::Place = [const { std::sync::OnceLock::new() }; 2];
        $crate::prepared::Prepared::new($statement, &PLACE)
    }};
}
pub(crate) use prepared;

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for Prepared<Q> {}

impl<Q, DB> QueryFragment<DB> for Prepared<Q>
where
    DB: Dialect,
    Q: QueryFragment<DB>,
{
    /// Walks the statement only to collect values; otherwise uses the stored text.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if out.bind_collector().is_some() || out.debug_binds().is_some() {
            return self.statement.walk_ast(out);
        }
        out.push_sql(self.text(out.backend())?);
        Ok(())
    }
}

impl<Q> Prepared<Q> {
    fn text<DB>(&self, backend: &DB) -> QueryResult<&'static str>
    where
        DB: Dialect,
        Q: QueryFragment<DB>,
    {
        let written = || {
            let mut builder = backend.builder();
            self.statement.to_sql(&mut builder, backend).map(|()| builder.finish())
        };
        let kept = &self.place[backend.number()];
        if let Some(text) = kept.get() {
            debug_assert_eq!(written().as_ref(), Ok(text), "a prepared statement varies");
            return Ok(text);
        }
        let text = written()?;
        Ok(kept.get_or_init(|| text))
    }
}

/// A backend that can generate the text of a statement.
pub(crate) trait Dialect: Backend {
    /// Its index among the texts of a statement.
    fn number(&self) -> usize;
    /// For a text that stands alone.
    fn builder(&self) -> Self::QueryBuilder;
}

impl Dialect for Pg {
    fn number(&self) -> usize {
        0
    }

    fn builder(&self) -> Self::QueryBuilder {
        Self::QueryBuilder::default()
    }
}

impl Dialect for Sqlite {
    fn number(&self) -> usize {
        1
    }

    fn builder(&self) -> Self::QueryBuilder {
        Self::QueryBuilder::default()
    }
}

impl Dialect for MultiBackend {
    fn number(&self) -> usize {
        match self {
            Self::Postgres(backend) => backend.number(),
            Self::Sqlite(backend) => backend.number(),
        }
    }

    fn builder(&self) -> Self::QueryBuilder {
        type Builder = <MultiBackend as Backend>::QueryBuilder;
        match self {
            Self::Postgres(backend) => Builder::Postgres(backend.builder()),
            Self::Sqlite(backend) => Builder::Sqlite(backend.builder()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use diesel::{
        SqliteConnection,
        connection::{InstrumentationEvent, SimpleConnection as _},
        prelude::*,
    };

    use crate::{connection::AnyConnection, schema::rate_limits};

    /// A connection with an empty table, and the number of its cached prepared statements.
    fn connection() -> (AnyConnection, Arc<AtomicUsize>) {
        let mut connection = AnyConnection::Sqlite(SqliteConnection::establish(":memory:").unwrap());
        connection.batch_execute("CREATE TABLE rate_limits (key BLOB, theoretical_arrival INTEGER)").unwrap();
        let prepared = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&prepared);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
        (connection, prepared)
    }

    #[test]
    fn an_update_is_prepared_once_and_takes_the_values_of_each_call() {
        let (mut connection, prepared) = connection();
        let row = (rate_limits::key.eq(b"key".as_slice()), rate_limits::theoretical_arrival.eq(0));
        diesel::insert_into(rate_limits::table).values(row).execute(&mut connection).unwrap();
        let before = prepared.load(Ordering::Relaxed);
        for arrival in 1..=3 {
            let update = diesel::update(rate_limits::table).set(rate_limits::theoretical_arrival.eq(arrival));
            assert_eq!(prepared!(update).execute(&mut connection), Ok(1));
            let stored = rate_limits::table.select(rate_limits::theoretical_arrival).get_result(&mut connection);
            assert_eq!(stored, Ok(arrival));
        }
        let of_the_select = 1;
        assert_eq!(prepared.load(Ordering::Relaxed) - before, 1 + of_the_select);
    }

    #[test]
    #[should_panic(expected = "a prepared statement varies")]
    fn a_statement_that_varies_is_found_out() {
        let (mut connection, _) = connection();
        for keys in [vec![b"a".as_slice()], vec![b"a".as_slice(), b"b".as_slice()]] {
            let delete = diesel::delete(rate_limits::table.filter(rate_limits::key.eq_any(keys)));
            prepared!(delete).execute(&mut connection).unwrap();
        }
    }
}
