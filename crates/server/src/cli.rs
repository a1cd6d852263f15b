//! The command line: what can be asked of the binary, in words for a stranger, and the exit codes that scripts rely on.
//! Parses and nothing else; `commands` does the work.

mod keys;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

pub(crate) use self::keys::{KeysCommand, RetireKey, RotateKeys};

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done as asked.
    Success = 0,
    /// Not done, for a reason said on standard error.
    Failure = 1,
    /// The command line is wrong; clap's own code.
    #[cfg_attr(not(test), expect(dead_code, reason = "clap exits with it; here it is documented and tested"))]
    Usage = 2,
    /// No such user.
    NotFound = 3,
    /// The settings are refused.
    Settings = 4,
    /// Not done now, worth trying again: database or mail server out of reach. EX_TEMPFAIL of sysexits.h.
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
variables SELFSAME__SECTION__KEY, which win.

Exit codes:
  0 done   1 failed   2 wrong usage   3 no such user   4 settings refused   75 try again later";

/// Account self-service: sign-up, sign-in, profile, sessions, behind the contracts your front ends already speak.
#[derive(Debug, Parser)]
#[command(name = "selfsame", version, after_help = AFTER_HELP, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What to do; without a command, `serve`.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What can be asked of the binary.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server until SIGTERM or Ctrl-C (the default)
    #[command(after_help = "Creates the data directory and brings the schema up to date first. On SIGTERM or Ctrl-C \
        it reports not ready, finishes what is in flight and exits with 0; on a second one it exits with 1 at once.")]
    Serve,
    /// Bring the database schema up to date and exit
    #[command(after_help = "Safe to run twice and from several hosts at once: one migrates, the others wait and find \
        nothing to do.")]
    Migrate,
    /// Look after users
    #[command(subcommand, arg_required_else_help = true)]
    User(UserCommand),
    /// Print the OpenAPI document of every contract as JSON
    #[command(after_help = "Example:\n  selfsame openapi > openapi.json")]
    Openapi,
    /// Look after settings
    #[command(subcommand, arg_required_else_help = true)]
    Config(ConfigCommand),
    /// Look after mail
    #[command(subcommand, arg_required_else_help = true)]
    Mail(MailCommand),
    /// Look after key files: show, rotate, retire
    #[command(subcommand, arg_required_else_help = true)]
    Keys(KeysCommand),
    /// Ask the server on this machine whether it is ready
    #[command(
        after_help = "Asks /health/ready at server.bind. Exits with 0 when the server is ready, 1 when it is not \
        or does not answer: fit for a container's health check."
    )]
    Health,
}

/// `selfsame user …`
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Create a user; asks for the password unless it comes on standard input
    #[command(after_help = "Examples:
  selfsame user create --email ada@example.com --given-name Ada --family-name Lovelace --verified
  pwgen -s 24 1 | selfsame user create --email ada@example.com --password-stdin --json

A password is never taken from the command line, where other users of the machine could read it.")]
    Create(CreateUser),
    /// Show a user
    #[command(after_help = "Example:\n  selfsame user show ada@example.com --json")]
    Show(NamedUser),
    /// Keep a user from signing in and end every session
    Disable(NamedUser),
    /// Let a disabled user sign in again
    Enable(NamedUser),
}

/// `selfsame user create`
#[derive(Debug, Args)]
pub(crate) struct CreateUser {
    /// Primary e-mail address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: String,
    /// Read the password from standard input, up to the first line break
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Take the address as verified; otherwise the user gets a mail to verify it
    #[arg(long)]
    pub(crate) verified: bool,
    /// User name
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// Given name
    #[arg(long, value_name = "NAME")]
    pub(crate) given_name: Option<String>,
    /// Family name
    #[arg(long, value_name = "NAME")]
    pub(crate) family_name: Option<String>,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A user on the command line.
#[derive(Debug, Args)]
pub(crate) struct NamedUser {
    /// E-mail address or numeric id
    #[arg(value_name = "EMAIL-OR-ID")]
    pub(crate) user: String,
    /// Answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `selfsame config …`
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print the settings in force as TOML, secrets masked, or everything that is wrong with them
    #[command(after_help = "Exits with 0 when the server would start with these settings, 4 when it would refuse.

Example:
  SELFSAME_ENV=production selfsame config check")]
    Check,
}

/// `selfsame mail …`
#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// Send a test mail at once, past the outbox, and say what the mail server answered
    #[command(after_help = "Example:\n  selfsame mail test ada@example.com")]
    Test {
        /// Where to send it
        #[arg(value_name = "ADDRESS")]
        address: String,
    },
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split(' '))
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_command_nothing_is_chosen_and_serve_is_meant() {
        assert!(parse("selfsame").unwrap().command.is_none());
    }

    #[test]
    fn a_user_is_created_from_flags() {
        let line = "selfsame user create --email a@example.com --password-stdin --verified --given-name Ada";
        let Some(Command::User(UserCommand::Create(create))) = parse(line).unwrap().command else { panic!() };
        assert_eq!((create.email.as_str(), create.given_name.as_deref()), ("a@example.com", Some("Ada")));
        assert!(create.password_stdin && create.verified && !create.json);
    }

    #[test]
    fn a_password_is_not_taken_from_the_command_line() {
        assert!(parse("selfsame user create --email a@example.com --password hunter2").is_err());
    }

    #[test]
    fn wrong_usage_exits_with_two() {
        for line in ["selfsame frobnicate", "selfsame user create", "selfsame mail test", "selfsame user show"] {
            assert_eq!(parse(line).unwrap_err().exit_code(), Exit::Usage as i32, "{line}");
        }
    }

    #[test]
    fn every_command_says_what_it_does() {
        fn walk(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            command.get_arguments().for_each(|arg| assert!(arg.get_help().is_some(), "{}", arg.get_id()));
            command.get_subcommands().for_each(walk);
        }
        walk(&Cli::command());
    }
}
