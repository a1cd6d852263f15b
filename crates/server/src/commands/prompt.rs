//! Prompts. They go to the terminal or to standard error, so that standard output has the result only.

use std::io::{self, BufRead as _, Write as _};

use super::{fail, request::Secret};
use crate::cli::Exit;

/// Reads a new password: the first line of standard input if `from_stdin`, else typed at the terminal without echo.
pub(super) fn password(question: &str, from_stdin: bool) -> Result<Secret, Exit> {
    let typed = if from_stdin { read_line() } else { rpassword::prompt_password(question) };
    let typed = typed.map(line).map_err(|error| fail(&format!("no password could be read: {error}")))?;
    // A generator that failed must not make an account without a password.
    if from_stdin && typed.is_empty() {
        return Err(fail("no password came on standard input"));
    }
    Ok(Secret::new(typed))
}

/// Asks for confirmation. Anything but `yes` is a no.
pub(super) fn confirm(question: &str) -> Result<(), Exit> {
    let asked = write!(io::stderr().lock(), "{question} Type yes to go on: ").and_then(|()| read_line());
    match asked.map(line) {
        Ok(answer) if answer == "yes" => Ok(()),
        Ok(_) => Err(fail("not confirmed; nothing was done")),
        Err(error) => Err(fail(&format!("no confirmation could be read: {error}"))),
    }
}

fn read_line() -> io::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map(|_| line)
}

/// The text without its line break, in the same memory.
fn line(mut typed: String) -> String {
    typed.truncate(typed.trim_end_matches(['\r', '\n']).len());
    typed
}
