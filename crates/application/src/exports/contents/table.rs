//! `activity.csv`: the activity as a table (RFC 4180), a row for each change of a record.
//!
//! Spreadsheets run a cell that begins like a formula. Such a cell gets an apostrophe in front, which spreadsheets hide
//! (R78; OWASP, CSV Injection).

use std::{fmt, io::Write};

use super::{
    super::make::MakeError,
    trail::{Entry, Trail},
};

/// The columns.
const HEADER: &str = "sequence,occurred_at,action,actor,sign_in_id,request_id,ip,pointer,old,new";

pub(super) fn write_table(out: &mut dyn Write, trail: &mut Trail<'_, '_>) -> Result<(), MakeError> {
    write!(out, "{HEADER}\r\n")?;
    trail.pass(|entry| {
        if entry.changes.is_empty() {
            return write_row(out, entry, ["", "", ""]);
        }
        entry.changes.iter().try_for_each(|change| {
            let [old, new] = [&change.old, &change.new].map(in_words);
            write_row(out, entry, [&change.pointer, &old, &new])
        })
    })
}

fn write_row(out: &mut dyn Write, entry: &Entry, [pointer, old, new]: [&str; 3]) -> Result<(), MakeError> {
    let sequence = entry.sequence.to_string();
    let (sign_in, ip) = (entry.sign_in_id.as_deref().unwrap_or_default(), entry.ip.as_deref().unwrap_or_default());
    let cells: [&str; 10] =
        [&sequence, &entry.occurred_at, &entry.action, &entry.actor, sign_in, &entry.request_id, ip, pointer, old, new];
    let mut separator = "";
    for cell in cells {
        write!(out, "{separator}{}", Cell(cell))?;
        separator = ",";
    }
    Ok(write!(out, "\r\n")?)
}

/// A value as text: a string as it is, nothing for null, anything else as JSON.
pub(super) fn in_words(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text of a cell, quoted, and never a formula.
struct Cell<'t>(&'t str);

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Spreadsheets skip blanks and other characters that are not shown before they look for a formula.
        let shown =
            self.0.trim_start_matches(|char: char| char.is_whitespace() || char.is_control() || char == '\u{feff}');
        let is_formula = shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        let begins_hidden = shown.len() != self.0.len();
        let mark = if is_formula || begins_hidden { "'" } else { "" };
        write!(f, "\"{mark}{}\"", self.0.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r78_no_cell_is_a_formula() {
        for (text, cell) in [
            ("Ada", "\"Ada\""),
            ("", "\"\""),
            ("a=b", "\"a=b\""),
            ("say \"hi\", Ada", "\"say \"\"hi\"\", Ada\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "\"'=1+1\""),
            ("+31612345678", "\"'+31612345678\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r\n=1", "\"'\r\n=1\""),
            (" =1", "\"' =1\""),
            ("\u{feff}=1", "\"'\u{feff}=1\""),
            ("＝1", "\"'＝1\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
        ] {
            assert_eq!(Cell(text).to_string(), cell, "{text:?}");
        }
    }
}
