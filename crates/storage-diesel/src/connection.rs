//! One connection type over both databases. Alone in this file, because the derive writes a whole backend.

#![expect(unreachable_pub, reason = "the derive makes more than it documents")]

use diesel::{PgConnection, SqliteConnection};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Writes a statement once and compiles it for each database, for what diesel cannot say over both (`ON CONFLICT`).
macro_rules! on_backend {
    ($connection:expr, |$each:ident| $body:expr) => {
        match $connection {
            $crate::connection::AnyConnection::Postgres($each) => $body,
            $crate::connection::AnyConnection::Sqlite($each) => $body,
        }
    };
}
pub(crate) use on_backend;
