//! Runs pending migrations: each in a transaction of its own, and by one runner at a time.

use std::{error::Error, fmt, time::Duration};

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl, SqliteConnection,
    backend::Backend,
    connection::SimpleConnection,
    migration::{Migration, MigrationConnection, MigrationSource},
    pg::Pg,
    sql_query,
    sql_types::{BigInt, Nullable, Text},
    sqlite::Sqlite,
};
use diesel_migrations::MigrationHarness;
use selfsame_ports::{SchemaState, StorageError};

use super::{POSTGRES, applied, compare, known};
use crate::{connection::AnyConnection, error::classify, postgres::milliseconds};

/// The key of the advisory lock; an arbitrary number that nothing else locks.
const ADVISORY_LOCK: i64 = 0x5e1f_5a3e;

/// How long a runner waits for another one.
const WAIT_FOR_RUNNER: Duration = Duration::from_mins(1);

type AnyError = Box<dyn Error + Send + Sync>;

/// Runs pending migrations and returns their names, under an advisory lock, which ends with the connection. No
/// statement waits for a table longer than `lock_timeout`, so that a busy table fails the migration and does not block
/// others.
pub(crate) fn run_on_postgres(connection: PgConnection, lock_timeout: Duration) -> Result<Vec<String>, StorageError> {
    let mut connection = AnyConnection::Postgres(connection);
    lock(&mut connection, lock_timeout).map_err(|error| classify(&error))?;
    refuse_newer::<Pg>(&mut connection, &POSTGRES)?;
    let AnyConnection::Postgres(mut connection) = connection else { return Ok(Vec::new()) };
    let mut run = || -> Result<Vec<String>, AnyError> {
        let pending = connection.pending_migrations(POSTGRES)?;
        connection.run_migrations(&pending)?;
        Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
    };
    run().map_err(|error| StorageError::Schema(error.to_string()))
}

fn lock(connection: &mut AnyConnection, lock_timeout: Duration) -> QueryResult<()> {
    connection.batch_execute(&format!(
        "SET statement_timeout = 0; SET lock_timeout = {}; SELECT pg_advisory_lock({ADVISORY_LOCK})",
        milliseconds(WAIT_FOR_RUNNER)
    ))?;
    connection.batch_execute(&format!("SET lock_timeout = {}", milliseconds(lock_timeout)))
}

/// Runs pending migrations and returns their names. The connection is used for this only and closed at the end, with
/// its settings. This process is the only one on the file, and the caller has the turn to write.
///
/// Foreign keys are off meanwhile, and are checked at the end of every migration: SQLite can change a table mostly by
/// building it again, and dropping the old one with foreign keys on would delete all rows that refer to it. They cannot
/// be turned off within a transaction, so each migration runs in a transaction that is begun here, whatever its
/// metadata says.
pub(crate) fn run_on_sqlite(
    connection: SqliteConnection,
    source: &impl MigrationSource<Sqlite>,
) -> Result<Vec<String>, StorageError> {
    let mut connection = AnyConnection::Sqlite(connection);
    let applied = refuse_newer(&mut connection, source)?;
    let AnyConnection::Sqlite(mut connection) = connection else { return Ok(Vec::new()) };
    let mut run = || -> Result<Vec<String>, AnyError> {
        connection.batch_execute("PRAGMA foreign_keys = OFF")?;
        connection.setup()?;
        let mut pending = source.migrations()?;
        pending.retain(|migration| !applied.contains(&migration.name().version().to_string()));
        pending.sort_unstable_by_key(|migration| migration.name().version().as_owned());
        pending.iter().map(|migration| run_whole(&mut connection, &**migration)).collect()
    };
    run().map_err(|error| StorageError::Schema(error.to_string()))
}

/// The versions that were run; an error if one of them is not in `source`.
fn refuse_newer<DB: Backend>(
    connection: &mut AnyConnection,
    source: &impl MigrationSource<DB>,
) -> Result<Vec<String>, StorageError> {
    let applied = applied(connection).map_err(|error| classify(&error))?;
    let known = known(source).map_err(|error| classify(&error))?;
    match compare(&applied, &known) {
        newer @ SchemaState::Newer(_) => newer.into_result().map(|()| applied),
        SchemaState::Current | SchemaState::Pending(_) => Ok(applied),
    }
}

/// Runs one migration, checks foreign keys, and records the version, in one transaction.
fn run_whole(connection: &mut SqliteConnection, migration: &dyn Migration<Sqlite>) -> Result<String, AnyError> {
    let name = migration.name().to_string();
    let run = |connection: &mut SqliteConnection| -> Result<(), AnyError> {
        migration.run(connection)?;
        let dangling: Vec<Dangling> =
            sql_query("SELECT \"table\" AS child, rowid AS number, parent FROM pragma_foreign_key_check LIMIT 5")
                .load(connection)?;
        if !dangling.is_empty() {
            let rows: Vec<String> = dangling.iter().map(Dangling::to_string).collect();
            return Err(rows.join(", ").into());
        }
        let record = sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES (?)");
        record.bind::<Text, _>(migration.name().version().to_string()).execute(connection)?;
        Ok(())
    };
    connection.immediate_transaction(run).map_err(|error| format!("{name}: {error}"))?;
    Ok(name)
}

