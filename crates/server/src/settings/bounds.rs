//! Checks of the settings of every installation: the bounds that `config/default.toml` documents, and values that must
//! fit together. Pure functions. Further checks of production are in [`super::production`].

use selfsame_application::{AppUrls, BrandColor, LONGEST_MAIL_USE};
use selfsame_domain::{EndpointName, EventPattern, PhoneNumber, Scope, oauth::is_redirect_uri};
use selfsame_issuers_jwks::{ALGORITHMS, check_url, is_algorithm};
use selfsame_texts::Language;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

use super::{
    check::{Finding, Findings, is_address, is_app_origin, is_origin},
    schema::{FieldRight, Http, Keys, Passkeys, Settings, Sms, WebhookEndpoint, Webhooks, WellKnown},
    units::{Size, Span},
};

/// Most endpoints of webhooks: each has threads of its own.
const MOST_ENDPOINTS: usize = 32;

/// Most other issuers: each has keys that are fetched one after the other.
const MOST_ISSUERS: usize = 32;

/// What a name of a scope of another issuer can stand for.
const FOREIGN_SCOPES: [Scope; 4] = [Scope::ProfileRead, Scope::ProfileWrite, Scope::SecurityRead, Scope::SecurityWrite];

/// Checks all bounds.
pub(super) fn findings(settings: &Settings) -> Vec<Finding> {
    let mut findings = Findings::default();
    server(settings, &mut findings);
    http(&settings.http, &mut findings);
    well_known(&settings.well_known, &mut findings);
    backends(settings, &mut findings);
    keys(&settings.keys, &mut findings);
    passwords(settings, &mut findings);
    passkeys(&settings.passkeys, &mut findings);
    lifetimes(settings, &mut findings);
    content(settings, &mut findings);
    wacht(settings, &mut findings);
    oauth(settings, &mut findings);
    issuers(settings, &mut findings);
    let filter = EnvFilter::try_new(&settings.log.filter);
    findings.require(filter.is_ok(), "log.filter", "must be a level or directives such as \"info,selfsame_http=warn\"");
    findings.0
}

fn server(settings: &Settings, findings: &mut Findings) {
    let server = &settings.server;
    findings.require(!settings.data_dir.as_os_str().is_empty(), "data_dir", "must name a folder");
    let message = "must be scheme, host and port alone, such as \"https://account.example.com\"";
    findings.require(is_origin(&server.public_url), "server.public_url", message);
    for origin in &server.allowed_origins {
        let key = "server.allowed_origins";
        if origin.contains('*') {
            findings.require(false, key, "\"*\" would let every page act for its visitor; name each origin");
        } else {
            let message =
                format!("{origin:?} is not an origin as a browser sends it, such as \"https://app.example.com\"");
            findings.require(is_origin(origin) || is_app_origin(origin), key, message);
        }
    }
    for prefix in &server.app_urls {
        let message = format!(
            "{prefix:?} is not an https address, or an http one of this machine, without user, query and fragment"
        );
        findings.require(AppUrls::is_prefix(prefix), "server.app_urls", message);
    }
    let brand = &settings.brand.name;
    let is_name = !brand.trim().is_empty() && !brand.chars().any(char::is_control);
    findings.require(is_name, "brand.name", "must be a name without control characters");
    let logo = &settings.brand.logo_url;
    let is_picture = logo.is_empty() || Url::parse(logo).is_ok_and(|url| url.scheme() == "https" && url.has_host());
    findings.require(is_picture, "brand.logo_url", "must be the https address of a picture, or empty");
    let is_language = Language::ALL.iter().any(|language| language.tag() == settings.brand.locale);
    let languages: Vec<_> = Language::ALL.iter().map(|language| language.tag()).collect();
    findings.require(is_language, "brand.locale", format!("must be one of {}", languages.join(", ")));
    let color = &settings.brand.color;
    if let Some(error) = BrandColor::parse(color).err().filter(|_| !color.is_empty()) {
        findings.require(false, "brand.color", error.to_string());
    }
    findings.within("server.workers", server.workers, (1, 512));
    findings.within("server.blocking_threads_per_worker", server.blocking_threads_per_worker, (1, 64));
    findings.within("server.drain_grace", server.drain_grace, (Span::secs(0), Span::mins(5)));
    findings.within("server.drain_timeout", server.drain_timeout, (Span::secs(1), Span::mins(10)));
}

