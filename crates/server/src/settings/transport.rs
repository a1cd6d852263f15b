//! Checks that production sends nothing over a network without TLS (R96): traffic of the database, mails, and the
//! passwords for both. Pure functions; they know how libpq and the mailer read their URLs.

use std::net::IpAddr;

use super::{
    check::Findings,
    schema::{Settings, WebhookEndpoint},
    secret::SecretUrl,
};

/// Adds findings for URLs without TLS, unless the operator vouches for the network.
pub(super) fn refusals(settings: &Settings, findings: &mut Findings) {
    if settings.server.private_network {
        return;
    }
    let (database, mail) = (&settings.database.url, &settings.mail.url);
    let message = "would send accounts and passwords in clear: add ?sslmode=verify-full&sslrootcert=FILE, or set \
        server.private_network if nobody else is on that network";
    findings.require(database_is_safe(database), "database.url", message);
    let message = "would send mails or the password in clear, or to whoever answers: leave ?tls= out, or set \
        server.private_network if nobody else is on that network";
    findings.require(mail_is_safe(mail), "mail.url", message);
    let sms = &settings.sms.url;
    let message = "would send codes and the secret in clear: use https, or set server.private_network if nobody else is on \
        that network";
    findings.require(sms.scheme() != "http" || stays_here(sms), "sms.url", message);
    for WebhookEndpoint { name, url, .. } in &settings.webhooks.endpoints {
        let message = format!(
            "would send what happens to accounts to {name:?} in clear: use https, or set server.private_network if nobody \
             else is on that network"
        );
        findings.require(url.scheme() != "http" || stays_here(url), "webhooks.endpoints", message);
    }
}

/// Without `sslmode` libpq does not use TLS if the server has none; with the system's roots the default is
/// `verify-full`.
fn database_is_safe(url: &SecretUrl) -> bool {
    let mut modes = url.parameters("sslmode").peekable();
    let is_said = modes.peek().is_some() || url.parameters("sslrootcert").any(|root| root == "system");
    let is_encrypted = is_said && modes.all(|mode| ["require", "verify-ca", "verify-full"].contains(&&*mode));
    is_encrypted || stays_here(url)
}

/// `opportunistic` does not check the certificate, which is enough for a mail and not for a password.
fn mail_is_safe(url: &SecretUrl) -> bool {
    let has_password = url.password().is_some();
    url.parameters("tls").all(|tls| match &*tls {
        "none" => !has_password && stays_here(url),
        "opportunistic" => !has_password,
        _ => true,
    })
}

/// Whether every host in the URL, including libpq's parameters, is this machine.
fn stays_here(url: &SecretUrl) -> bool {
    let mut parameters = url.parameters("host").chain(url.parameters("hostaddr"));
    url.scheme() == "sqlite"
        || url.hosts().all(is_this_machine) && parameters.all(|hosts| hosts.split(',').all(is_this_machine))
}

/// An empty name, or a path, which may be percent-encoded, means a socket in the file system.
fn is_this_machine(host: &str) -> bool {
    let is_socket = host.is_empty() || host.starts_with('/') || host.to_ascii_lowercase().starts_with("%2f");
    is_socket || host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}
