//! Opens connections to PostgreSQL, with deadlines for everything that can hang.

use std::time::Duration;

use diesel::{
    Connection, PgConnection, QueryResult, RunQueryDsl, connection::SimpleConnection, dsl::sql, sql_types::Bool,
};

use crate::{ConnectError, DatabaseOptions, options::scrub, parameters, statements};

/// Parameters of libpq that are added unless the URL has them: a server that disappears is detected within two seconds,
/// when connecting and later (R91); of several hosts the one that takes writes is used.
const PARAMETERS: [(&str, &str); 7] = [
    ("connect_timeout", "2"),
    ("keepalives", "1"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "2000"),
    ("target_session_attrs", "read-write"),
];

/// A server, and the settings of its sessions.
#[derive(Clone)]
pub(crate) struct PostgresServer {
    url: String,
    shown_url: String,
    session: String,
}

impl PostgresServer {
    pub(crate) fn new(url: &str, options: &DatabaseOptions) -> Self {
        Self { url: with_parameters(url), shown_url: url.to_owned(), session: session_settings(options) }
    }

    /// Opens one connection.
    pub(crate) fn connect(&self) -> Result<PgConnection, ConnectError> {
        let mut connection = PgConnection::establish(&self.url).map_err(|error| self.refused(&error))?;
        connection.batch_execute(&self.session).map_err(|error| self.refused(&error))?;
        connection.set_instrumentation(statements::observe);
        Ok(connection)
    }

    fn refused(&self, error: &impl ToString) -> ConnectError {
        let message = scrub(&error.to_string(), &self.url);
        ConnectError::Refused(scrub(&message, &self.shown_url).trim().to_owned())
    }
}

fn with_parameters(url: &str) -> String {
    let query = parameters::query(url);
    let separator = if !query.is_empty() {
        "&"
    } else if url.ends_with('?') {
        ""
    } else {
        "?"
    };
    let is_named = |name: &str| query.split('&').any(|parameter| parameter.split('=').next() == Some(name));
    let added = PARAMETERS.into_iter().filter(|(name, _)| !is_named(name));
    let added = added.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    format!("{url}{separator}{added}")
}

/// One batch, one round trip. A commit is on disk when it returns, whatever the server's default is (R87). A stricter
/// default, such as waiting for a standby, is kept.
fn session_settings(options: &DatabaseOptions) -> String {
    format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = 10000; \
         SET default_transaction_isolation = 'read committed'; SET application_name = '{}'; \
         SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
        milliseconds(options.statement_timeout),
        milliseconds(options.lock_timeout),
        options.application_name.replace('\'', "''"),
    )
}

/// Whether the server takes writes: it is neither a standby nor read-only. One round trip.
pub(crate) fn takes_writes(connection: &mut PgConnection) -> QueryResult<bool> {
    sql::<Bool>("SELECT current_setting('transaction_read_only') = 'off'").get_result(connection)
}

/// A timeout for PostgreSQL, in milliseconds. At least 1, because 0 means no timeout.
pub(crate) fn milliseconds(timeout: Duration) -> i32 {
    i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r91_every_url_gets_deadlines_unless_it_has_its_own() {
        let url = with_parameters("postgres://h/x");
        assert!(url.starts_with("postgres://h/x?connect_timeout=2&keepalives=1&"), "{url}");
        assert!(url.ends_with("&tcp_user_timeout=2000&target_session_attrs=read-write"), "{url}");
        let asks = with_parameters("postgres://u:p?q@h/x");
        assert!(asks.starts_with("postgres://u:p?q@h/x?connect_timeout=2&keepalives=1&"), "{asks}");
        let own = with_parameters("postgres://h/x?sslmode=require&connect_timeout=9");
        assert!(own.starts_with("postgres://h/x?sslmode=require&connect_timeout=9&keepalives=1&"), "{own}");
    }

    #[test]
    fn a_time_out_is_never_turned_off_by_rounding() {
        assert_eq!(milliseconds(Duration::from_micros(10)), 1);
        assert_eq!(milliseconds(Duration::MAX), i32::MAX);
    }

    #[test]
    fn an_application_name_cannot_leave_its_quotes() {
        let options =
            DatabaseOptions { application_name: "it's; --".to_owned(), ..DatabaseOptions::new("postgres://h") };
        assert!(session_settings(&options).contains("SET application_name = 'it''s; --';"));
    }
}
