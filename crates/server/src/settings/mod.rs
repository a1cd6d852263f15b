//! The settings: typed, complete, checked. Sources, the later wins: `config/default.toml` (compiled in), then
//! `config/local.toml` or `config/production.toml` under the working directory, then variables
//! `SELFSAME__SECTION__KEY` or `SELFSAME__SECTION__KEY_FILE`. May know the environment and files under `config/`; knows no adapter.
//!
//! To add a setting: a field in [`schema`], a documented line in `config/default.toml`, a bound in [`bounds`]. A test
//! compares the first two. A rate limit is a line in the table of [`selfsame_application::limits`] instead of a field.

mod bounds;
mod check;
mod hint;
mod layer;
mod load;
mod print;
mod problem;
mod production;
mod resolve;
pub(crate) mod schema;
mod secret;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;
mod transport;
pub(crate) mod units;
mod variables;
mod warnings;
mod weak;

use std::fmt;

pub(crate) use self::{
    load::{Loaded, Surroundings, load},
    print::effective,
    problem::{Problem, SettingsError},
    warnings::warnings,
};

/// The environment: it decides which file is read and whether unsafe settings are refused (R96).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Environment {
    /// A developer's machine: development mailbox and plain http are allowed.
    Local,
    /// Real users.
    Production,
}

impl Environment {
    const VARIABLE: &str = "SELFSAME_ENV";

    fn of(variables: &[(String, String)]) -> Result<Self, Problem> {
        let value = variables.iter().find(|(name, _)| name == Self::VARIABLE).map(|(_, value)| value.as_str());
        match value {
            None | Some("local") => Ok(Self::Local),
            Some("production") => Ok(Self::Production),
            Some(other) => Err(Problem {
                key: Self::VARIABLE.to_owned(),
                message: format!("expected \"local\" or \"production\", found {other:?}"),
                source: format!("environment variable {}", Self::VARIABLE),
            }),
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::Local => "config/local.toml",
            Self::Production => "config/production.toml",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Local => "local",
            Self::Production => "production",
        })
    }
}
