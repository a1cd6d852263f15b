//! Requests, and the statements that the server traced while it answered them.

use std::{cell::RefCell, fmt, time::Duration};

use reqwest::blocking::{RequestBuilder, Response};
use selfsame_application::Limits;
use selfsame_testing::{poll::eventually, server::Backend};
use serde_json::{Value, json};

use crate::common::{App, app, app_with, applications, at_localhost, options};

/// Of the resource server `orders`.
pub(crate) const RESOURCE_SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A server that traces its statements, and what was asked of it so far.
pub(crate) struct Ledger {
    pub(crate) app: App,
    /// Of the pages of the server, for passkeys.
    pub(crate) origin: String,
    /// Another server, whose tokens are accepted.
    pub(crate) issuer: App,
    entries: RefCell<Vec<Entry>>,
}

/// What one request asked of the database.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) status: u16,
    /// Verb and tables, in order.
    pub(crate) statements: Vec<String>,
}

impl Ledger {
    /// With limits, as in real life, that nobody reaches.
    pub(crate) fn open(backend: Backend) -> Self {
        let limits = Limits::default().map(|_, _| "1000/1ms", |_, _| "1GiB/1ms");
        let limits = serde_json::to_value(limits).unwrap();
        let options = options(backend).setting("log.filter", "info,selfsame::sql=trace");
        let options = options.setting("sms.sign_in", true).setting("sms.second_factor", true);
        let budgets = limits.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
        let options = budgets.fold(options, |options, (key, value)| {
            options.setting(&format!("limits.{key}"), value.as_str().unwrap_or("true"))
        });
        let (options, origin) = at_localhost(options);
        let servers = json!([{"id": "orders", "secret": RESOURCE_SECRET}]);
        let options = options.setting("oauth.clients", applications()).setting("oauth.resource_servers", servers);
        let issuer = app(Backend::Sqlite);
        let url = issuer.server.url("").trim_end_matches('/').to_owned();
        let trusted = json!([{"name": "Other", "issuer": url, "audience": "selfsame", "create_accounts": true,
            "trust_authentication": true, "jwks_url": format!("{url}/.well-known/jwks.json")}]);
        let options = options.setting("issuers", trusted);
        Self { app: app_with(options), origin, issuer, entries: RefCell::default() }
    }

    /// Asks, and enters what it took under `name`.
    #[track_caller]
    pub(crate) fn enter(&self, name: &str, request: RequestBuilder) -> Response {
        let response = request.send().unwrap();
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let status = response.status().as_u16();
        assert!(status < 500, "{name}: {}", response.text().unwrap());
        let statements = eventually(Duration::from_secs(10), "the request in the log", || self.traced(&id));
        self.entries.borrow_mut().push(Entry { name: name.to_owned(), status, statements });
        response
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.borrow().clone()
    }

    /// The statements of a request whose last line is in the log.
    fn traced(&self, id: &str) -> Option<Vec<String>> {
        let log = self.app.server.stderr();
        let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let lines: Vec<Value> = lines.filter(|line| line["span"]["request_id"] == id).collect();
        lines.iter().find(|line| line["message"] == "answered")?;
        Some(lines.iter().filter_map(|line| line["statement"].as_str()).map(kind).collect())
    }
}

/// One block for each request.
impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Entry { name, status, statements } in self.entries.borrow().iter() {
            writeln!(f, "{} · {name} · {status}", statements.len())?;
            statements.iter().try_for_each(|statement| writeln!(f, "    {statement}"))?;
        }
        Ok(())
    }
}

/// The verb of a statement and the tables it names: `SELECT users, identifiers`. What only locks rows is a `LOCK`.
fn kind(statement: &str) -> String {
    if let Some(locking) = statement.strip_prefix("BEGIN; ") {
        return format!("BEGIN; {}", kind(locking));
    }
    let bare = statement.replace(['"', '`', '(', ')', ',', ';'], " ");
    let words: Vec<&str> = bare.split_whitespace().collect();
    let verb = match words.as_slice() {
        ["SELECT", "1", .., "FOR", "NO", "KEY", "UPDATE"] => "LOCK",
        [verb, ..] => verb,
        [] => "",
    };
    let pairs = words.iter().zip(words.iter().skip(1));
    let tables = pairs.filter(|(before, _)| ["FROM", "JOIN", "INTO", "UPDATE"].contains(before));
    // `FROM (SELECT …`, `DO UPDATE SET`, `FOR NO KEY UPDATE`, `FOR UPDATE SKIP LOCKED`
    let mut tables: Vec<&str> =
        tables.map(|(_, table)| *table).filter(|word| word.starts_with(char::is_lowercase)).collect();
    tables.dedup();
    if tables.is_empty() { verb.to_owned() } else { format!("{verb} {}", tables.join(", ")) }
}
