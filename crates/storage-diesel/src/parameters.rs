//! The parameters of a PostgreSQL URL. libpq refuses an unknown one only when it connects, and reads a wrong value then.

use std::{collections::BTreeSet, path::Path};

use crate::{ConnectError, options::secrets};

/// Every parameter of libpq, and `ssl`, which it reads in URLs of JDBC.
const KNOWN: &str = "host hostaddr port dbname user password passfile require_auth channel_binding connect_timeout \
    client_encoding options application_name fallback_application_name keepalives keepalives_idle keepalives_interval \
    keepalives_count tcp_user_timeout replication gssencmode sslmode ssl requiressl sslnegotiation sslcompression sslcert \
    sslkey sslpassword sslcertmode sslrootcert sslcrl sslcrldir sslsni requirepeer ssl_min_protocol_version \
    ssl_max_protocol_version min_protocol_version max_protocol_version krbsrvname gsslib gssdelegation service \
    target_session_attrs load_balance_hosts sslkeylogfile servicefile scram_client_key scram_server_key oauth_issuer \
    oauth_client_id oauth_client_secret oauth_scope";

/// Parameters with a fixed set of values.
const CHOICES: [(&str, &str); 3] = [
    ("sslmode", "disable allow prefer require verify-ca verify-full"),
    ("target_session_attrs", "any read-write read-only primary standby prefer-standby"),
    ("gssencmode", "disable prefer require"),
];

/// Parameters that are numbers.
const NUMBERS: [&str; 6] =
    ["connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"];

/// The query of a URL, without its question mark. As libpq reads it: user and password end at the first `@` before any
/// slash, and may have question marks.
pub(crate) fn query(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = match rest.find(['@', '/']) {
        Some(at) if rest[at..].starts_with('@') => &rest[at..],
        _ => rest,
    };
    rest.split_once('?').map_or("", |(_, query)| query)
}

/// Checks names and values. The error contains no part of a password, even if the URL is not what was meant: `&` and `?`
/// may be in a password that was not percent-encoded.
pub(crate) fn check(url: &str) -> Result<(), ConnectError> {
    let known: BTreeSet<&str> = KNOWN.split_ascii_whitespace().collect();
    let (secrets, query) = (secrets(url), query(url));
    let start = url.len() - query.len();
    let mut next = start;
    for parameter in query.split('&') {
        let at = next;
        next += parameter.len() + 1;
        if parameter.is_empty() {
            continue;
        }
        let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let is_apart = secrets.iter().all(|secret| secret.end <= start || at < secret.start);
        let refused = |name: &str, reason: String| {
            let is_shown = known.contains(name) || is_apart && is_name(name);
            let name = if is_shown { name } else { "a part of the query" }.to_owned();
            Err(ConnectError::Parameter { name, reason })
        };
        let Some((name, value)) = parameter.split_once('=') else {
            return refused(parameter, "has no value".to_owned());
        };
        if !known.contains(name) {
            return refused(name, "is no parameter of a PostgreSQL URL".to_owned());
        }
        if let Some((_, choices)) = CHOICES.into_iter().find(|(of, _)| *of == name)
            && !choices.split_ascii_whitespace().any(|choice| choice == value)
        {
            let choices = choices.split_ascii_whitespace().collect::<Vec<_>>().join(", ");
            return refused(name, format!("must be one of {choices}"));
        }
        if NUMBERS.contains(&name) && value.parse::<i32>().is_err() {
            return refused(name, "must be a number".to_owned());
        }
        let is_file = ["sslrootcert", "sslcert", "sslkey", "sslcrl"].contains(&name);
        // A path with percent signs is left to libpq.
        if is_file && value != "system" && !value.contains('%') && !Path::new(value).is_file() {
            return refused(name, format!("there is no file {value}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_libpq_would_refuse_is_found_without_a_connection() {
        for url in [
            "postgres://h/x",
            "postgres://h/x?",
            "postgres:///x?host=%2Frun%2Fpostgresql&sslmode=require",
            "postgres://h/x?sslmode=verify-full&sslrootcert=system&connect_timeout=5",
            "postgres://a,b/x?target_session_attrs=read-write&load_balance_hosts=random",
            "postgres://u:p?s3cret@h/x?sslmode=require",
            "postgres://u:p?s3cret@h/x",
        ] {
            assert!(check(url).is_ok(), "{url}");
        }
        for (url, message) in [
            ("postgres://h/x?sslmod=verify-full", "sslmod is no parameter of a PostgreSQL URL"),
            ("postgres://h/x?sslmode=full", "sslmode must be one of disable, allow"),
            ("postgres://h/x?sslmode", "sslmode has no value"),
            ("postgres://h/x?connect_timeout=5s", "connect_timeout must be a number"),
            ("postgres://h/x?sslmode=verify-ca&sslrootcert=/nope.pem", "sslrootcert there is no file /nope.pem"),
        ] {
            let error = check(url).unwrap_err();
            assert!(error.to_string().contains(message) && !error.is_temporary(), "{url}: {error}");
        }
    }

    #[test]
    fn r51_no_message_has_a_part_of_a_password() {
        for url in [
            "postgres://h/x?password=ab&cret",
            "postgres://h/x?password=ab&cret=1",
            "postgres://h/x?sslmode=require&password=ab&cret&sslmode=x",
            "postgres://h/x?cret@h",
            "postgres://u:p/a?b&cret=x@h/x",
            "postgres://u:p/a?cret&b@h/x",
            "postgres://u:p@a?b&cret@h/x?sslmod=x",
        ] {
            let error = check(url).unwrap_err().to_string();
            assert!(!error.contains("cret") && error.contains("a part of the query"), "{url}: {error}");
        }
    }
}
