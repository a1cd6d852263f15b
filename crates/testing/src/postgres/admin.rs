//! What is asked of a server through `psql`: databases made, copied and dropped.

use std::path::PathBuf;
use std::process::{self, Command, Stdio};
use std::time::Duration;

use crate::poll::within;

/// Databases of an earlier run on a server that is not ours are dropped when this old.
const LEFTOVER_SECONDS: u32 = 24 * 60 * 60;

/// A server's address and a client for it.
#[derive(Debug, Clone)]
pub(super) struct Admin {
    psql: PathBuf,
    url: String,
}

impl Admin {
    /// `url` leads to a database to be connected to while others are created and dropped.
    pub(super) fn new(psql: PathBuf, url: String) -> Self {
        Self { psql, url }
    }

    /// The URL of the database `name` on the same server.
    pub(super) fn url_of(&self, name: &str) -> String {
        let authority = self.url.find("://").map_or(0, |at| at + 3);
        let path = self.url[authority..].find(['/', '?']).map_or(self.url.len(), |at| authority + at);
        let query = self.url[path..].find('?').map_or("", |at| &self.url[path + at..]);
        format!("{}/{name}{query}", &self.url[..path])
    }

    pub(super) fn answers(&self) -> bool {
        self.run("SELECT 1").is_ok()
    }

    pub(super) fn run(&self, sql: &str) -> Result<String, String> {
        self.run_in(&self.url, sql)
    }

    /// The rows, or what `psql` printed on standard error.
    pub(super) fn run_in(&self, url: &str, sql: &str) -> Result<String, String> {
        let output = Command::new(&self.psql)
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
            .env("PGCONNECT_TIMEOUT", "10")
            .env("PGOPTIONS", "-c client_min_messages=warning")
            .stdin(Stdio::null())
            .output()
            .expect("psql runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    #[track_caller]
    pub(super) fn execute(&self, sql: &str) -> String {
        self.run(sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Whether `name` is there and finished.
    pub(super) fn is_template(&self, name: &str) -> bool {
        self.execute(&format!("SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate")) == "1"
    }

    /// Nobody connects to it any more, so that it can be copied at any time; and it is marked as finished.
    pub(super) fn seal_template(&self, name: &str) {
        self.execute(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"));
        let connections = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'");
        let empty = within(Duration::from_secs(10), || (self.execute(&connections) == "0").then_some(()));
        assert!(empty.is_some(), "the migration of {name} left connections open");
        self.execute(&format!("ALTER DATABASE {name} WITH IS_TEMPLATE true"));
    }

    /// A prefix of names for this process on a server that others use too. It carries the server's time, for
    /// [`drop_leftovers`](Self::drop_leftovers).
    pub(super) fn run_prefix(&self) -> String {
        let seconds = self.execute("SELECT extract(epoch FROM now())::bigint");
        format!("selfsame_test_{seconds}_{}", process::id())
    }

    /// Drops what runs that were cut short left on a server that lives on.
    pub(super) fn drop_leftovers(&self) {
        let leftovers = self.execute(&format!(
            "SELECT datname FROM pg_database WHERE datname ~ '^selfsame_test_[0-9]+_' \
             AND split_part(datname, '_', 3)::bigint < extract(epoch FROM now()) - {LEFTOVER_SECONDS}"
        ));
        for name in leftovers.lines() {
            // Another run may be dropping it at the same moment.
            let dropped = self
                .run(&format!("ALTER DATABASE {name} WITH IS_TEMPLATE false"))
                .and_then(|_| self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
            if let Err(error) = dropped {
                eprintln!("could not drop the leftover {name}: {error}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Admin;

    fn url_of(server: &str) -> String {
        Admin::new("psql".into(), server.to_owned()).url_of("mine")
    }

    #[test]
    fn the_database_in_a_url_is_replaced_and_the_rest_kept() {
        assert_eq!(url_of("postgres://u:p@h:5/postgres?sslmode=require"), "postgres://u:p@h:5/mine?sslmode=require");
        assert_eq!(url_of("postgresql:///postgres?host=/tmp/a/b&user=u"), "postgresql:///mine?host=/tmp/a/b&user=u");
        assert_eq!(url_of("postgres://u@h"), "postgres://u@h/mine");
        assert_eq!(url_of("postgres://u@?host=/run/x"), "postgres://u@/mine?host=/run/x");
    }
}
