//! The binary `selfsame`: the only crate that knows every adapter. It reads the command line and the settings, and runs
//! one of the `commands`.

mod cli;
mod commands;
mod compose;
mod control;
mod data_dir;
mod settings;
mod telemetry;
mod workers;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};

fn main() -> ExitCode {
    let command = Cli::parse().command.unwrap_or(Command::Serve);
    commands::run(&command).into()
}