/// A row whose foreign key refers to nothing.
#[derive(QueryableByName)]
struct Dangling {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
    #[diesel(sql_type = Text)]
    parent: String,
}

impl fmt::Display for Dangling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { child, number, parent } = self;
        let number = number.map_or_else(|| "?".to_owned(), |number| number.to_string());
        write!(f, "row {number} of {child} refers to no row of {parent}")
    }
}

#[cfg(test)]
mod tests {
    use diesel::{Connection as _, dsl::sql, migration::MigrationMetadata};

    use super::*;

    /// A migration given as text.
    struct Script(&'static str, &'static str);

    impl Migration<Sqlite> for Script {
        fn run(
            &self,
            connection: &mut dyn diesel::connection::BoxableConnection<Sqlite>,
        ) -> diesel::migration::Result<()> {
            Ok(connection.batch_execute(self.1)?)
        }

        fn revert(&self, _: &mut dyn diesel::connection::BoxableConnection<Sqlite>) -> diesel::migration::Result<()> {
            Ok(())
        }

        fn metadata(&self) -> &dyn MigrationMetadata {
            &Plain
        }

        fn name(&self) -> &dyn diesel::migration::MigrationName {
            self
        }
    }

    struct Plain;

    impl MigrationMetadata for Plain {}

    impl fmt::Display for Script {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl diesel::migration::MigrationName for Script {
        fn version(&self) -> diesel::migration::MigrationVersion<'_> {
            self.0.into()
        }
    }

    struct Scripts(&'static [(&'static str, &'static str)]);

    impl MigrationSource<Sqlite> for Scripts {
        fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<Sqlite>>>> {
            Ok(self.0.iter().map(|(name, sql)| Box::new(Script(name, sql)) as Box<dyn Migration<Sqlite>>).collect())
        }
    }

    const FIRST: (&str, &str) = (
        "1",
        "CREATE TABLE parents (id INTEGER PRIMARY KEY, word TEXT CHECK (word IN ('a')));
         CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE);
         INSERT INTO parents VALUES (1, 'a'), (2, 'a');
         INSERT INTO children VALUES (10, 1), (20, 2);",
    );
    const REBUILD: (&str, &str) = (
        "2",
        "CREATE TABLE new_parents (id INTEGER PRIMARY KEY, word TEXT);
         INSERT INTO new_parents SELECT * FROM parents;
         DROP TABLE parents;
         ALTER TABLE new_parents RENAME TO parents;
         INSERT INTO parents VALUES (3, 'b');",
    );
    const DANGLE: (&str, &str) = ("3", "UPDATE parents SET word = 'c'; DELETE FROM parents WHERE id = 2;");
    const BROKEN: (&str, &str) = ("2", "DROP TABLE children; DROP TABLE nowhere;");

    /// A new file, opened like the server opens it.
    fn file(folder: &tempfile::TempDir) -> SqliteConnection {
        let path = folder.path().join("x.db").to_string_lossy().into_owned();
        let mut connection = SqliteConnection::establish(&path).unwrap();
        connection.batch_execute("PRAGMA foreign_keys = ON").unwrap();
        connection
    }

    fn text(folder: &tempfile::TempDir, query: &str) -> String {
        sql::<Text>(query).get_result(&mut file(folder)).unwrap()
    }

    #[test]
    fn a_migration_that_builds_a_parent_table_anew_keeps_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let ran = run_on_sqlite(file(&folder), &Scripts(&[REBUILD, FIRST])).unwrap();
        assert_eq!(ran, ["1", "2"]);
        assert_eq!(text(&folder, "SELECT group_concat(id || '>' || parent) FROM children"), "10>1,20>2");
        assert_eq!(text(&folder, "SELECT group_concat(id || word) FROM parents"), "1a,2a,3b");
        assert_eq!(text(&folder, "SELECT group_concat(version) FROM __diesel_schema_migrations"), "1,2");
        let orphan = file(&folder).batch_execute("INSERT INTO children VALUES (30, 9)");
        assert!(orphan.unwrap_err().to_string().contains("FOREIGN KEY"), "the key is still in force");
    }

    #[test]
    fn a_migration_that_leaves_a_child_without_its_parent_fails_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let failed = run_on_sqlite(file(&folder), &Scripts(&[FIRST, REBUILD, DANGLE])).unwrap_err();
        let message = "3: row 20 of children refers to no row of parents";
        assert_eq!(failed, StorageError::Schema(message.to_owned()));
        assert_eq!(text(&folder, "SELECT group_concat(id || word) FROM parents"), "1a,2a,3b", "those before it stay");
        assert_eq!(text(&folder, "SELECT group_concat(version) FROM __diesel_schema_migrations"), "1,2");
    }

    #[test]
    fn a_migration_that_fails_half_way_changes_nothing_and_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let failed = run_on_sqlite(file(&folder), &Scripts(&[FIRST, BROKEN])).unwrap_err();
        assert_eq!(failed, StorageError::Schema("2: no such table: nowhere".to_owned()));
        assert_eq!(text(&folder, "SELECT group_concat(id || '>' || parent) FROM children"), "10>1,20>2");
        let again = run_on_sqlite(file(&folder), &Scripts(&[FIRST, REBUILD]));
        assert_eq!(again, Ok(vec!["2".to_owned()]));
    }
}
