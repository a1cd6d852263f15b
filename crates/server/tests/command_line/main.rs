//! The command line as a script sees it: exit codes, standard output, standard error.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod audit;
mod backup;
#[path = "../common/mod.rs"]
mod common;
mod control;
mod database;
mod keys;
mod operator;
mod others;
mod outbox;
mod passwords;
mod places;
mod settings;
mod shell;
mod users;
