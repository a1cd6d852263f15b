//! Databases for the tests of this crate: a file in a folder of its own, or a database on the shared PostgreSQL.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::allow_attributes, reason = "an expectation would be unfulfilled in some of them")]

use std::path::PathBuf;

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection, connection::SimpleConnection,
    sql_types::Text,
};

use selfsame_ports::Schema as _;
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage};
use selfsame_testing::postgres::{Postgres, TestDatabase};
use tempfile::TempDir;

/// A folder with a migrated SQLite database in it.
pub(crate) struct SqliteDatabase {
    pub(crate) storage: DieselStorage,
    pub(crate) folder: TempDir,
}

impl SqliteDatabase {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = migrated(&sqlite_url(&folder));
        Self { storage, folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("selfsame.db")
    }
}

pub(crate) fn sqlite_url(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("selfsame.db").display())
}

/// A migrated database on the shared server; `None` where there is no PostgreSQL.
pub(crate) fn postgres() -> Option<TestDatabase> {
    let postgres = Postgres::shared()?;
    let template = postgres.template("storage", |url| drop(migrated(url)));
    Some(postgres.fresh_database(Some(&template)))
}

pub(crate) fn open(url: &str) -> DieselStorage {
    DieselStorage::connect(&DatabaseOptions::new(url)).unwrap()
}

pub(crate) fn migrated(url: &str) -> DieselStorage {
    let storage = open(url);
    storage.migrate().unwrap();
    storage
}

/// What nobody may do to the audit trail on either database. To erase details, and nothing beside them, is allowed.
pub(crate) const AUDIT_CHANGES: [&str; 5] = [
    "UPDATE audit_events SET actor = 'operator'",
    "UPDATE audit_events SET details = '{}'",
    "UPDATE audit_events SET details = NULL, sequence = sequence + 1",
    "UPDATE audit_events SET details = NULL, sign_in_id = 7",
    "DELETE FROM audit_events",
];

/// Keeps a promise on both databases.
pub(crate) fn on_each_database(promise: impl Fn(&DieselStorage)) {
    promise(&SqliteDatabase::new().storage);
    if let Some(database) = postgres() {
        promise(&open(&database.url));
    }
}

/// Runs statements behind the storage's back, on a connection of its own to either kind of database; returns the
/// error's text.
pub(crate) fn behind_its_back(url: &str, statements: &str) -> Result<(), String> {
    let done = match url.strip_prefix("sqlite://") {
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(statements),
        None => PgConnection::establish(url).unwrap().batch_execute(statements),
    };
    done.map_err(|error| error.to_string())
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How SQLite would run a statement, step by step.
pub(crate) fn plan(folder: &TempDir, statement: &str) -> Vec<String> {
    let mut connection = SqliteConnection::establish(folder.path().join("selfsame.db").to_str().unwrap()).unwrap();
    let steps = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"));
    let steps: Vec<Step> = steps.load(&mut connection).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}