fn http(http: &Http, findings: &mut Findings) {
    findings.within("http.head_timeout", http.head_timeout, (Span::millis(100), Span::mins(5)));
    findings.within("http.body_timeout", http.body_timeout, (Span::millis(100), Span::mins(10)));
    findings.within("http.body_min_rate", http.body_min_rate, (Size::b(0), Size::mib(1)));
    findings.within("http.handler_timeout", http.handler_timeout, (Span::millis(100), Span::mins(10)));
    findings.within("http.keep_alive", http.keep_alive, (Span::secs(0), Span::mins(10)));
    findings.within("http.write_timeout", http.write_timeout, (Span::millis(100), Span::mins(10)));
    findings.within("http.max_url", http.max_url, (Size::b(256), Size::kib(64)));
    findings.within("http.max_headers", http.max_headers, (Size::kib(1), Size::kib(96)));
    findings.within("http.max_body", http.max_body, (Size::kib(1), Size::mib(16)));
    findings.within("http.max_data_uri_body", http.max_data_uri_body, (Size::kib(1), Size::mib(128)));
    findings.within("http.max_multipart", http.max_multipart, (Size::kib(1), Size::mib(128)));
    findings.within("http.max_parts", http.max_parts, (1, 1000));
    let largest = http.max_data_uri_body.max(http.max_multipart);
    findings.within("http.max_bodies_in_flight", http.max_bodies_in_flight, (largest, Size::mib(16 << 10)));
}

fn well_known(well_known: &WellKnown, findings: &mut Findings) {
    let page = &well_known.change_password_url;
    findings.require(
        page.is_empty() || AppUrls::is_prefix(page) && is_one_line(page),
        "well_known.change_password_url",
        "must be an https address, or an http one of this machine, without user, query and fragment, or empty",
    );
    for contact in &well_known.security_contacts {
        let is_address = contact.strip_prefix("mailto:").is_some_and(is_address);
        let is_link = Url::parse(contact).is_ok_and(|url| matches!(url.scheme(), "https" | "tel"));
        let message = format!("{contact:?} must begin with mailto:, https:// or tel:");
        findings.require(is_one_line(contact) && (is_address || is_link), "well_known.security_contacts", message);
    }
    let has_expiry = chrono::DateTime::parse_from_rfc3339(&well_known.security_expires).is_ok();
    findings.require(
        has_expiry || well_known.security_contacts.is_empty() && well_known.security_expires.is_empty(),
        "well_known.security_expires",
        "must be an instant such as \"2027-06-30T00:00:00Z\" where there are contacts",
    );
    for (key, url) in [
        ("well_known.security_encryption", &well_known.security_encryption),
        ("well_known.security_acknowledgments", &well_known.security_acknowledgments),
        ("well_known.security_policy", &well_known.security_policy),
        ("well_known.security_hiring", &well_known.security_hiring),
    ] {
        let is_https = Url::parse(url).is_ok_and(|url| url.scheme() == "https");
        findings.require(is_one_line(url) && (url.is_empty() || is_https), key, "must be an https address, or empty");
    }
    for language in &well_known.security_languages {
        let message = format!("{language:?} is not a language tag, such as \"en\"");
        let is_tag = selfsame_domain::text::locale(language).is_ok();
        findings.require(is_tag, "well_known.security_languages", message);
    }
}

