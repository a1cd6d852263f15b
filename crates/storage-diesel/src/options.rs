//! Options of the database: URL, sizes, timeouts. Passwords are masked.

use std::{fmt, ops::Range, path::PathBuf, time::Duration};

use crate::{ConnectError, parameters, sqlite};

/// The database, and its limits. The defaults suit one server on one machine.
#[derive(Clone)]
pub struct DatabaseOptions {
    /// `sqlite://PATH`, or `postgres://…` in every form that libpq reads, TLS settings included (`sslmode`,
    /// `sslrootcert`, …).
    pub url: String,
    /// PostgreSQL: greatest number of connections. Of more than two, two are left to readers by writers.
    pub pool_size: u32,
    /// SQLite: number of connections for reading, beside the one that writes.
    pub readers: u32,
    /// How long to wait for a connection, or on SQLite for the turn to write (R91).
    pub acquire_timeout: Duration,
    /// PostgreSQL: how long one statement may run (R85). SQLite has no such limit.
    pub statement_timeout: Duration,
    /// How long one statement may wait for a lock (R85): on PostgreSQL of any other unit; on SQLite, where units take
    /// turns, of another process.
    pub lock_timeout: Duration,
    /// PostgreSQL: the name under which the server's own views list the connections.
    pub application_name: String,
}

impl DatabaseOptions {
    /// The options for a URL, everything else as by default.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            pool_size: 10,
            readers: 4,
            acquire_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(1),
            application_name: "selfsame".to_owned(),
        }
    }

    /// Checks what can be checked without a connection: the scheme, the parameters, and on SQLite that the file, if there
    /// is one, is a database.
    pub fn check(&self) -> Result<(), ConnectError> {
        match self.target()? {
            Target::Sqlite(path) => sqlite::check(&path),
            Target::Postgres(url) => parameters::check(&url),
        }
    }

    /// The URL with masked passwords.
    pub fn masked_url(&self) -> String {
        mask(&self.url)
    }

    /// Parses the URL by its scheme. Nothing is opened to find out: a mistyped DSN must not become the name of a new
    /// file.
    pub(crate) fn target(&self) -> Result<Target, ConnectError> {
        if let Some(path) = self.url.strip_prefix("sqlite://") {
            let is_plain = !path.is_empty() && !path.contains([':', '?', '#', '\0']);
            return if is_plain { Ok(Target::Sqlite(path.into())) } else { Err(ConnectError::NoFile) };
        }
        if ["postgres://", "postgresql://"].iter().any(|scheme| self.url.starts_with(scheme)) {
            return Ok(Target::Postgres(self.url.clone()));
        }
        Err(ConnectError::UnknownScheme)
    }
}

impl fmt::Debug for DatabaseOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("DatabaseOptions");
        debug.field("url", &self.masked_url());
        debug.field("pool_size", &self.pool_size);
        debug.field("readers", &self.readers);
        debug.field("acquire_timeout", &self.acquire_timeout);
        debug.field("statement_timeout", &self.statement_timeout);
        debug.field("lock_timeout", &self.lock_timeout);
        debug.field("application_name", &self.application_name);
        debug.finish()
    }
}

/// The target of a URL.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file.
    Sqlite(PathBuf),
    /// A server, by the URL for libpq.
    Postgres(String),
}

/// A URL with `***` in place of every password. If it cannot be parsed, more is masked, not less.
fn mask(url: &str) -> String {
    let mut masked = String::new();
    let mut done = 0;
    for Range { start, end } in secrets(url) {
        if start >= done {
            masked.push_str(&url[done..start]);
            masked.push_str("***");
        }
        done = done.max(end);
    }
    masked + &url[done..]
}

/// A shorter password is searched for within its URL only. Replaced everywhere, it would make a message unreadable, and
/// the replaced places would show it.
const LEAST_TELLING: usize = 8;

/// Removes the URL's passwords from a message of a driver, which may quote the URL or parts of it.
pub(crate) fn scrub(message: &str, url: &str) -> String {
    let masked = message.replace(url, &mask(url));
    let telling = secrets(url).into_iter().map(|range| &url[range]).filter(|secret| secret.len() >= LEAST_TELLING);
    telling.fold(masked, |masked, secret| masked.replace(secret, "***"))
}

