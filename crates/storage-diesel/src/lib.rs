//! [`Storage`](selfsame_ports::Storage), [`Schema`](selfsame_ports::Schema) and [`RateLimits`](selfsame_ports::RateLimits) on
//! SQLite and PostgreSQL, by diesel.
//!
//! | file | what it holds |
//! |---|---|
//! | `options`, `sqlite`, `postgres`, `pool` | how a database is reached, and what is in force on every connection |
//! | `connection` | the one type over both databases; nothing else branches on which it is, save `locking`, `migrations` and the macro beside it |
//! | `migrations` | which schema there is, and how it gets newer; the SQL is in `/migrations`, under the same names for both |
//! | `storage`, `unit`, `queries` | the port: a unit of work as a value, and reads of one statement each |
//! | `transaction`, `writer` | what a unit is made of: a connection of its own on PostgreSQL; on SQLite a turn, and one sync to disk for all units that queue up |
//! | `accounts` (with `identifiers`), `sessions`, `proofs`, `audit`, `outbox` | one repository each, all implemented by the unit |
//! | `database` | the door for other adapters that keep their tables in the same database |
//! | `schema`, `sql_types`, `rows`, `words` | tables, and the way from and to the domain |
//! | `locking`, `prepared` | two wrappers of queries: row locks, and texts that never vary |
//! | `error` | what a driver's error means to the core |
//! | [`statements`] | who wants to know which statements were run |
//!
//! Queries are written once, against the enum of both connections, and prepared once per connection. A table has at most
//! 32 columns: diesel's support for more costs a minute of every build.
//!
#![doc = include_str!("../README.md")]
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod accounts;
mod audit;
mod connection;
mod database;
mod error;
mod identifiers;
mod locking;
mod migrations;
mod options;
mod outbox;
mod pool;
mod postgres;
mod prepared;
mod proofs;
mod queries;
mod rate_limits;
mod rows;
mod schema;
mod sessions;
mod sql_types;
mod sqlite;
pub mod statements;
mod storage;
mod transaction;
mod unit;
mod words;
mod writer;

pub use connection::AnyConnection;
pub use database::Database;
pub use error::ConnectError;
pub use options::DatabaseOptions;
pub use storage::DieselStorage;
