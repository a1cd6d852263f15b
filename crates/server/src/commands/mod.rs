//! One file per command, or group of commands, of the binary. Each takes the loaded settings and returns how the process ends;
//! what it has to say goes to standard output, what went wrong to standard error.
//!
//! Groups that ask something of the core (`user`, `outbox`, `audit`) turn the command line into a [`Request`], which is data, and have it
//! answered by the running server or by this process.

mod audit;
mod config_check;
mod executor;
mod health;
mod keys;
mod mail_test;
mod migrate;
mod openapi;
mod outbox;
mod prompt;
mod reply;
mod request;
mod serve;
mod user;

use std::io::{self, Write};

use selfsame_ports::{Schema, SchemaState, StorageError};

pub(crate) use self::{reply::Reply, request::Request};
use crate::{
    cli::{Command, ConfigCommand, Exit, MailCommand},
    compose::{ComposeError, Composed},
    settings::{self, SettingsError, Surroundings, schema::Settings},
    telemetry,
};

/// Runs a command in the surroundings of this process.
pub(crate) fn run(command: &Command) -> Exit {
    let loaded = settings::load(&Surroundings::of_process());
    if let Command::Config(ConfigCommand::Check) = command {
        return config_check::run(loaded, &mut io::stdout().lock(), &mut io::stderr().lock());
    }
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return refused(&error, &mut io::stderr().lock()),
    };
    if let Err(error) = telemetry::init(&loaded.settings.log) {
        return fail(&error.to_string());
    }
    let settings = &loaded.settings;
    let stdout = &mut io::stdout();
    match command {
        Command::Serve => serve::run(loaded, stdout),
        Command::Migrate => migrate::run(settings, stdout),
        Command::User(command) => user::run(settings, command, stdout),
        Command::Outbox(command) => outbox::run(settings, command, stdout),
        Command::Audit(command) => audit::run(settings, command, stdout),
        Command::Openapi => openapi::run(stdout),
        Command::Mail(MailCommand::Test { address }) => mail_test::run(settings, address, stdout),
        Command::Keys(command) => keys::run(settings, command, stdout),
        Command::Health => health::run(settings.server.bind),
        Command::Config(ConfigCommand::Check) => Exit::Success,
    }
}

/// Migrates, or refuses a schema that is not this build's (R92), and refuses keys that are not this database's: before
/// anything else asks the database.
fn bring_up_to_date(settings: &Settings, composed: &Composed) -> Result<(), Exit> {
    migrate_or_compare(settings, &*composed.schema)?;
    // What another key authenticates, the audit trail foremost, would never verify.
    let mark = composed.core.vault.mac("installation", b"");
    if composed.schema.adopt(&mark).map_err(|error| storage_failed(&error))? {
        return Ok(());
    }
    let message =
        "data_dir: its mac key is not the one that this database is used with; copy the keys of the server that has it";
    Err(fail(message))
}

fn migrate_or_compare(settings: &Settings, schema: &dyn Schema) -> Result<(), Exit> {
    if settings.database.auto_migrate {
        let done = schema.migrate().map_err(|error| storage_failed(&error))?;
        if !done.is_empty() {
            tracing::info!(migrations = done.join(", "), "brought the schema up to date");
        }
        return Ok(());
    }
    let state = schema.state().map_err(|error| storage_failed(&error))?;
    let hint = match state {
        SchemaState::Current => return Ok(()),
        SchemaState::Pending(_) => "; run `selfsame migrate`, or set database.auto_migrate",
        SchemaState::Newer(_) => "",
    };
    state.into_result().map_err(|error| fail(&format!("{error}{hint}")))
}

/// Says on standard output what was done.
fn say(stdout: &mut dyn Write, text: &str) -> Exit {
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Ok(()) => Exit::Success,
        Err(error) => fail(&format!("standard output: {error}")),
    }
}

/// Says on standard error why there is no server with these settings, or none just now.
fn composition_failed(error: &ComposeError) -> Exit {
    let exit = fail(&error.to_string());
    if error.is_temporary { Exit::Temporary } else { exit }
}

/// Says on standard error what the database answered.
fn storage_failed(error: &StorageError) -> Exit {
    let exit = fail(&error.to_string());
    match error {
        StorageError::Unavailable(_) | StorageError::Conflict => Exit::Temporary,
        StorageError::Taken(_) | StorageError::Schema(_) | StorageError::Internal(_) => exit,
    }
}

/// Says on standard error why the settings are refused.
fn refused(error: &SettingsError, stderr: &mut dyn Write) -> Exit {
    // Nobody reads standard error any more: the exit code still tells.
    let _: io::Result<()> = writeln!(stderr, "selfsame: {error}");
    Exit::Settings
}

/// Says on standard error why a command failed.
pub(crate) fn fail(reason: &str) -> Exit {
    // As above.
    let _: io::Result<()> = writeln!(io::stderr().lock(), "selfsame: {reason}");
    Exit::Failure
}
