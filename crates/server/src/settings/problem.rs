//! What is wrong with the settings, said so that an operator can mend all of it at once.

use std::fmt;

use super::Environment;

/// One thing wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// `section.key`; empty when a whole source is at fault.
    pub(crate) key: String,
    /// What is wrong and what would be right. Never holds a secret.
    pub(crate) message: String,
    /// The file or variable to mend, or what the value was derived from; empty when nothing was set.
    pub(crate) source: String,
}

impl Problem {
    /// A source that cannot be read at all.
    pub(super) fn of_source(source: &str, message: String) -> Self {
        Self { key: String::new(), message, source: source.to_owned() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.key.as_str(), self.source.as_str()) {
            ("", source) => write!(f, "{source}: {}", self.message),
            (key, "") => write!(f, "{key}: {}", self.message),
            (key, source) => write!(f, "{key}: {} ({source})", self.message),
        }
    }
}

/// The settings are refused; every reason found.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) struct SettingsError {
    /// The environment they were loaded for; none when SELFSAME_ENV itself is at fault.
    pub(crate) environment: Option<Environment>,
    /// At least one.
    pub(crate) problems: Vec<Problem>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings")?;
        if let Some(environment) = self.environment {
            write!(f, " for SELFSAME_ENV={environment}")?;
        }
        f.write_str(" are refused:")?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
    }
}