/// Without a line break, which a URL parser skips.
fn is_one_line(text: &str) -> bool {
    !text.contains(char::is_control)
}

fn backends(settings: &Settings, findings: &mut Findings) {
    let (database, mail) = (&settings.database, &settings.mail);
    findings.scheme("database.url", &database.url, &["sqlite", "postgres", "postgresql"]);
    findings.within("database.pool_size", database.pool_size, (1, 500));
    findings.within("database.readers", database.readers, (1, 64));
    findings.within("database.acquire_timeout", database.acquire_timeout, (Span::millis(10), Span::secs(60)));
    findings.within("database.statement_timeout", database.statement_timeout, (Span::millis(100), Span::mins(10)));
    findings.within("database.lock_timeout", database.lock_timeout, (Span::millis(10), Span::secs(60)));

    findings.scheme("mail.url", &mail.url, &["smtp", "smtps", "file"]);
    findings.require(
        is_address(&mail.from),
        "mail.from",
        "must be a mail address, such as \"account@example.com\" or \"Name <account@example.com>\"",
    );
    let controls = mail.from_name.chars().any(char::is_control);
    findings.require(!controls, "mail.from_name", "must hold no control characters");
    findings.within("mail.poll", mail.poll, (Span::millis(50), Span::hours(1)));
    findings.within("mail.lease", mail.lease, (Span::secs(1), Span::hours(1)));
    findings.require(
        mail.lease.get() >= 2 * mail.timeout.get(),
        "mail.lease",
        "must be at least twice mail.timeout, or mails go out twice",
    );
    findings.within("mail.max_attempts", mail.max_attempts, (1, 100));
    findings.within("mail.retry_first", mail.retry_first, (Span::millis(100), Span::hours(1)));
    findings.within("mail.retry_longest", mail.retry_longest, (Span::millis(100), Span::days(1)));
    findings.ordered(("mail.retry_first", mail.retry_first), ("mail.retry_longest", mail.retry_longest));
    findings.within("mail.timeout", mail.timeout, (Span::millis(100), Span::mins(5)));

    sms(&settings.sms, mail.lease, findings);
    webhooks(&settings.webhooks, mail.lease, findings);
    findings.scheme("blobs.url", &settings.blobs.url, &["file", "database"]);
    findings.scheme("limits.url", &settings.limits.url, &["database"]);
}

fn sms(sms: &Sms, lease: Span, findings: &mut Findings) {
    if sms.url.expose().is_empty() {
        let message = "needs a gateway for text messages in sms.url";
        findings.require(!sms.sign_in, "sms.sign_in", message);
        findings.require(!sms.second_factor, "sms.second_factor", message);
        return;
    }
    findings.scheme("sms.url", &sms.url, &["https", "http", "file"]);
    findings.within("sms.timeout", sms.timeout, (Span::millis(100), Span::mins(5)));
    let fits = sms.url.scheme() == "file" || lease.get() >= 2 * sms.timeout.get();
    findings.require(fits, "sms.timeout", "must be at most half of mail.lease, or messages go out twice");
    for country in &sms.countries {
        let message = format!("{country:?} is not the code of a country with phone numbers, such as \"NL\"");
        findings.require(PhoneNumber::is_region(country), "sms.countries", message);
    }
}