/// The ranges of passwords in a URL, in order: between the first `:` and the last `@` after the scheme, and in
/// parameters like `password`. Parameters begin at the first question mark, or where libpq has them begin: with either
/// reading they are masked.
pub(crate) fn secrets(url: &str) -> Vec<Range<usize>> {
    let start = url.find("://").map_or(0, |at| at + 3);
    let userinfo = start..url.rfind('@').map_or(start, |at| at.max(start));
    let password = url[userinfo.clone()].find(':').map(|colon| start + colon + 1..userinfo.end);
    let first = url[start..].find('?').map_or(url.len(), |mark| start + mark + 1);
    let in_parameters = [first, url.len() - parameters::query(url).len()].into_iter().flat_map(|mut at| {
        url[at..].split('&').filter_map(move |parameter| {
            let end = at + parameter.len();
            at = end + 1;
            let (name, value) = parameter.split_once('=')?;
            ["password", "sslpassword"].contains(&name).then_some(end - value.len()..end)
        })
    });
    let found = password.into_iter().chain(in_parameters).filter(|range| !range.is_empty());
    let mut found: Vec<Range<usize>> = found.collect();
    found.sort_unstable_by_key(|range| range.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r51_a_password_is_masked_wherever_a_url_may_hold_it() {
        for (url, masked) in [
            ("postgres://ada:s3cret@db:5432/selfsame", "postgres://ada:***@db:5432/selfsame"),
            ("postgres://ada:p@ss/w:rd@db/selfsame", "postgres://ada:***@db/selfsame"),
            ("postgres://ada:a@db/selfsame?password=p", "postgres://ada:***@db/selfsame?password=***"),
            ("postgres://ada:p?password=s3cret@db/selfsame", "postgres://ada:***"),
            ("postgres://db/selfsame?password=s3:cret@x", "postgres://db/selfsame?password=***"),
            ("postgres://ada:p?sslmode=x&password=a@b", "postgres://ada:***"),
            ("postgresql:///selfsame?user=ada&password=s3cret", "postgresql:///selfsame?user=ada&password=***"),
            ("postgres://db/x?sslpassword=s3cret&sslmode=require", "postgres://db/x?sslpassword=***&sslmode=require"),
            ("postgres://ada@db/selfsame", "postgres://ada@db/selfsame"),
            ("postgres://ada:p?q@db/x?password=s3cret", "postgres://ada:***@db/x?password=***"),
            ("mysql://ada:s3cret@db/selfsame", "mysql://ada:***@db/selfsame"),
            ("sqlite://data/selfsame.db", "sqlite://data/selfsame.db"),
        ] {
            let options = DatabaseOptions::new(url);
            assert_eq!(options.masked_url(), masked);
            assert!(!format!("{options:?}").contains("s3cret"));
        }
    }

    #[test]
    fn r51_what_a_driver_says_about_a_url_is_scrubbed() {
        let url = "postgres://ada:s3cret-s3cret@db:x/selfsame";
        let message = format!("invalid port \"x\" in \"{url}\", password \"s3cret-s3cret\"");
        assert_eq!(
            scrub(&message, url),
            "invalid port \"x\" in \"postgres://ada:***@db:x/selfsame\", password \"***\""
        );
    }

    #[test]
    fn a_password_of_a_letter_leaves_a_message_readable() {
        let url = "postgres://ada:p@db:x/selfsame";
        let message = format!("password authentication failed for \"{url}\" on port x");
        assert_eq!(
            scrub(&message, url),
            "password authentication failed for \"postgres://ada:***@db:x/selfsame\" on port x"
        );
    }

    #[test]
    fn the_scheme_alone_decides_on_the_database() {
        let target = |url| DatabaseOptions::new(url).target();
        assert_eq!(target("sqlite://data/x.db").unwrap(), Target::Sqlite("data/x.db".into()));
        assert_eq!(target("sqlite:///srv/x.db").unwrap(), Target::Sqlite("/srv/x.db".into()));
        assert_eq!(target("postgres://h/x").unwrap(), Target::Postgres("postgres://h/x".into()));
        for url in ["sqlite://", "sqlite://:memory:", "sqlite://x.db?mode=ro"] {
            assert!(matches!(target(url), Err(ConnectError::NoFile)), "{url}");
        }
        for url in ["x.db", "sqlite:x.db", "postgres:/h/x", "mysql://h/x", ""] {
            assert!(matches!(target(url), Err(ConnectError::UnknownScheme)), "{url}");
        }
    }
}
