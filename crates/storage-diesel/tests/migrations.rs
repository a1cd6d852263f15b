//! Migrations: the same ones on both databases, each with a way back, run by one at a time (R92).

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::{collections::BTreeSet, fs, path::Path, thread};

use selfsame_ports::{Schema as _, SchemaState, Storage as _, StorageError};
use selfsame_storage_diesel::DieselStorage;
use selfsame_testing::postgres::Postgres;

use support::{behind_its_back, migrated, open, sqlite_url};

/// The names of a database's migrations, in order.
fn names(database: &str) -> Vec<String> {
    let folder = folder().join(database);
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations"))
}

/// Runs a promise on a fresh database of each kind, with no table in it.
fn on_each_empty_database(promise: impl Fn(&str, &str)) {
    promise("sqlite", &sqlite_url(&tempfile::tempdir().unwrap()));
    if let Some(postgres) = Postgres::shared() {
        promise("postgres", &postgres.fresh_database(None).url);
    }
}

fn pretend_that_a_newer_build_was_here(url: &str) {
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
    behind_its_back(url, newer).unwrap();
}

#[test]
fn both_databases_have_the_same_migrations_and_each_a_way_back() {
    let names = [names("sqlite"), names("postgres")];
    assert_eq!(names[0], names[1]);
    for name in &names[0] {
        for file in ["up.sql", "down.sql"] {
            for database in ["sqlite", "postgres"] {
                assert!(folder().join(database).join(name).join(file).is_file(), "{database}/{name}/{file}");
            }
        }
    }
}

#[test]
fn every_table_is_named_in_the_documentation_of_exports() {
    let mut tables = BTreeSet::new();
    for name in names("sqlite") {
        let up = fs::read_to_string(folder().join("sqlite").join(name).join("up.sql")).unwrap();
        let made = up.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        tables.extend(made.filter_map(|rest| rest.split([' ', '(']).next()).map(ToOwned::to_owned));
    }
    let document = fs::read_to_string(folder().join("../docs/export.md")).unwrap();
    let (_, section) = document.split_once("## What is stored about an account").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let first_cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let named = first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(ToOwned::to_owned);
    assert_eq!(named.collect::<BTreeSet<_>>(), tables);
}

#[test]
fn every_migration_can_be_taken_back_and_run_again() {
    on_each_empty_database(|database, url| {
        let run = |name: &String, file: &str| {
            let statements = fs::read_to_string(folder().join(database).join(name).join(file)).unwrap();
            let done = behind_its_back(url, &statements);
            assert_eq!(done, Ok(()), "{database}/{name}/{file}");
        };
        drop(open(url)); // it makes the file
        let names = names(database);
        for _ in 0..2 {
            for name in &names {
                run(name, "up.sql");
            }
            for name in names.iter().rev() {
                run(name, "down.sql");
            }
        }
    });
}

#[test]
fn migrating_runs_what_is_pending_and_says_what_it_ran() {
    on_each_empty_database(|database, url| {
        let storage = open(url);
        let names = names(database);
        assert_eq!(storage.state(), Ok(SchemaState::Pending(names.clone())));
        assert!(matches!(storage.ready(), Err(StorageError::Schema(_))));
        assert_eq!(storage.migrate(), Ok(names));
        assert_eq!(storage.migrate(), Ok(vec![]));
        assert_eq!(storage.state(), Ok(SchemaState::Current));
        assert_eq!(storage.ready(), Ok(()));
    });
}

#[test]
fn r92_a_schema_that_is_newer_than_the_build_is_refused() {
    on_each_empty_database(|_, url| {
        drop(migrated(url));
        pretend_that_a_newer_build_was_here(url);
        let storage = open(url);
        assert_eq!(storage.state(), Ok(SchemaState::Newer(vec!["99990101000000".to_owned()])));
        assert!(matches!(storage.ready(), Err(StorageError::Schema(_))));
        assert!(matches!(storage.migrate(), Err(StorageError::Schema(_))));
    });
}

#[test]
fn r92_a_build_that_serves_goes_on_while_a_newer_one_migrates() {
    on_each_empty_database(|_, url| {
        let storage = migrated(url);
        assert_eq!(storage.ready(), Ok(()));
        pretend_that_a_newer_build_was_here(url);
        assert_eq!(storage.ready(), Ok(()));
    });
}

#[test]
fn r92_of_replicas_that_migrate_at_once_one_does_it_and_the_others_wait() {
    let Some(postgres) = Postgres::shared() else { return };
    let database = postgres.fresh_database(None);
    let replicas: Vec<DieselStorage> = (0..4).map(|_| open(&database.url)).collect();
    let ran = thread::scope(|scope| {
        let running: Vec<_> = replicas.iter().map(|replica| scope.spawn(|| replica.migrate().unwrap())).collect();
        running.into_iter().map(|thread| thread.join().unwrap().len()).collect::<Vec<_>>()
    });
    let expected = names("postgres").len();
    assert_eq!(ran.iter().filter(|&&count| count == expected).count(), 1, "{ran:?}");
    assert_eq!(ran.iter().sum::<usize>(), expected, "{ran:?}");
}