fn webhooks(webhooks: &Webhooks, lease: Span, findings: &mut Findings) {
    let key = "webhooks.endpoints";
    findings.within("webhooks.timeout", webhooks.timeout, (Span::millis(100), Span::mins(5)));
    findings.require(
        webhooks.endpoints.is_empty() || lease.get() >= 2 * webhooks.timeout.get(),
        "webhooks.timeout",
        "must be at most half of mail.lease, or messages go out twice",
    );
    findings.within("webhooks.max_attempts", webhooks.max_attempts, (1, 100));
    findings.within("webhooks.retry_first", webhooks.retry_first, (Span::millis(100), Span::hours(1)));
    findings.within("webhooks.retry_longest", webhooks.retry_longest, (Span::millis(100), Span::days(1)));
    findings
        .ordered(("webhooks.retry_first", webhooks.retry_first), ("webhooks.retry_longest", webhooks.retry_longest));
    // Events must be gone before their sealing key may be retired.
    let longest = Span::secs(LONGEST_MAIL_USE.num_seconds().unsigned_abs());
    findings.within("webhooks.keep", webhooks.keep, (Span::secs(0), longest));
    let count = webhooks.endpoints.len();
    findings.require(count <= MOST_ENDPOINTS, key, format!("must be at most {MOST_ENDPOINTS}, found {count}"));
    for (index, WebhookEndpoint { name, events, .. }) in webhooks.endpoints.iter().enumerate() {
        if let Err(error) = name.parse::<EndpointName>() {
            findings.require(false, key, format!("{name:?} {error}"));
        }
        let is_first = webhooks.endpoints[..index].iter().all(|other| other.name != *name);
        findings.require(is_first, key, format!("two endpoints have the name {name:?}"));
        findings.require(!events.is_empty(), key, format!("{name:?} has no events; \"*\" stands for all of them"));
        for event in events {
            if let Err(error) = event.parse::<EventPattern>() {
                findings.require(false, key, format!("{event:?} of {name:?} {error}"));
            }
        }
    }
}

fn keys(keys: &Keys, findings: &mut Findings) {
    findings.within("keys.activate_after", keys.activate_after, (Span::secs(0), Span::days(7)));
    findings.within("keys.reload", keys.reload, (Span::millis(100), Span::mins(10)));
    let is_told_in_time = keys.activate_after == Span::secs(0) || keys.activate_after >= keys.reload;
    let message =
        "must be 0s (for a server that is alone) or at least keys.reload: others must know a key before it is used";
    findings.require(is_told_in_time, "keys.activate_after", message);
}

fn passwords(settings: &Settings, findings: &mut Findings) {
    let passwords = &settings.passwords;
    findings.within("passwords.min_length", passwords.min_length, (1, 64));
    let shorter = passwords.min_length_with_second_factor;
    findings.within("passwords.min_length_with_second_factor", shorter, (8, 64));
    findings.within("passwords.max_length", passwords.max_length, (64, 1024));
    findings.within("passwords.min_strength", passwords.min_strength, (0, 4));
    findings.within("passwords.argon2_memory_kib", passwords.argon2_memory_kib, (8, 4_194_304));
    findings.within("passwords.argon2_iterations", passwords.argon2_iterations, (1, 100));
    findings.within("passwords.argon2_parallelism", passwords.argon2_parallelism, (1, 16));
    // RFC 9106, section 3.1.
    let enough = passwords.argon2_memory_kib / 8 >= passwords.argon2_parallelism;
    findings.require(enough, "passwords.argon2_memory_kib", "must be at least 8 times passwords.argon2_parallelism");
    findings.within("passwords.permits", passwords.permits, (1, 256));
    findings.within("passwords.queue", passwords.queue, (0, 10_000));
    findings.within("passwords.queue_wait", passwords.queue_wait, (Span::millis(10), Span::secs(60)));
}

