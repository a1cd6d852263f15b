//! What PostgreSQL can do without this server: pgbench, running the very statements that the requests run.

use std::{fs, path::PathBuf, process::Command, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{OpaqueToken, SignInId, UserId};
use selfsame_ports::Storage as _;
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage, statements::record};
use serde_json::Value;

/// What a request asks the database: statements, and the values of their variables.
pub(crate) struct Script {
    statements: String,
    variables: Vec<String>,
}

/// The least that an update with a record of it takes: each client changes a row of its own.
const UPDATE: &str = "BEGIN;
    UPDATE floor_accounts SET name = 'Ada', version = version + 1, updated_at = now() WHERE id = :client_id;
    INSERT INTO floor_events (account, details) VALUES (:client_id, repeat('x', 200));
    COMMIT;";

/// Makes the tables that [`update`] writes to.
pub(crate) const UPDATE_TABLES: &str = "
    CREATE TABLE floor_accounts (id bigint PRIMARY KEY, version bigint NOT NULL, name text, updated_at timestamptz);
    INSERT INTO floor_accounts SELECT id, 1, NULL, now() FROM generate_series(0, 99) AS id;
    CREATE TABLE floor_events (id bigserial PRIMARY KEY, account bigint NOT NULL, details text NOT NULL)";

/// A change of an account as a bare transaction.
pub(crate) fn update() -> Script {
    Script { statements: UPDATE.to_owned(), variables: Vec::new() }
}

/// The reads for the cookie and for the access token.
pub(crate) fn scripts(url: &str, cookie: &str, access_token: &str) -> [Script; 2] {
    let storage = DieselStorage::connect(&DatabaseOptions::new(url)).unwrap();
    let now = "2100-01-01T00:00:00Z";
    let hash = OpaqueToken::parse(cookie).unwrap().hash();
    let (user, sign_in) = names_in(access_token);
    let (session, by_cookie) = record(|| storage.read().unwrap().session(&hash, now.parse().unwrap(), false).unwrap());
    let (found, by_token) = record(|| storage.read().unwrap().sign_in(user, sign_in, false).unwrap());
    assert!(session.is_some() && found.is_some(), "the statements find what they look for");
    let hash = hash.0.iter().fold("\\x".to_owned(), |hash, byte| format!("{hash}{byte:02x}"));
    let variables = [
        ("token_hash", hash),
        ("expires_at", now.to_owned()),
        ("id", sign_in.to_string()),
        ("user_id", user.to_string()),
    ];
    let names = variables.each_ref().map(|(name, _)| *name);
    let variables: Vec<String> = variables.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    [by_cookie, by_token].map(|statements| {
        let [statement] = statements.try_into().unwrap();
        Script { statements: format!("{};", with_variables(statement, names)), variables: variables.clone() }
    })
}

/// The statement with a variable in place of each placeholder, named for the column that it is compared with. Where only
/// so many rows are wanted, it is one.
fn with_variables(mut statement: String, columns: [&str; 4]) -> String {
    let compared = columns
        .into_iter()
        .flat_map(|column| ["=", ">"].map(|comparison| (format!("\"{column}\" {comparison} $"), format!(":{column}"))));
    for (before, value) in compared.chain([("LIMIT $".to_owned(), "1".to_owned())]) {
        while let Some(at) = statement.find(&before) {
            let digits = at + before.len();
            let beyond = statement[digits..].find(|char: char| !char.is_ascii_digit());
            let end = beyond.map_or(statement.len(), |length| digits + length);
            statement.replace_range(digits - 1..end, &value);
        }
    }
    assert!(!statement.contains('$'), "{statement}");
    statement
}

/// The account and the sign-in that an access token names.
fn names_in(access_token: &str) -> (UserId, SignInId) {
    let claims = URL_SAFE_NO_PAD.decode(access_token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let name = |claim: &str| claims[claim].as_str().unwrap();
    (name("sub").parse().unwrap(), name("sid").parse().unwrap())
}

/// Transactions a second.
pub(crate) fn run(script: &Script, url: &str, clients: usize, length: Duration) -> f64 {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, &script.statements).unwrap();
    let output = Command::new(program())
        .args(["--protocol=prepared", "--no-vacuum", "--jobs=2", &format!("--client={clients}")])
        .args(script.variables.iter().map(|variable| format!("--define={variable}")))
        .arg(format!("--time={}", length.as_secs()))
        .arg("--file")
        .arg(file.path())
        .arg(url)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    rate.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}

/// On the PATH, or where Debian keeps it.
fn program() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let packaged = versions.map(|version| version.path().join("bin/pgbench")).filter(|program| program.is_file());
    packaged.max().unwrap_or_else(|| "pgbench".into())
}
