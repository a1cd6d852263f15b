//! `account.json`: the facts, and the activity as the last member, so that it can be written as it is read.

use std::io::Write;

use super::{super::make::MakeError, facts::Facts, trail::Trail};
use crate::Fault;

pub(super) fn write_document(out: &mut dyn Write, facts: &Facts, trail: &mut Trail<'_, '_>) -> Result<(), MakeError> {
    let facts = serde_json::to_string(facts).map_err(|error| unwritable(&error))?;
    // Without the brace at its end: another member follows.
    write!(out, "{},\"activity\":[", facts.strip_suffix('}').unwrap_or(&facts))?;
    let mut separator = "";
    trail.pass(|entry| {
        write!(out, "{separator}\n{}", serde_json::to_string(entry).map_err(|error| unwritable(&error))?)?;
        separator = ",";
        Ok(())
    })?;
    Ok(writeln!(out, "\n]}}")?)
}

/// A value without a form in JSON, which none has.
fn unwritable(error: &serde_json::Error) -> MakeError {
    Fault::Internal(error.to_string()).into()
}