fn passkeys(passkeys: &Passkeys, findings: &mut Findings) {
    let is_name = matches!(Host::parse(&passkeys.rp_id), Ok(Host::Domain(name)) if name == passkeys.rp_id);
    let message = "must be a host name in lower case without scheme and port, such as \"example.com\", or empty";
    findings.require(passkeys.rp_id.is_empty() || is_name, "passkeys.rp_id", message);
    for origin in &passkeys.related_origins {
        let message = format!("{origin:?} is not an origin as a browser sends it, such as \"https://app.example.com\"");
        findings.require(is_origin(origin), "passkeys.related_origins", message);
    }
    findings.within("passkeys.max_per_user", passkeys.max_per_user, (1, 100));
    for (key, url) in [("passkeys.enroll_url", &passkeys.enroll_url), ("passkeys.manage_url", &passkeys.manage_url)] {
        findings.require(url.is_empty() || is_web_address(url), key, "must be an http or https address, or empty");
    }
}

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn lifetimes(settings: &Settings, findings: &mut Findings) {
    let (tokens, sessions, verification) = (&settings.tokens, &settings.sessions, &settings.verification);
    findings.require(!tokens.audience.is_empty(), "tokens.audience", "must not be empty");
    let is_apart = !tokens.session_token_audience.is_empty() && tokens.session_token_audience != tokens.audience;
    let message =
        "must not be empty, and not tokens.audience: whoever is shown such a token could act here as the user";
    findings.require(is_apart, "tokens.session_token_audience", message);
    findings.within("tokens.access_ttl", tokens.access_ttl, (Span::secs(10), Span::hours(24)));
    findings.within("tokens.rivergen_access_ttl", tokens.rivergen_access_ttl, (Span::secs(10), Span::hours(24)));
    findings.within("tokens.session_token_ttl", tokens.session_token_ttl, (Span::secs(10), Span::hours(1)));
    findings.within("tokens.leeway", tokens.leeway, (Span::secs(0), Span::secs(60)));
    findings.within("tokens.refresh_idle", tokens.refresh_idle, (Span::mins(1), Span::days(365)));
    findings.within("tokens.refresh_absolute", tokens.refresh_absolute, (Span::mins(1), Span::days(365)));
    findings
        .ordered(("tokens.refresh_idle", tokens.refresh_idle), ("tokens.refresh_absolute", tokens.refresh_absolute));
    findings.within("tokens.refresh_grace", tokens.refresh_grace, (Span::secs(0), Span::secs(60)));

    findings.within("sessions.idle", sessions.idle, (Span::mins(1), Span::days(365)));
    findings.within("sessions.absolute", sessions.absolute, (Span::mins(1), Span::days(365)));
    findings.ordered(("sessions.idle", sessions.idle), ("sessions.absolute", sessions.absolute));
    findings.within("sessions.device_ttl", sessions.device_ttl, (Span::mins(1), Span::days(365)));
    findings.within("sessions.step_up", sessions.step_up, (Span::mins(1), Span::hours(24)));
    findings.within("sessions.step_up_critical", sessions.step_up_critical, (Span::mins(1), Span::hours(24)));
    findings.ordered(("sessions.step_up_critical", sessions.step_up_critical), ("sessions.step_up", sessions.step_up));
    // A point is sealed with a key that must still be there when it is used.
    let longest = Span::secs(LONGEST_MAIL_USE.num_seconds().unsigned_abs());
    findings.within("undo.ttl", settings.undo.ttl, (Span::hours(1), longest));
    findings.within("undo.new_credential_hold", settings.undo.new_credential_hold, (Span::secs(0), Span::days(30)));
    findings.within("deletion.grace", settings.deletion.grace, (Span::mins(1), Span::days(365)));
    findings.within("exports.ttl", settings.exports.ttl, (Span::mins(1), Span::hours(24)));
    findings.within("sessions.max_sign_ins", sessions.max_sign_ins, (1, 20));

    findings.within("verification.code_digits", verification.code_digits, (6, 10));
    findings.within("verification.code_ttl", verification.code_ttl, (Span::mins(1), Span::hours(24)));
    findings.within("verification.sms_code_ttl", verification.sms_code_ttl, (Span::mins(1), Span::mins(10)));
    findings.within("identifiers.max_emails", settings.identifiers.max_emails, (1, 100));
    findings.within("identifiers.max_phones", settings.identifiers.max_phones, (1, 100));
    findings.within("usernames.hold", settings.usernames.hold, (Span::secs(0), Span::days(365)));
    // Mails must expire before their sealing key may be retired.
    let longest_link = Span::secs(LONGEST_MAIL_USE.num_seconds().unsigned_abs());
    findings.within("verification.link_ttl", verification.link_ttl, (Span::mins(1), longest_link));
    findings.within("verification.reset_ttl", verification.reset_ttl, (Span::mins(1), Span::hours(24)));
    findings.within("verification.email_change_ttl", verification.email_change_ttl, (Span::mins(1), Span::hours(24)));
    findings.within("verification.attempt_ttl", verification.attempt_ttl, (Span::mins(1), Span::hours(24)));
    findings.within("verification.unproven_keep", verification.unproven_keep, (Span::hours(24), Span::days(365)));
    // An account must be kept longer than the link that proves it.
    findings.ordered(
        ("verification.link_ttl", verification.link_ttl),
        ("verification.unproven_keep", verification.unproven_keep),
    );
}

