//! [`Storage`](selfsame_ports::Storage), [`Schema`](selfsame_ports::Schema) and [`RateLimits`](selfsame_ports::RateLimits) on
//! SQLite and PostgreSQL, by diesel.
//!
//! | file | content |
//! |---|---|
//! | `options`, `parameters`, `sqlite`, `postgres`, `pool` | connections and their settings |
//! | `connection` | the connection type over both databases; only `locking`, `migrations` and the macro beside it branch on the database |
//! | `migrations` | the version of the schema, and its migration; the SQL is in `/migrations`, under the same names for both |
//! | `storage`, `unit`, `queries` | the port: a unit of work as a value, and reads of one statement each |
//! | `transaction`, `writer` | the transaction of a unit: a connection of its own on PostgreSQL; on SQLite a turn, and one sync to disk for all waiting units |
//! | `accounts` (with `identifiers` and `username_holds`), `sessions`, `proofs`, `second_factors`, `passkeys`, `exports`, `undo_points`, `audit`, `outbox`, `webhook_events` | one repository each, all implemented by the unit |
//! | `database` | access for other adapters that have tables in the same database |
//! | `schema`, `sql_types`, `rows`, `stored_values` | tables, and conversions from and to the domain |
//! | `locking`, `prepared` | two wrappers of queries: row locks, and prepared statements |
//! | `error` | maps driver errors to errors of the port |
//! | [`backup`] | copies of a SQLite database |
//! | [`statements`] | records the statements that were run |
//!
//! Queries are written once, against the enum of both connections, and prepared once per connection. A table has at most
//! 32 columns: diesel's support for more costs a minute of every build.
//!
#![doc = include_str!("../README.md")]
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod accounts;
mod audit;
pub mod backup;
mod connection;
mod consents;
mod database;
mod devices;
mod error;
mod exports;
mod external_identities;
mod idempotency_keys;
mod identifiers;
mod locking;
mod migrations;
mod options;
mod outbox;
mod parameters;
mod passkeys;
mod pool;
mod postgres;
mod prepared;
mod proofs;
mod queries;
mod rate_limits;
mod rows;
mod schema;
mod second_factors;
mod sessions;
mod sql_types;
mod sqlite;
pub mod statements;
mod storage;
mod stored_values;
mod transaction;
mod undo_points;
mod unit;
mod username_holds;
mod webhook_events;
mod writer;

pub use connection::AnyConnection;
pub use database::Database;
pub use error::ConnectError;
pub use options::DatabaseOptions;
pub use storage::DieselStorage;
