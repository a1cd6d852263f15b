//! A script: where it runs the binary, and what it may expect of how that ends.

use std::{
    collections::BTreeMap,
    io::Write as _,
    net::TcpListener,
    process::{Command, Stdio},
};

use selfsame_testing::{
    postgres::{Postgres, TestDatabase},
    server::{Backend, Server},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::common::PASSWORD;

pub(crate) const DONE: i32 = 0;
pub(crate) const FAILED: i32 = 1;
pub(crate) const USAGE: i32 = 2;
pub(crate) const NO_SUCH_USER: i32 = 3;
pub(crate) const SETTINGS_REFUSED: i32 = 4;
pub(crate) const TRY_AGAIN: i32 = 75;

/// A folder and an environment to run the binary in.
pub(crate) struct Shell {
    pub(crate) folder: TempDir,
    environment: BTreeMap<String, String>,
    #[expect(dead_code, reason = "it is dropped with the shell")]
    database: Option<TestDatabase>,
}

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Shell {
    /// An empty database, and hashing that is quick.
    pub(crate) fn on(backend: Backend) -> Self {
        let postgres = || Postgres::shared().unwrap().fresh_database(None);
        let database = (backend == Backend::Postgres).then(postgres);
        let shell = Self { folder: tempfile::tempdir().unwrap(), environment: BTreeMap::new(), database: None };
        let data = shell.folder.path().join("data").display().to_string();
        let url = database.as_ref().map(|database| database.url.clone()).unwrap_or_default();
        let shell = shell.with("data_dir", &data).with("database.url", &url);
        let shell = shell.with("passwords.argon2_memory_kib", "64").with("passwords.argon2_iterations", "1");
        Self { database, ..shell }
    }

    /// In the surroundings of a server, running or not, but in another working directory.
    pub(crate) fn beside(server: &Server) -> Self {
        let data = server.folder().join("data").display().to_string();
        Self::on(Backend::Sqlite).with("data_dir", &data).with("database.url", &server.database_url())
    }

    pub(crate) fn with(self, key: &str, value: &str) -> Self {
        self.env(&format!("SELFSAME__{}", key.to_uppercase().replace('.', "__")), value)
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Another script over the same data directory, with one setting changed. It has a folder of its own.
    pub(crate) fn clone_with(&self, key: &str, value: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, environment: self.environment.clone(), database: None }.with(key, value)
    }

    pub(crate) fn migrated(self) -> Self {
        self.run(&["migrate"]).expect(DONE);
        self
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, "")
    }

    /// With this on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_selfsame"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SELFSAME")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).envs(&self.environment).args(arguments);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        // Who reads no input has closed it by now; that is no failure of theirs.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        Outcome {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn create(&self, email: &str) -> Outcome {
        let arguments = ["user", "create", "--email", email, "--verified", "--password-stdin", "--json"];
        self.run_with(&arguments, &format!("{PASSWORD}\n"))
    }
}

impl Outcome {
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Failed with this code, said why, and left standard output to those who succeed.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, words: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{self:?}");
        assert!(words.iter().all(|word| self.stderr.contains(word)), "{words:?} in {}", self.stderr);
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A port of this machine that nobody listens on.
pub(crate) fn nobody_there() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}