fn content(settings: &Settings, findings: &mut Findings) {
    let message = "cannot be \"off\": an account needs an address";
    findings.require(settings.profile.fields.email != FieldRight::Off, "profile.fields.email", message);
    let (pictures, profile) = (&settings.pictures, &settings.profile);
    findings.within("pictures.max_upload", pictures.max_upload, (Size::kib(1), Size::mib(64)));
    findings.within("pictures.max_side", pictures.max_side, (16, 16_384));
    findings.within("pictures.max_megapixels", pictures.max_megapixels, (1, 268));
    findings.within("pictures.output_side", pictures.output_side, (16, 4096));
    findings.within("pictures.max_memory", pictures.max_memory, (Size::mib(64), Size::gib(16)));
    findings.within("pictures.permits", pictures.permits, (1, 64));
    findings.within("pictures.timeout", pictures.timeout, (Span::millis(100), Span::secs(60)));

    findings.within("profile.max_bytes", profile.max_bytes, (Size::kib(1), Size::mib(1)));
    findings.within("profile.max_depth", profile.max_depth, (1, 100));
    findings.within("profile.max_keys", profile.max_keys, (1, 100_000));
    findings.within("profile.max_key_length", profile.max_key_length, (1, 1024));
    findings.within("profile.max_string", profile.max_string, (Size::b(64), Size::mib(1)));
    findings.within("profile.max_array", profile.max_array, (1, 100_000));
}

/// Least length of the secret of a resource server.
const LEAST_SECRET: usize = 32;

fn oauth(settings: &Settings, findings: &mut Findings) {
    let oauth = &settings.oauth;
    findings.within("oauth.code_ttl", oauth.code_ttl, (Span::secs(5), Span::secs(600)));
    let is_id =
        |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let mut client = |is_fine: bool, message: String| findings.require(is_fine, "oauth.clients", message);
    for (place, found) in oauth.clients.iter().enumerate() {
        let id = &found.id;
        client(is_id(id), format!("{id:?} is no id: letters, digits, and - . _ ~"));
        client(oauth.clients[..place].iter().all(|other| other.id != *id), format!("{id:?} is there twice"));
        client(
            !found.name.trim().is_empty() && !found.name.chars().any(char::is_control),
            format!("{id:?} needs a name"),
        );
        client(!found.redirect_uris.is_empty(), format!("{id:?} needs an address in redirect_uris"));
        for uri in found.redirect_uris.iter().chain(&found.post_logout_redirect_uris) {
            let message = format!(
                "{uri:?} of {id:?} is not an https address, an http one of this machine or one of a private scheme such as \
                 com.example.app:/callback, without user, fragment and wildcard"
            );
            client(is_redirect_uri(uri), message);
        }
        let has_https = found.redirect_uris.iter().any(|uri| uri.starts_with("https://"));
        client(
            !found.skip_consent || has_https,
            format!("skip_consent of {id:?} has no effect without an https address in redirect_uris"),
        );
        client(!found.scopes.is_empty(), format!("{id:?} needs scopes"));
        for scope in found.scopes.iter().filter(|scope| Scope::parse(scope).is_none()) {
            let known: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
            client(false, format!("{scope:?} of {id:?} is not one of {}", known.join(", ")));
        }
    }
    let mut server = |is_fine: bool, message: String| findings.require(is_fine, "oauth.resource_servers", message);
    for (place, found) in oauth.resource_servers.iter().enumerate() {
        let id = &found.id;
        server(is_id(id), format!("{id:?} is no id: letters, digits, and - . _ ~"));
        server(oauth.resource_servers[..place].iter().all(|other| other.id != *id), format!("{id:?} is there twice"));
        let is_long = found.secret.expose().chars().count() >= LEAST_SECRET;
        server(is_long, format!("the secret of {id:?} needs at least {LEAST_SECRET} random characters"));
    }
    // Applications read the metadata below the issuer (RFC 8414 section 3).
    let is_at_issuer = settings.tokens.issuer == settings.server.public_url || oauth.clients.is_empty();
    findings.require(is_at_issuer, "tokens.issuer", "must be server.public_url, because there are oauth.clients");
}

