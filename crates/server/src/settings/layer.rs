//! A source of settings, as flat `section.key` pairs with their origin. It reads files, and knows from
//! the built-in defaults which keys exist.

use std::{collections::BTreeMap, fs, io, path::Path};

use config::{ConfigError, FileFormat, Map, Source, Value, ValueKind};

use super::problem::Problem;

/// The documented defaults, part of the binary.
pub(super) const DEFAULTS: &str = include_str!("../../../../config/default.toml");
/// The name of the defaults as a source.
pub(super) const BUILT_IN: &str = "config/default.toml, built in";
/// The prefix of every settings variable.
pub(super) const PREFIX: &str = "SELFSAME__";

/// `section.key` to its value, with the source as its origin.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer(pub(super) BTreeMap<String, Value>);

impl Layer {
    /// The settings in `text`, which is TOML; `name` is its name in messages.
    pub(super) fn of_toml(name: &str, text: &str) -> Result<Self, Problem> {
        let table = config::File::from_str(text, FileFormat::Toml).collect();
        let table = table.map_err(|error| Problem::of_source(name, format!("not valid TOML: {}", place(&error))))?;
        let mut layer = Self::default();
        for (key, value) in table {
            layer.flatten(name, key, value.kind);
        }
        Ok(layer)
    }

    /// The settings in the file at `name` under `directory`; none when there is no such file.
    pub(super) fn of_file(directory: &Path, name: &str) -> Result<Self, Problem> {
        match fs::read_to_string(directory.join(name)) {
            Ok(text) => Self::of_toml(name, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Problem::of_source(name, format!("cannot be read: {error}"))),
        }
    }

    fn flatten(&mut self, name: &str, key: String, kind: ValueKind) {
        match kind {
            ValueKind::Table(table) if !table.is_empty() => {
                for (child, value) in table {
                    self.flatten(name, format!("{key}.{child}"), value.kind);
                }
            }
            // A section without keys has no effect.
            ValueKind::Table(_) if is_section(&key) => {}
            kind => {
                self.0.insert(key, Value::new(Some(&name.to_owned()), kind));
            }
        }
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone().into_iter().collect())
    }
}

/// `section.key` for every setting, in the order in which the defaults document them.
pub(super) fn documented_keys() -> Vec<String> {
    let mut section = String::new();
    let mut keys = Vec::new();
    for line in DEFAULTS.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((key, _)) = line.split_once(" = ") {
            keys.push(format!("{section}{key}"));
        }
    }
    keys
}

fn is_section(key: &str) -> bool {
    documented_keys().iter().any(|known| known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')))
}

/// A TOML error without the quoted line, which may contain a secret (R51).
fn place(error: &ConfigError) -> String {
    let text = error.to_string();
    let telling = text.lines().filter(|line| !line.contains('|')).map(str::trim).filter(|line| !line.is_empty());
    telling.collect::<Vec<_>>().join(": ")
}
