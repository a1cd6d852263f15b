//! PostgreSQL for tests, with nothing to set up.
//!
//! `SELFSAME_TEST_POSTGRES_URL` names a server to use. Without it, one is started from the binaries on the machine: in
//! a temporary directory, on a Unix socket only, as an unprivileged user when the tests run as root. All test processes
//! of one `cargo test` or `cargo nextest run` share it, and it goes away with that run, however the run ends.
//!
//! ```no_run
//! # fn migrate(url: &str) {}
//! use selfsame_testing::postgres::Postgres;
//!
//! let Some(postgres) = Postgres::shared() else { return };
//! let template = postgres.template("migrated", migrate); // once
//! let database = postgres.fresh_database(Some(&template)); // per test, milliseconds
//! // … database.url … and it is dropped with `database`
//! ```
//!
//! It speaks to the server through `psql` alone and knows nothing of diesel.

mod admin;
mod binaries;
mod cluster;
mod surroundings;

use std::collections::HashSet;
use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use self::admin::Admin;
use self::binaries::Binaries;
use self::cluster::Cluster;
use crate::poll::within;

/// Names the server to use instead of one of our own. Its role must be allowed to create databases.
pub const URL_VARIABLE: &str = "SELFSAME_TEST_POSTGRES_URL";
/// Set to `1`, turns the skipping of PostgreSQL tests into a failure.
pub const REQUIRE_VARIABLE: &str = "SELFSAME_REQUIRE_POSTGRES";

const MISSING: &str = "no PostgreSQL: there are no server binaries on PATH or in /usr/lib/postgresql, and \
    SELFSAME_TEST_POSTGRES_URL is not set. Install them (`apt-get install postgresql`) or name a server";

/// A PostgreSQL server that tests may create databases on.
#[derive(Debug)]
pub struct Postgres {
    admin: Admin,
    cluster: Option<Cluster>,
    prefix: String,
    templates: Mutex<HashSet<String>>,
}

impl Postgres {
    /// The server this run of the tests shares. It is fast, not durable.
    ///
    /// `None` where PostgreSQL is not to be had: the caller returns early, and the reason is on standard error.
    /// Panics instead when `SELFSAME_REQUIRE_POSTGRES=1`.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Postgres>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| match env::var(URL_VARIABLE) {
            Ok(url) if !url.is_empty() => Some(Self::external(url)),
            _ => Binaries::find().map(|binaries| Self::over(Cluster::shared(binaries))),
        });
        shared.as_ref().or_else(skip)
    }

    /// A server of the caller's own, running, which it may [`stop`](Self::stop), [`kill`](Self::kill) and
    /// [`start`](Self::start) again; gone when dropped. `durable` keeps fsync on, as in production.
    ///
    /// `None` and panics as in [`shared`](Self::shared).
    pub fn private(durable: bool) -> Option<Self> {
        let Some(binaries) = Binaries::find() else {
            return skip();
        };
        Some(Self::over(Cluster::private(binaries, durable)))
    }

    fn over(cluster: Cluster) -> Self {
        Self {
            admin: cluster.admin().clone(),
            cluster: Some(cluster),
            prefix: "test".to_owned(),
            templates: Mutex::default(),
        }
    }

    fn external(url: String) -> Self {
        let psql = Binaries::psql().expect("SELFSAME_TEST_POSTGRES_URL is set, but there is no psql on PATH");
        let admin = Admin::new(psql, url);
        admin.drop_leftovers();
        let prefix = admin.run_prefix();
        Self { admin, cluster: None, prefix, templates: Mutex::default() }
    }

    /// Makes the template `name` unless this run has it already: creates a database and hands its URL to `migrate`,
    /// which must have closed its connections when it returns. Returns the name to give to
    /// [`fresh_database`](Self::fresh_database). `name` is of lower-case letters.
    pub fn template(&self, name: &str, migrate: impl FnOnce(&str)) -> String {
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase()), "{name:?} needs quoting");
        let template = format!("{}_template_{name}", self.prefix);
        let mut known = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(&template) {
            return template;
        }
        let _other_processes_wait: Option<File> = self.cluster.as_ref().map(Cluster::lock);
        if !self.admin.is_template(&template) {
            self.admin.execute(&format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)"));
            self.admin.execute(&format!("CREATE DATABASE {template}"));
            migrate(&self.admin.url_of(&template));
            self.admin.seal_template(&template);
        }
        known.insert(template.clone());
        template
    }

    /// A database of the caller's own, empty or a copy of `template`.
    pub fn fresh_database(&self, template: Option<&str>) -> TestDatabase {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}_{}_{number}", self.prefix, process::id());
        let create = format!("CREATE DATABASE {name} TEMPLATE {}", template.unwrap_or("template0"));
        // The backends that migrated the template may need a moment to leave it.
        let mut last = String::new();
        within(Duration::from_secs(10), || self.admin.run(&create).map_err(|error| last = error).ok())
            .unwrap_or_else(|| panic!("{create}: {last}"));
        TestDatabase { url: self.admin.url_of(&name), name, admin: self.admin.clone() }
    }

    /// Stops a private server in an orderly way, ending the connections there are.
    pub fn stop(&self) {
        self.private_cluster().stop();
    }

    /// Kills all processes of a private server at once: `kill -9`, as when the machine goes.
    pub fn kill(&self) {
        self.private_cluster().kill();
    }

    /// Starts a private server again, on the same data and the same address, and waits until it answers.
    pub fn start(&self) {
        self.private_cluster().start();
    }

    fn private_cluster(&self) -> &Cluster {
        let cluster = self.cluster.as_ref().filter(|cluster| cluster.is_private());
        cluster.expect("only a server from Postgres::private may be stopped")
    }
}

/// Past the capturing of output by the test harness, which would hide it as long as the test passes.
fn skip<T>() -> Option<T> {
    assert!(env::var(REQUIRE_VARIABLE).as_deref() != Ok("1"), "{MISSING}");
    let test = thread::current().name().unwrap_or("a test").to_owned();
    writeln!(io::stderr(), "SKIPPED {test} on PostgreSQL: {MISSING}. {REQUIRE_VARIABLE}=1 makes this a failure.")
        .expect("standard error takes text");
    None
}

/// A database of one test; dropped, with all connections to it, when the value is.
#[derive(Debug)]
pub struct TestDatabase {
    /// A URL that libpq, and so diesel, understands; parses as a WHATWG URL too.
    pub url: String,
    /// The name of the database on its server.
    pub name: String,
    admin: Admin,
}

impl TestDatabase {
    /// Runs `sql` through `psql` and returns the rows, unaligned and without a header: for a look behind the
    /// program's back. Panics with the server's words if it fails.
    pub fn query(&self, sql: &str) -> String {
        self.admin.run_in(&self.url, sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let outcome = self.admin.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        if let Err(error) = outcome {
            eprintln!("could not drop {}: {error}", self.name); // its server may be stopped or gone
        }
    }
}

#[cfg(test)]
mod tests;