fn issuers(settings: &Settings, findings: &mut Findings) {
    let mut issuer = |is_fine: bool, message: String| findings.require(is_fine, "issuers", message);
    issuer(settings.issuers.len() <= MOST_ISSUERS, format!("are more than {MOST_ISSUERS}"));
    for (place, found) in settings.issuers.iter().enumerate() {
        let iss = &found.iss;
        let is_text = |text: &str| !text.trim().is_empty() && !text.chars().any(char::is_control);
        issuer(is_text(iss) && iss.chars().count() <= 255, format!("{iss:?} is no issuer"));
        issuer(settings.issuers[..place].iter().all(|other| other.iss != *iss), format!("{iss:?} is there twice"));
        issuer(*iss != settings.tokens.issuer, format!("{iss:?} is tokens.issuer, whose tokens are accepted anyway"));
        issuer(is_text(&found.name) && found.name.chars().count() <= 100, format!("{iss:?} needs a name"));
        issuer(is_text(&found.audience), format!("{iss:?} needs an audience"));
        let has_one = found.jwks_url.is_empty() != found.jwks_file.is_empty();
        issuer(has_one, format!("{iss:?} needs one of jwks_url and jwks_file"));
        if let (false, Err(error)) = (found.jwks_url.is_empty(), check_url(&found.jwks_url)) {
            issuer(false, format!("jwks_url of {iss:?}: {error}"));
        }
        issuer(!found.algorithms.is_empty(), format!("{iss:?} needs algorithms"));
        for name in found.algorithms.iter().filter(|name| !is_algorithm(name)) {
            issuer(false, format!("{name:?} of {iss:?} is not one of {}", ALGORITHMS.join(", ")));
        }
        for scope in found.scopes.iter().flat_map(|scopes| scopes.values()) {
            let is_known = Scope::parse(scope).is_some_and(|scope| FOREIGN_SCOPES.contains(&scope));
            let known = FOREIGN_SCOPES.map(Scope::as_str).join(", ");
            issuer(is_known, format!("{scope:?} of {iss:?} is not one of {known}"));
        }
    }
}

fn wacht(settings: &Settings, findings: &mut Findings) {
    let host = &settings.wacht.frontend_host;
    let plain = Url::parse(&format!("https://{host}")).is_ok_and(|url| url.path() == "/" && url.username().is_empty());
    findings.require(plain && !host.contains('/'), "wacht.frontend_host", "must be a host name without a scheme");
    for (key, text) in settings.wacht.urls() {
        let web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        // One that follows the brand is checked there.
        let is_of_brand = text == settings.brand.logo_url;
        findings.require(web || text.is_empty() || is_of_brand, key, "must be empty or an absolute http or https URL");
    }
}
