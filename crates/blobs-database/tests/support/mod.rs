//! Databases of either kind for the tests of this crate.

use std::sync::Arc;

use selfsame_blobs_database::DatabaseBlobs;
use selfsame_ports::Schema as _;
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage};
use selfsame_testing::postgres::{Postgres, TestDatabase};
use tempfile::TempDir;

/// A migrated SQLite database, and the folder that it is in.
pub(crate) fn sqlite() -> (Arc<DieselStorage>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let storage = open(&format!("sqlite://{}", folder.path().join("selfsame.db").display()));
    storage.migrate().unwrap();
    (storage, folder)
}

/// A migrated database on the shared server; `None` where there is no PostgreSQL.
pub(crate) fn postgres() -> Option<TestDatabase> {
    let postgres = Postgres::shared()?;
    let template = postgres.template("storage", |url| drop(open(url).migrate().unwrap()));
    Some(postgres.fresh_database(Some(&template)))
}

pub(crate) fn open(url: &str) -> Arc<DieselStorage> {
    Arc::new(DieselStorage::connect(&DatabaseOptions::new(url)).unwrap())
}

pub(crate) fn blobs(storage: &Arc<DieselStorage>) -> DatabaseBlobs {
    DatabaseBlobs::new(storage.database())
}
