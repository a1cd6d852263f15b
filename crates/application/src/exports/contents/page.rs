//! `index.html`: the same as `account.json`, to be read. One file without script, fonts or pictures of other places; its own
//! policy forbids a browser to load anything.
//!
//! It shows the facts as they stand in the document, so a new member needs nothing here.

use std::{fmt, io::Write};

use serde_json::{Map, Value};

use super::{super::make::MakeError, facts::Facts, table::in_words, trail::Trail};
use crate::Fault;

const STYLE: &str = include_str!("page.css");

/// The sections: the member of the document, and its title.
const SECTIONS: [(&str, &str); 12] = [
    ("account", "Account"),
    ("emails", "E-mail addresses"),
    ("phones", "Phone numbers"),
    ("email_change", "Pending change of the e-mail address"),
    ("password", "Password"),
    ("second_factors", "Second factors"),
    ("passkeys", "Passkeys"),
    ("sign_ins", "Sign-ins"),
    ("devices", "Remembered devices"),
    ("applications", "Applications that you have allowed something"),
    ("identities", "Accounts of other identity providers"),
    ("deletion", "Deletion"),
];

pub(super) fn write_page(
    out: &mut dyn Write,
    app_name: &str,
    facts: &Facts,
    trail: &mut Trail<'_, '_>,
) -> Result<(), MakeError> {
    let title = format!("Your data at {app_name}");
    let members = serde_json::to_value(facts).map_err(|error| Fault::Internal(error.to_string()))?;
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n\
         <p>Exported from {issuer} at {at}. The file <code>account.json</code> has the same for programs.</p>\n",
        title = Text(&title),
        issuer = Text(&facts.issuer),
        at = Text(&facts.exported_at),
    )?;
    if let Some(file) = &facts.picture_file {
        writeln!(out, "<p><a href=\"{0}\">Your picture</a></p>", Text(file))?;
    }
    for (member, title) in SECTIONS {
        writeln!(out, "<h2>{title}</h2>")?;
        write_section(out, &members[member])?;
    }
    write_activity(out, trail)?;
    Ok(writeln!(out, "</body>\n</html>")?)
}

/// A list of objects, or one object.
fn write_section(out: &mut dyn Write, value: &Value) -> Result<(), MakeError> {
    match value {
        Value::Object(members) => write_members(out, members),
        Value::Array(items) if !items.is_empty() => {
            items.iter().filter_map(Value::as_object).try_for_each(|members| write_members(out, members))
        }
        _ => Ok(writeln!(out, "<p>None.</p>")?),
    }
}

fn write_members(out: &mut dyn Write, members: &Map<String, Value>) -> Result<(), MakeError> {
    writeln!(out, "<table>")?;
    for (name, value) in members {
        writeln!(out, "<tr><th>{}</th><td>{}</td></tr>", Text(&name.replace('_', " ")), Text(&in_words(value)))?;
    }
    Ok(writeln!(out, "</table>")?)
}

fn write_activity(out: &mut dyn Write, trail: &mut Trail<'_, '_>) -> Result<(), MakeError> {
    write!(
        out,
        "<h2>Activity</h2>\n<table>\n<tr><th>when</th><th>what</th><th>by</th><th>address</th><th>changes</th></tr>\n"
    )?;
    trail.pass(|entry| {
        write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>",
            Text(&entry.occurred_at),
            Text(&entry.action),
            Text(&entry.actor),
            Text(entry.ip.as_deref().unwrap_or_default()),
        )?;
        for change in &entry.changes {
            let [old, new] = [&change.old, &change.new].map(in_words);
            write!(out, "{}: {} → {}<br>", Text(&change.pointer), Text(&old), Text(&new))?;
        }
        Ok(writeln!(out, "</td></tr>")?)
    })?;
    Ok(writeln!(out, "</table>")?)
}

/// Text in HTML, also in an attribute.
struct Text<'t>(&'t str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r78_no_value_is_markup() {
        assert_eq!(Text("<script>é & \"'").to_string(), "&lt;script&gt;é &amp; &quot;&#39;");
    }
}
