//! What SQLite can do without this server: one thread that makes one small transaction after another, each synced to disk.

use std::time::{Duration, Instant};

use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection, connection::SimpleConnection as _, sql_query};

/// The settings of the server's own connections that matter to a write.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON; PRAGMA cache_size = -16384";

const TABLES: &str = "
    CREATE TABLE floor_accounts (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, name TEXT, updated_at TEXT) STRICT;
    INSERT INTO floor_accounts VALUES (1, 1, NULL, '');
    CREATE TABLE floor_events (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, details TEXT NOT NULL) STRICT";

const UPDATE: [&str; 2] = [
    "UPDATE floor_accounts SET name = 'Ada', version = version + 1, updated_at = datetime() WHERE id = 1",
    "INSERT INTO floor_events (account, details) VALUES (1, printf('%0200d', 1))",
];

/// Transactions a second, of a change with a record of it.
#[expect(clippy::cast_precision_loss, reason = "seconds do not have that many transactions")]
pub(crate) fn updates_per_second(length: Duration) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = SqliteConnection::establish(folder.path().join("floor.db").to_str().unwrap()).unwrap();
    connection.batch_execute(&format!("{SETTINGS};{TABLES}")).unwrap();
    let (started, mut transactions) = (Instant::now(), 0_u64);
    while started.elapsed() < length {
        connection.batch_execute("BEGIN IMMEDIATE").unwrap();
        for statement in UPDATE {
            sql_query(statement).execute(&mut connection).unwrap();
        }
        connection.batch_execute("COMMIT").unwrap();
        transactions += 1;
    }
    transactions as f64 / started.elapsed().as_secs_f64()
}
