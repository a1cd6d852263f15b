//! The schema's versions: which this build knows, which the database has, and how it gets the rest.

use std::time::Duration;

use diesel::{
    Connection, PgConnection, QueryResult, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    migration::{Migration, MigrationSource},
    pg::Pg,
    sql_query,
    sql_types::{Bool, Text},
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use selfsame_ports::StorageError;

use crate::{
    connection::{AnyConnection, on_backend},
    postgres::milliseconds,
};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number will do, as long as nobody else locks it.
const ADVISORY_LOCK: i64 = 0x5e1f_5a3e;

/// How long one runner waits for another to finish.
const WAIT_FOR_RUNNER: Duration = Duration::from_mins(1);

/// How the schema of a database compares with what this build needs (R92).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// The very one.
    Current,
    /// So many migrations are still to be run.
    Pending(usize),
    /// It holds migrations that this build does not know: a newer build has been here. By version.
    Newer(Vec<String>),
}

impl SchemaState {
    /// An error unless it is the schema that this build needs.
    pub(crate) fn into_result(self) -> Result<(), StorageError> {
        match self {
            Self::Current => Ok(()),
            Self::Pending(count) => Err(StorageError::Schema(format!("{count} migrations are pending"))),
            Self::Newer(versions) => Err(StorageError::Schema(format!(
                "a newer build has migrated it, to {}",
                versions.last().map_or("", String::as_str)
            ))),
        }
    }
}

/// Compares, and changes nothing: a role without the right to create tables may ask.
pub(crate) fn state(connection: &mut AnyConnection) -> QueryResult<SchemaState> {
    let applied = applied(connection)?;
    let known = known(connection)?;
    let newer: Vec<String> = applied.iter().filter(|version| !known.contains(version)).cloned().collect();
    let pending = known.iter().filter(|version| !applied.contains(version)).count();
    Ok(match (newer.is_empty(), pending) {
        (false, _) => SchemaState::Newer(newer),
        (true, 0) => SchemaState::Current,
        (true, pending) => SchemaState::Pending(pending),
    })
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

#[derive(diesel::QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

fn applied(connection: &mut AnyConnection) -> QueryResult<Vec<String>> {
    let has_table = match connection {
        AnyConnection::Postgres(_) => "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS yes",
        AnyConnection::Sqlite(_) => {
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '__diesel_schema_migrations') AS yes"
        }
    };
    let answer: Answer = sql_query(has_table).get_result(connection)?;
    if !answer.yes {
        return Ok(Vec::new());
    }
    let rows = "SELECT version FROM __diesel_schema_migrations ORDER BY version";
    let rows: Vec<Applied> = sql_query(rows).load(connection)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

fn known(connection: &AnyConnection) -> QueryResult<Vec<String>> {
    fn versions<DB: diesel::backend::Backend>(
        migrations: diesel::migration::Result<Vec<Box<dyn Migration<DB>>>>,
    ) -> QueryResult<Vec<String>> {
        let migrations = migrations.map_err(diesel::result::Error::QueryBuilderError)?;
        Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
    }
    match connection {
        AnyConnection::Postgres(_) => versions::<Pg>(POSTGRES.migrations()),
        AnyConnection::Sqlite(_) => versions::<Sqlite>(SQLITE.migrations()),
    }
}

/// Runs what is pending, each migration in a transaction of its own, with no other runner at work; answers the names.
///
/// PostgreSQL: under an advisory lock, and no statement waits for a table longer than `lock_timeout`, so that a busy table
/// fails the migration instead of stopping everybody behind it. SQLite: this process has the file for itself, and
/// `connection` is the one that writes.
pub(crate) fn run(connection: &mut AnyConnection, lock_timeout: Duration) -> Result<Vec<String>, StorageError> {
    lock(connection, lock_timeout).map_err(|error| crate::error::classify(&error))?;
    if let newer @ SchemaState::Newer(_) = state(connection).map_err(|error| crate::error::classify(&error))? {
        newer.into_result()?;
    }
    on_backend!(connection, |each| each.run()).map_err(|error| StorageError::Schema(error.to_string()))
}

/// The lock goes with the session: on PostgreSQL the connection must be the runner's own.
fn lock(connection: &mut AnyConnection, lock_timeout: Duration) -> QueryResult<()> {
    let AnyConnection::Postgres(connection) = connection else {
        return Ok(());
    };
    connection.batch_execute(&format!(
        "SET statement_timeout = 0; SET lock_timeout = {}; SELECT pg_advisory_lock({ADVISORY_LOCK})",
        milliseconds(WAIT_FOR_RUNNER)
    ))?;
    connection.batch_execute(&format!("SET lock_timeout = {}", milliseconds(lock_timeout)))
}

type RunResult = Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>>;

/// A connection that migrates with its own dialect's files.
trait Runner {
    fn run(&mut self) -> RunResult;
}

impl Runner for PgConnection {
    fn run(&mut self) -> RunResult {
        run_pending(self, POSTGRES)
    }
}

impl Runner for SqliteConnection {
    fn run(&mut self) -> RunResult {
        run_pending(self, SQLITE)
    }
}

fn run_pending<C>(connection: &mut C, source: EmbeddedMigrations) -> RunResult
where
    C: Connection + MigrationHarness<C::Backend>,
    EmbeddedMigrations: MigrationSource<C::Backend>,
{
    let pending = connection.pending_migrations(source)?;
    connection.run_migrations(&pending)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}
