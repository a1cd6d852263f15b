//! Problems of the settings, for operators who want to fix all of them at once.

use std::fmt;

use super::Environment;

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// `section.key`; empty for a problem of a whole source.
    pub(crate) key: String,
    /// What is wrong and what would be right. Never contains a secret.
    pub(crate) message: String,
    /// The file or variable to correct, or the key from which the value was derived; empty when nothing was set.
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

/// The settings are refused, with all problems.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) struct SettingsError {
    /// The environment; none if `SELFSAME_ENV` itself is wrong.
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
