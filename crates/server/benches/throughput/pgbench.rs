//! What PostgreSQL can do without this server: pgbench, running the very statements that the requests run.

use std::{fs, path::PathBuf, process::Command, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{OpaqueToken, SignInId};
use selfsame_ports::Storage as _;
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage, statements::record};
use serde_json::Value;

/// What a request asks the database: one statement, and the values of its variables.
pub(crate) struct Script {
    statement: String,
    variables: Vec<String>,
}

/// For the cookie and for the access token.
pub(crate) fn scripts(url: &str, cookie: &str, access_token: &str) -> [Script; 2] {
    let storage = DieselStorage::connect(&DatabaseOptions::new(url)).unwrap();
    let now = "2100-01-01T00:00:00Z";
    let hash = OpaqueToken::parse(cookie).unwrap().hash();
    let sign_in = sign_in_of(access_token);
    let (session, by_cookie) = record(|| storage.read().unwrap().session(&hash, now.parse().unwrap()).unwrap());
    let (found, by_token) = record(|| storage.read().unwrap().sign_in(sign_in).unwrap());
    assert!(session.is_some() && found.is_some(), "the statements find what they look for");
    let hash = hash.0.iter().fold("\\x".to_owned(), |hash, byte| format!("{hash}{byte:02x}"));
    let variables = [("token_hash", hash), ("expires_at", now.to_owned()), ("id", sign_in.to_string())];
    let names = variables.each_ref().map(|(name, _)| *name);
    let variables: Vec<String> = variables.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    [by_cookie, by_token].map(|statements| {
        let [statement] = statements.try_into().unwrap();
        Script { statement: with_variables(statement, names), variables: variables.clone() }
    })
}

/// The statement with a variable in place of each placeholder, named for the column that it is compared with.
fn with_variables(mut statement: String, columns: [&str; 3]) -> String {
    for column in columns {
        for comparison in ["=", ">"] {
            let before = format!("\"{column}\" {comparison} $");
            while let Some(at) = statement.find(&before) {
                let digits = at + before.len();
                let beyond = statement[digits..].find(|char: char| !char.is_ascii_digit());
                let end = beyond.map_or(statement.len(), |length| digits + length);
                statement.replace_range(digits - 1..end, &format!(":{column}"));
            }
        }
    }
    assert!(!statement.contains('$'), "{statement}");
    statement
}

/// The sign-in that an access token names.
fn sign_in_of(access_token: &str) -> SignInId {
    let claims = URL_SAFE_NO_PAD.decode(access_token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sid"].as_str().unwrap().parse().unwrap()
}

/// Transactions a second.
pub(crate) fn run(script: &Script, url: &str, clients: usize, length: Duration) -> f64 {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, format!("{};\n", script.statement)).unwrap();
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
