//! Prints the current settings as TOML, for `selfsame config check`. Secrets were masked by the serialisation.

use serde_json::Value;

use super::{
    Loaded,
    layer::{BUILT_IN, documented_keys},
};

/// Every key in the order of `config/default.toml`, with its source in a comment unless it is the default. The text
/// gives the same settings when it is read again, except for masked secrets.
pub(crate) fn effective(loaded: &Loaded) -> Result<String, serde_json::Error> {
    let values = serde_json::to_value(&loaded.settings)?;
    let mut lines =
        vec![format!("# Settings in force, SELFSAME_ENV={}. Secrets are shown as ***.", loaded.environment)];
    let mut section = "";
    let keys = documented_keys();
    for path in &keys {
        let (of, key) = path.split_once('.').unwrap_or(("", path));
        if of != section {
            section = of;
            lines.push(format!("\n[{section}]"));
        }
        let value = if section.is_empty() { &values[key] } else { &values[section][key] };
        let source = loaded.sources.get(path).filter(|source| *source != BUILT_IN);
        let comment = source.map(|source| format!("  # {source}")).unwrap_or_default();
        lines.push(format!("{key} = {}{comment}", as_toml(value)));
    }
    Ok(lines.join("\n") + "\n")
}

/// A string, number, boolean, list or inline table. JSON and TOML write all but the last alike, except for the DEL character.
fn as_toml(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(as_toml).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{key} = {}", as_toml(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        value => value.to_string().replace('\u{7f}', "\\u007F"),
    }
}
