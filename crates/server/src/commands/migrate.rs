//! `selfsame migrate`: brings the schema up to date and prints the migrations.

use std::io::Write;

use super::{composition_failed, say, storage_failed};
use crate::{
    cli::Exit,
    compose::{OpenDatabase, open_database},
    settings::schema::Settings,
};

/// Migrates the database of the settings.
pub(super) fn run(settings: &Settings, stdout: &mut dyn Write) -> Exit {
    let OpenDatabase { schema, .. } = match open_database(settings) {
        Ok(database) => database,
        Err(error) => return composition_failed(&error),
    };
    match schema.migrate() {
        Ok(done) if done.is_empty() => say(stdout, "the schema is up to date"),
        Ok(done) => say(stdout, &format!("applied {}", done.join(", "))),
        Err(error) => storage_failed(&error),
    }
}
