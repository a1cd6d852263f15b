//! `selfsame openapi`: the OpenAPI document, as the server at `/openapi.json` has it.

use std::io::Write;

use super::{fail, say};
use crate::cli::Exit;

/// Prints it.
pub(super) fn run(stdout: &mut dyn Write) -> Exit {
    match selfsame_http::openapi::document().to_pretty_json() {
        Ok(json) => say(stdout, &json),
        Err(error) => fail(&error.to_string()),
    }
}
