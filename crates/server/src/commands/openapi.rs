//! `selfsame openapi`: prints the OpenAPI document that the server has at `/openapi.json`.

use std::io::Write;

use super::{fail, say};
use crate::cli::Exit;

/// Prints it.
pub(super) fn run(stdout: &mut dyn Write) -> Exit {
    match selfsame_http::document().to_pretty_json() {
        Ok(json) => say(stdout, &json),
        Err(error) => fail(&error.to_string()),
    }
}
