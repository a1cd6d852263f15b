//! One connection type over both databases. Alone in this file, because the derive writes a whole backend.

use diesel::{PgConnection, SqliteConnection};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// To PostgreSQL, or what speaks like it.
    Postgres(PgConnection),
    /// To a SQLite file.
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
