//! The command line: commands, help texts, and the exit codes for scripts. It only parses; `commands` does the work.

mod audit;
mod keys;
mod outbox;
mod user;
mod webhook;

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use serde::{Deserialize, Serialize};

pub(crate) use self::{
    audit::{AuditCommand, ShowAudit, VerifyAudit},
    keys::{KeysCommand, RetireKey, RotateKeys},
    outbox::OutboxCommand,
    user::{CreateUser, DeleteUser, ExportUser, LinkIdentity, ResetFactors, SetPassword, UserCommand, VerifyUser},
    webhook::{ReplayEvents, WebhookCommand},
};

/// The exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Exit {
    /// Done.
    Success = 0,
    /// Failed; the reason is on standard error.
    Failure = 1,
    /// The command line is wrong; clap's own code.
    Usage = 2,
    /// No such user, message or endpoint.
    NotFound = 3,
    /// The settings are refused.
    Settings = 4,
    /// Failed for now, try again later: database or mail server not reachable. EX_TEMPFAIL of sysexits.h.
    Temporary = 75,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

const AFTER_HELP: &str = "\
Examples:
  selfsame                                          serve on http://127.0.0.1:8080, data in ./data
  selfsame config check                             what is in force, and where it comes from
  selfsame user create --email ada@example.com --verified
  SELFSAME__DATABASE__URL=postgres://u:p@db/selfsame selfsame migrate

Settings come from config/local.toml or config/production.toml (SELFSAME_ENV=local, the default, or production) and from
variables SELFSAME__SECTION__KEY, which win; SELFSAME__SECTION__KEY_FILE names a file with the value.

Exit codes:
  0 done   1 failed   2 wrong usage   3 no such user, message or endpoint   4 settings refused   75 try again later";

/// Account self-service: sign-up, sign-in, profile, sessions, behind the contracts your front ends already speak.
#[derive(Debug, Parser)]
#[command(name = "selfsame", version, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// What to do; without a command, `serve`.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server until SIGTERM, SIGHUP or Ctrl-C (the default)
    #[command(
        after_help = "Creates the data directory and brings the schema up to date first. On SIGTERM, SIGHUP or Ctrl-C \
        it reports not ready, finishes what is in flight and exits with 0; on a second one it exits with 1 at once."
    )]
    Serve,
    /// Bring the database schema up to date and exit
    #[command(after_help = "Safe to run twice and from several hosts at once: one migrates, the others wait and find \
        nothing to do.")]
    Migrate,
    /// Copy the database to a new file, whether the server runs or not (SQLite)
    #[command(
        after_help = "The copy is complete and checked, or not there. The keys are not in it, nor the pictures in a folder. A \
        plain copy of the file of a running server is no backup.\n\nExample:\n  selfsame backup /backup/selfsame-$(date +%F).db"
    )]
    Backup {
        /// The file, which must not exist
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Put a backup in the place of the database, while the server is stopped (SQLite)
    #[command(
        after_help = "Needs the keys that the backup was made with. Ends every sign-in, link, code and ticket and removes \
        mails that wait, because what had ended or was used since the backup would work again. The database that was \
        there is kept beside the restored one.\n\nExample:\n  selfsame restore /backup/selfsame-2026-01-31.db"
    )]
    Restore(RestoreDatabase),
    /// Manage users
    #[command(
        subcommand,
        arg_required_else_help = true,
        after_help = "Works while the server runs: on SQLite, where one process has the database, the server itself does \
        what is asked, over the socket control.sock in data_dir."
    )]
    User(UserCommand),
    /// Manage messages that wait to be sent or were given up
    #[command(subcommand, arg_required_else_help = true)]
    Outbox(OutboxCommand),
    /// Show and verify audit trails
    #[command(subcommand, arg_required_else_help = true)]
    Audit(AuditCommand),
    /// Print the OpenAPI document of every contract as JSON
    #[command(after_help = "Example:\n  selfsame openapi > openapi.json")]
    Openapi,
    /// Check settings
    #[command(subcommand, arg_required_else_help = true)]
    Config(ConfigCommand),
    /// Test mail
    #[command(subcommand, arg_required_else_help = true)]
    Mail(MailCommand),
    /// Test text messages
    #[command(subcommand, arg_required_else_help = true)]
    Sms(SmsCommand),
    /// List and test the endpoints of webhooks, and send events again
    #[command(subcommand, arg_required_else_help = true)]
    Webhook(WebhookCommand),
    /// Manage key files: list, rotate, retire
    #[command(subcommand, arg_required_else_help = true)]
    Keys(KeysCommand),
    /// Ask the server on this machine whether it is ready
    #[command(
        after_help = "Asks /health/ready at server.bind. Exits with 0 when the server is ready, 1 when it is not \
        or does not answer: fit for a container's health check."
    )]
    Health,
}

/// `selfsame restore`
#[derive(Debug, clap::Args)]
pub(crate) struct RestoreDatabase {
    /// The backup
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Keep sign-ins, links, codes, tickets and waiting mails as they were when the backup was made
    #[arg(long)]
    pub(crate) keep_sign_ins: bool,
}

/// `selfsame config …`
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print the current settings as TOML, secrets masked, or everything that is wrong with them
    #[command(
        after_help = "Exits with 0 when the server would start with these settings, 4 when it would refuse. Tries files and \
        folders, and connects to nothing.

Example:
  SELFSAME_ENV=production selfsame config check"
    )]
    Check,
}

/// `selfsame sms …`
#[derive(Debug, Subcommand)]
pub(crate) enum SmsCommand {
    /// Send a test message at once, without the outbox, and print the answer of the gateway
    #[command(after_help = "Example:\n  selfsame sms test +31612345678")]
    Test {
        /// The recipient's number, in E.164
        #[arg(value_name = "NUMBER")]
        number: String,
    },
}

/// `selfsame mail …`
#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// Send a test mail at once, without the outbox, and print the reply of the mail server
    #[command(after_help = "Example:\n  selfsame mail test ada@example.com")]
    Test {
        /// The recipient's address
        #[arg(value_name = "ADDRESS")]
        address: String,
    },
}
