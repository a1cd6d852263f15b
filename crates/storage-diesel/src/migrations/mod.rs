//! The versions of the schema: those of this build, those of the database, and in [`run`] the migration.

mod run;

use diesel::{
    QueryResult, RunQueryDsl,
    backend::Backend,
    migration::{MigrationName, MigrationSource},
    pg::Pg,
    sql_query,
    sql_types::{Bool, Text},
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use selfsame_ports::SchemaState;

pub(crate) use self::run::{run_on_postgres, run_on_sqlite};
use crate::connection::AnyConnection;

pub(crate) const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
pub(crate) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Compares and changes nothing; it needs no right to create tables.
pub(crate) fn state(connection: &mut AnyConnection) -> QueryResult<SchemaState> {
    let applied = applied(connection)?;
    let known = match connection {
        AnyConnection::Postgres(_) => known::<Pg>(&POSTGRES)?,
        AnyConnection::Sqlite(_) => known::<Sqlite>(&SQLITE)?,
    };
    Ok(compare(&applied, &known))
}

/// One migration of this build.
struct Known {
    version: String,
    name: String,
}

fn compare(applied: &[String], known: &[Known]) -> SchemaState {
    let is_known = |version: &String| known.iter().any(|known| known.version == *version);
    let newer: Vec<String> = applied.iter().filter(|version| !is_known(version)).cloned().collect();
    let pending = known.iter().filter(|known| !applied.contains(&known.version));
    let pending: Vec<String> = pending.map(|known| known.name.clone()).collect();
    match (newer.is_empty(), pending.is_empty()) {
        (false, _) => SchemaState::Newer(newer),
        (true, true) => SchemaState::Current,
        (true, false) => SchemaState::Pending(pending),
    }
}

/// In order.
fn known<DB: Backend>(source: &impl MigrationSource<DB>) -> QueryResult<Vec<Known>> {
    let migrations = source.migrations().map_err(diesel::result::Error::QueryBuilderError)?;
    let known = |name: &dyn MigrationName| Known { version: name.version().to_string(), name: name.to_string() };
    let mut all: Vec<Known> = migrations.iter().map(|migration| known(migration.name())).collect();
    all.sort_unstable_by(|one, other| one.version.cmp(&other.version));
    Ok(all)
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

/// The versions that were run, in order; none on an empty database.
pub(crate) fn applied(connection: &mut AnyConnection) -> QueryResult<Vec<String>> {
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
