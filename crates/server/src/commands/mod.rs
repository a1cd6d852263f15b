//! One file per command, or group of commands. Each takes the loaded settings and returns the exit code. Results go to
//! standard output, errors to standard error.
//!
//! Groups that need the core (`user`, `outbox`, `audit`, `webhook`) turn the command line into a [`Request`], which is data, and
//! let the running server or this process execute it.

mod audit;
mod backup;
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
mod sms_test;
mod user;
mod webhook;
mod webhook_test;

use std::io::{self, Write};

use selfsame_ports::{Schema, SchemaState, StorageError, Vault as _};

pub(crate) use self::{reply::Reply, request::Request};
use crate::{
    cli::{Command, ConfigCommand, Exit, MailCommand, SmsCommand},
    compose::{ComposeError, Composed},
    settings::{self, SettingsError, Surroundings, schema::Settings},
    telemetry,
};

/// Runs a command in the environment of this process.
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
        Command::Webhook(command) => webhook::run(settings, command, stdout),
        Command::Backup { file } => backup::back_up(settings, file, stdout),
        Command::Restore(restore) => backup::restore(settings, restore, stdout),
        Command::Openapi => openapi::run(stdout),
        Command::Mail(MailCommand::Test { address }) => mail_test::run(settings, address, stdout),
        Command::Sms(SmsCommand::Test { number }) => sms_test::run(settings, number, stdout),
        Command::Keys(command) => keys::run(settings, command, stdout),
        Command::Health => health::run(settings.server.bind),
        Command::Config(ConfigCommand::Check) => Exit::Success,
    }
}

/// Migrates, or refuses a schema that is not current (R92), and refuses keys that were not used with this database.
/// Called before any other use of the database.
fn bring_up_to_date(settings: &Settings, composed: &Composed) -> Result<(), Exit> {
    migrate_or_compare(settings, &*composed.schema)?;
    // With another key nothing would verify, the audit trail in particular.
    let mark = composed.keys.vault().mac("installation", b"");
    if composed.schema.adopt(&mark).map_err(|error| storage_failed(&error))? {
        return Ok(());
    }
    composed.keys.discard_made();
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

/// Prints to standard output what was done.
fn say(stdout: &mut dyn Write, text: &str) -> Exit {
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Ok(()) => Exit::Success,
        // The reader closed the pipe, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
        Err(error) => fail(&format!("standard output: {error}")),
    }
}

/// Prints to standard error why no server can run with these settings, or not now.
fn composition_failed(error: &ComposeError) -> Exit {
    let exit = fail(&error.to_string());
    if error.is_temporary { Exit::Temporary } else { exit }
}

/// Prints the error of the database to standard error.
fn storage_failed(error: &StorageError) -> Exit {
    let exit = fail(&error.to_string());
    match error {
        StorageError::Unavailable(_) | StorageError::Conflict => Exit::Temporary,
        StorageError::Taken(_) | StorageError::Schema(_) | StorageError::Internal(_) => exit,
    }
}

/// Prints to standard error why the settings are refused.
fn refused(error: &SettingsError, stderr: &mut dyn Write) -> Exit {
    // Nobody reads standard error any more; the exit code remains.
    let _: io::Result<()> = writeln!(stderr, "selfsame: {error}");
    Exit::Settings
}

/// Prints to standard error why a command failed.
pub(crate) fn fail(reason: &str) -> Exit {
    // As above.
    let _: io::Result<()> = writeln!(io::stderr().lock(), "selfsame: {reason}");
    Exit::Failure
}
