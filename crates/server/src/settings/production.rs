//! Checks of production, beyond the bounds (R96): settings for development, and weak secrets. Pure functions.

use super::{
    check::{Finding, Findings},
    schema::{Passwords, SameSite, Settings, WachtMode},
    secret::SecretUrl,
    transport, weak,
};

/// Memory in KiB and iterations that OWASP's Password Storage Cheat Sheet regards as equivalent. One of the pairs must
/// be reached (R19).
const ARGON2_FLOOR: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

/// NIST SP 800-63B-4, 3.1.1.2, for a password that is the only factor (R17).
const LEAST_PASSWORD_LENGTH: usize = 15;

/// Shorter passwords of the database or the mail server are refused.
const LEAST_SECRET_LENGTH: usize = 12;

/// Adds findings for everything that is unsafe for real users.
pub(super) fn refusals(settings: &Settings) -> Vec<Finding> {
    let mut findings = Findings::default();
    browser(settings, &mut findings);
    mail(settings, &mut findings);
    secret("database.url", &settings.database.url, &mut findings);
    secret("mail.url", &settings.mail.url, &mut findings);
    sms(settings, &mut findings);
    transport::refusals(settings, &mut findings);
    let verified = settings.sessions.require_verified_email;
    findings.require(verified, "sessions.require_verified_email", "must be true in production");
    passwords(&settings.passwords, &mut findings);
    findings.require(settings.limits.enabled, "limits.enabled", "must be true in production");
    weak::refusals(settings, &mut findings);
    let talkative = talkative(&settings.log.filter);
    findings.require(!talkative, "log.filter", "must not ask for debug or trace in production");
    findings.0
}

fn browser(settings: &Settings, findings: &mut Findings) {
    let server = &settings.server;
    let message = "must be the https address under which users reach this server";
    findings.require(server.public_url.starts_with("https://"), "server.public_url", message);
    let plain = server.allowed_origins.iter().find(|origin| origin.starts_with("http://"));
    if let Some(origin) = plain {
        findings.require(false, "server.allowed_origins", format!("{origin:?} must be https in production"));
    }
    let cross_site = server.cookie_same_site == SameSite::None;
    let message = "\"none\" needs server.allowed_origins: without them no page may use the cookie it opens up";
    findings.require(!cross_site || !server.allowed_origins.is_empty(), "server.cookie_same_site", message);
    let everyone = server.trusted_proxies.iter().any(|proxy| proxy.0.prefix_len() == 0);
    let message = "trusts everyone, so that any caller may claim any address";
    findings.require(!everyone, "server.trusted_proxies", message);
    let cookie = settings.wacht.mode == WachtMode::Production;
    findings.require(cookie, "wacht.mode", "\"staging\" puts session tokens into URLs");
}

fn mail(settings: &Settings, findings: &mut Findings) {
    let message = "must be smtp:// or smtps://: the development mailbox delivers nothing and shows every mail";
    findings.require(settings.mail.url.scheme() != "file", "mail.url", message);
    let host = settings.mail.from.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let nowhere = host == "localhost"
        || ["localhost", "invalid", "test", "example"]
            .iter()
            .any(|top| host.strip_suffix(top).is_some_and(|rest| rest.ends_with('.')));
    findings.require(!nowhere, "mail.from", "must be an address that users can recognise and answer");
}

fn sms(settings: &Settings, findings: &mut Findings) {
    let (sms, mail) = (&settings.sms, &settings.mail);
    // If it is the folder of the mails, there is a finding about that.
    let is_mailbox = sms.url.scheme() == "file" && sms.url != mail.url;
    let message = "must be a gateway, or empty for no text messages: the development mailbox shows every code";
    findings.require(!is_mailbox, "sms.url", message);
    let is_bounded = !sms.url.scheme().starts_with("http") || !sms.countries.is_empty();
    let message = "must list the countries of your users: each text message costs money, in some countries much";
    findings.require(is_bounded, "sms.countries", message);
}

/// Adds a finding for a weak password in a URL: short, equal to the user's name, or from an example.
fn secret(key: &'static str, url: &SecretUrl, findings: &mut Findings) {
    let Some(password) = url.password() else { return };
    let told = password.chars().count() >= LEAST_SECRET_LENGTH;
    findings.require(told, key, format!("holds a password of fewer than {LEAST_SECRET_LENGTH} characters"));
    let lower = password.to_ascii_lowercase();
    let example = ["password", "changeme", "change-me", "secret", "postgres", "selfsame", "example", "admin"];
    let rest = example.iter().fold(lower, |rest, word| rest.replace(word, ""));
    let made_up = rest.chars().filter(char::is_ascii_alphanumeric).count() < 4 || Some(password) == url.user();
    findings.require(!made_up, key, "holds a password that anyone would try first");
}

fn passwords(passwords: &Passwords, findings: &mut Findings) {
    let long = passwords.min_length >= LEAST_PASSWORD_LENGTH;
    let message = format!("must be at least {LEAST_PASSWORD_LENGTH} in production, found {}", passwords.min_length);
    findings.require(long, "passwords.min_length", message);
    let (memory, iterations) = (passwords.argon2_memory_kib, passwords.argon2_iterations);
    let costly = ARGON2_FLOOR.iter().any(|(least, times)| memory >= *least && iterations >= *times);
    let message =
        format!("{memory} KiB with {iterations} iterations is below the floor, 19456 KiB with 2 or its equal");
    findings.require(costly, "passwords.argon2_memory_kib", message);
}

/// Whether some directive asks for debug or trace; tracing-subscriber also takes 4 and 5 for them.
fn talkative(filter: &str) -> bool {
    let levels = filter.split(',').map(|directive| directive.rsplit('=').next().unwrap_or_default().trim());
    levels.map(str::to_ascii_lowercase).any(|level| matches!(level.as_str(), "debug" | "trace" | "4" | "5"))
}
