//! How a server under test is to run: all of it environment variables, as an operator would set them.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres::{Postgres, TestDatabase};

/// A database that the server runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file in the server's folder.
    Sqlite,
    /// A database of its own on the shared test server.
    Postgres,
}

/// The backends to run a test on: both, or SQLite alone where PostgreSQL is not to be had (see
/// [`Postgres::shared`]).
pub fn backends() -> Vec<Backend> {
    let postgres = Postgres::shared().map(|_| Backend::Postgres);
    [Backend::Sqlite].into_iter().chain(postgres).collect()
}

/// The binary, its arguments and its environment.
#[derive(Debug)]
pub struct ServerOptions {
    binary: PathBuf,
    arguments: Vec<String>,
    environment: BTreeMap<String, String>,
    database: Option<TestDatabase>,
}

impl ServerOptions {
    /// `binary serve` on SQLite, with the development mailbox, and with everything quick to start and to end.
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        let options = Self {
            binary: binary.into(),
            arguments: vec!["serve".to_owned()],
            environment: BTreeMap::new(),
            database: None,
        };
        options.setting("server.bind", "127.0.0.1:0").setting("server.drain_grace", "0s").setting("mail.poll", "50ms")
    }

    /// Runs on `backend`; on PostgreSQL, on an empty database.
    #[must_use]
    pub fn backend(self, backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self { database: None, ..self },
            Backend::Postgres => {
                let postgres = Postgres::shared().expect("backends() names PostgreSQL only where there is one");
                self.on_database(postgres.fresh_database(None))
            }
        }
    }

    /// Runs on this PostgreSQL database, which lives as long as the server.
    #[must_use]
    pub fn on_database(self, database: TestDatabase) -> Self {
        Self { database: Some(database), ..self }
    }

    /// Sends mail to `url` instead of the development mailbox.
    #[must_use]
    pub fn mail(self, url: &str) -> Self {
        self.setting("mail.url", url)
    }

    /// Sets a setting by its key, such as `mail.poll`.
    #[must_use]
    pub fn setting(self, key: &str, value: impl Display) -> Self {
        self.env(&format!("SELFSAME__{}", key.to_uppercase().replace('.', "__")), value)
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Display) -> Self {
        self.environment.insert(name.to_owned(), value.to_string());
        self
    }

    /// Starts the binary with these arguments instead of `serve`.
    #[must_use]
    pub fn with_arguments(self, arguments: &[&str]) -> Self {
        Self { arguments: arguments.iter().map(ToString::to_string).collect(), ..self }
    }

    pub(super) fn arguments(&self) -> &[String] {
        &self.arguments
    }

    pub(super) fn database(&self) -> Option<&TestDatabase> {
        self.database.as_ref()
    }

    /// The binary in `folder`, without arguments. No setting of the caller's own environment reaches it.
    pub(super) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SELFSAME")) {
            command.env_remove(name);
        }
        command
            .current_dir(folder)
            .env("SELFSAME__DATA_DIR", folder.join("data"))
            .env("SELFSAME__DATABASE__URL", database_url(self, folder))
            .env("SELFSAME__MAIL__URL", format!("file://{}", mailbox(folder).display()))
            .envs(&self.environment);
        command
    }
}

/// The database of a server in `folder`.
pub(super) fn database_url(options: &ServerOptions, folder: &Path) -> String {
    let sqlite = || format!("sqlite://{}", folder.join("selfsame.db").display());
    options.database.as_ref().map_or_else(sqlite, |database| database.url.clone())
}

/// Where a server in `folder` keeps its development mailbox.
pub(super) fn mailbox(folder: &Path) -> PathBuf {
    folder.join("mailbox")
}
