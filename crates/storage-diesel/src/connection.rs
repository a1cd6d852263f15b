//! One connection type over both databases. It has its own file, because the derive generates a whole backend.

use diesel::{PgConnection, SqliteConnection};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// To PostgreSQL, or a database with its protocol.
    Postgres(PgConnection),
    /// To a SQLite file.
    Sqlite(SqliteConnection),
}

/// Compiles one statement for each database, where diesel has no common form (`ON CONFLICT`).
macro_rules! on_backend {
    ($connection:expr, |$each:ident| $body:expr) => {
        match $connection {
            $crate::connection::AnyConnection::Postgres($each) => $body,
            $crate::connection::AnyConnection::Sqlite($each) => $body,
        }
    };
}
pub(crate) use on_backend;
