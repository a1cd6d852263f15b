//! Fills in empty settings that follow from others, so that the rest of the program has complete settings. It reads the
//! number of cores; otherwise pure.

use std::{collections::BTreeMap, net::SocketAddr, path::Path, thread};

use url::Url;

use super::{
    check,
    layer::BUILT_IN,
    schema::{Brand, Settings},
    secret::SecretUrl,
};

/// Greatest default of password hashes at once, on a machine with many cores.
const MOST_PERMITS: usize = 8;

/// The source of a sender's name that stands beside the address.
const FROM_ADDRESS: &str = "derived from mail.from";

/// Fills in `settings` and records derived keys in `sources`.
pub(super) fn resolve(settings: &mut Settings, sources: &mut BTreeMap<String, String>) {
    let has_own_name = sources.get("mail.from_name").is_some_and(|source| source != BUILT_IN && source != FROM_ADDRESS);
    let mut derived = |key: &str, from: &str| sources.insert(key.to_owned(), format!("derived from {from}"));
    let cores = thread::available_parallelism().map_or(1, usize::from);

    let public_url = &mut settings.server.public_url;
    if public_url.is_empty() {
        *public_url = local_url(settings.server.bind);
        derived("server.public_url", "server.bind");
    } else {
        *public_url = check::normal_origin(public_url);
    }
    for origin in settings.server.allowed_origins.iter_mut().chain(&mut settings.passkeys.related_origins) {
        *origin = check::normal_origin(origin);
    }
    if let Some((name, address)) = check::mailbox(&settings.mail.from) {
        settings.mail.from = address;
        if !name.is_empty() && !has_own_name {
            settings.mail.from_name = name;
            derived("mail.from_name", "mail.from");
        }
    }
    if settings.server.workers == 0 {
        settings.server.workers = cores;
        derived("server.workers", "the number of cores");
    }
    if settings.blobs.url.expose().is_empty() && settings.database.url.scheme().starts_with("postgres") {
        // Replicas share the database, and no folder without another component.
        settings.blobs.url = SecretUrl::new("database://".to_owned());
        derived("blobs.url", "database.url");
    }
    let urls = [
        ("database.url", &mut settings.database.url, "sqlite", "selfsame.db"),
        ("mail.url", &mut settings.mail.url, "file", "mailbox"),
        ("blobs.url", &mut settings.blobs.url, "file", "pictures"),
    ];
    for (key, url, scheme, name) in urls {
        if url.expose().is_empty() {
            *url = in_data_dir(&settings.data_dir, scheme, name);
            derived(key, "data_dir");
        }
    }
    if settings.sms.url.expose().is_empty() && settings.mail.url.scheme() == "file" {
        // The development mailbox shows text messages too.
        settings.sms.url = settings.mail.url.clone();
        derived("sms.url", "mail.url");
    }
    if settings.limits.url.expose().is_empty() {
        settings.limits.url = SecretUrl::new("database://".to_owned());
        derived("limits.url", "database.url");
    }
    let Brand { name, logo_url, .. } = &settings.brand;
    for (key, value, brand_key, brand) in [
        ("wacht.app_name", &mut settings.wacht.app_name, "brand.name", name),
        ("mail.from_name", &mut settings.mail.from_name, "brand.name", name),
        ("wacht.logo_image_url", &mut settings.wacht.logo_image_url, "brand.logo_url", logo_url),
    ] {
        if value.is_empty() {
            value.clone_from(brand);
            derived(key, brand_key);
        }
    }
    if settings.passwords.permits == 0 {
        settings.passwords.permits = cores.min(MOST_PERMITS);
        derived("passwords.permits", "the number of cores");
    }
    if settings.tokens.issuer.is_empty() {
        settings.tokens.issuer.clone_from(&settings.server.public_url);
        derived("tokens.issuer", "server.public_url");
    }
    if settings.wacht.frontend_host.is_empty()
        && let Ok(url) = Url::parse(&settings.server.public_url)
        && let Some(host) = url.host_str()
    {
        // The SDK prepends https://, so a port other than 443 must stay.
        settings.wacht.frontend_host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        derived("wacht.frontend_host", "server.public_url");
    }
}

fn in_data_dir(data_dir: &Path, scheme: &str, name: &str) -> SecretUrl {
    SecretUrl::new(format!("{scheme}://{}", data_dir.join(name).display()))
}

/// An address to type into a browser on this machine.
fn local_url(bind: SocketAddr) -> String {
    if bind.ip().is_unspecified() { format!("http://localhost:{}", bind.port()) } else { format!("http://{bind}") }
}
