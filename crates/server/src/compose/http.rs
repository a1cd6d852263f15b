//! Converts settings to the options of HTTP.

use std::sync::Arc;

use actix_web::cookie;
use selfsame_http::{
    AccountOptions, CookieOptions, HttpOptions, LaneOptions, LaneWidth, Lanes, PasskeyPages, RiverGenOptions,
    ServerOptions, Services, Shared, SizeLimits, Timeouts, WachtMode, WachtOptions, WellKnown,
};
use url::Url;

use super::{ComposeError, Composed, bytes, some};
use crate::settings::schema::{self, SameSite, Settings};

/// The state of the HTTP server.
pub(crate) fn shared(settings: &Settings, composed: &Composed) -> Result<Shared, ComposeError> {
    let lanes = Lanes::new(lanes(settings)).map_err(|error| ComposeError::new("server", &error))?;
    let services = services(settings, composed);
    Ok(Shared::new(options(settings, composed), lanes, services))
}

/// The process's part.
pub(crate) fn server_options(settings: &Settings) -> ServerOptions {
    ServerOptions {
        workers: settings.server.workers,
        blocking_threads_per_worker: settings.server.blocking_threads_per_worker,
        drain_timeout: settings.server.drain_timeout.get(),
    }
}

fn options(settings: &Settings, composed: &Composed) -> HttpOptions {
    let (server, http) = (&settings.server, &settings.http);
    HttpOptions {
        public_url: composed.core.policy.public_url.clone(),
        allowed_origins: server.allowed_origins.clone(),
        application_origins: application_origins(settings),
        trusted_proxies: server.trusted_proxies.iter().map(|proxy| proxy.0).collect(),
        cookie: CookieOptions {
            // Browsers take neither `SameSite=None` nor `__Host-` without `Secure`.
            secure: composed.core.policy.public_url.scheme() == "https"
                || server.cookie_same_site == SameSite::None
                || server.cookie_host_prefix,
            host_prefix: server.cookie_host_prefix,
            same_site: match server.cookie_same_site {
                SameSite::Lax => cookie::SameSite::Lax,
                SameSite::Strict => cookie::SameSite::Strict,
                SameSite::None => cookie::SameSite::None,
            },
        },
        limits: SizeLimits {
            url: bytes(http.max_url),
            headers: bytes(http.max_headers),
            body: bytes(http.max_body),
            data_uri_body: bytes(http.max_data_uri_body),
            multipart: bytes(http.max_multipart),
            parts: http.max_parts,
            bodies_in_flight: bytes(http.max_bodies_in_flight),
        },
        timeouts: Timeouts {
            head: http.head_timeout.get(),
            body: http.body_timeout.get(),
            body_min_rate: u32::try_from(http.body_min_rate.bytes()).unwrap_or(u32::MAX),
            keep_alive: http.keep_alive.get(),
            write: http.write_timeout.get(),
        },
        passkeys: passkey_pages(&settings.passkeys),
        well_known: well_known(settings),
        docs_enabled: server.docs_enabled,
        hsts_include_subdomains: http.hsts_include_subdomains,
    }
}

/// The origins of the pages of the application and of registered ones.
fn application_origins(settings: &Settings) -> Vec<String> {
    let registered = settings.oauth.clients.iter().flat_map(|client| &client.redirect_uris);
    let urls = settings.server.app_urls.iter().chain(registered).filter_map(|url| Url::parse(url).ok());
    let mut origins: Vec<_> = urls
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .map(|url| url.origin().ascii_serialization())
        .collect();
    origins.sort();
    origins.dedup();
    origins
}

fn passkey_pages(passkeys: &schema::Passkeys) -> PasskeyPages {
    PasskeyPages {
        enroll_url: some(&passkeys.enroll_url),
        manage_url: some(&passkeys.manage_url),
        related_origins: passkeys.related_origins.clone(),
    }
}

fn well_known(settings: &Settings) -> WellKnown {
    WellKnown {
        change_password_url: some(&settings.well_known.change_password_url),
        security_txt: security_txt(settings),
    }
}

/// The file of RFC 9116, if there are contacts. The settings have no line breaks in these values.
fn security_txt(settings: &Settings) -> Option<String> {
    let published = &settings.well_known;
    if published.security_contacts.is_empty() {
        return None;
    }
    let canonical = format!("{}/.well-known/security.txt", settings.server.public_url);
    let languages = published.security_languages.join(", ");
    let contacts = published.security_contacts.iter().map(|contact| ("Contact", contact.as_str()));
    let others = [
        ("Expires", published.security_expires.as_str()),
        ("Encryption", &published.security_encryption),
        ("Acknowledgments", &published.security_acknowledgments),
        ("Preferred-Languages", &languages),
        ("Canonical", &canonical),
        ("Policy", &published.security_policy),
        ("Hiring", &published.security_hiring),
    ];
    let lines = contacts.chain(others).filter(|(_, value)| !value.is_empty());
    Some(lines.flat_map(|(name, value)| [name, ": ", value, "\n"]).collect())
}

fn lanes(settings: &Settings) -> LaneOptions {
    let (passwords, pictures) = (&settings.passwords, &settings.pictures);
    LaneOptions {
        database_wait: settings.database.acquire_timeout.get(),
        database_threads: settings.server.blocking_threads_per_worker,
        password: LaneWidth { threads: passwords.permits, queue: passwords.queue, wait: passwords.queue_wait.get() },
        picture: LaneWidth { threads: pictures.permits, queue: 16, wait: pictures.timeout.get() },
        deadline: settings.http.handler_timeout.get(),
    }
}

fn services(settings: &Settings, composed: &Composed) -> Services {
    Services {
        core: Arc::clone(&composed.core),
        account: AccountOptions { require_if_match: settings.account.require_if_match },
        rivergen: RiverGenOptions { access_ttl: settings.tokens.rivergen_access_ttl.get() },
        wacht: wacht(settings),
    }
}

fn wacht(settings: &Settings) -> WachtOptions {
    let wacht = settings.wacht.clone();
    WachtOptions {
        mode: match wacht.mode {
            schema::WachtMode::Production => WachtMode::Production,
            schema::WachtMode::Staging => WachtMode::Staging,
        },
        frontend_host: wacht.frontend_host,
        multi_session: wacht.multi_session,
        email_availability: wacht.email_availability,
        challenge: wacht.challenge,
        app_name: wacht.app_name,
        logo_image_url: wacht.logo_image_url,
        sign_in_page_url: wacht.sign_in_page_url,
        sign_up_page_url: wacht.sign_up_page_url,
        waitlist_page_url: wacht.waitlist_page_url,
        support_page_url: wacht.support_page_url,
        tos_page_url: wacht.tos_page_url,
        privacy_policy_url: wacht.privacy_policy_url,
        after_signin_redirect_url: wacht.after_signin_redirect_url,
        after_signup_redirect_url: wacht.after_signup_redirect_url,
        after_sign_out_one_page_url: wacht.after_sign_out_one_page_url,
        after_sign_out_all_page_url: wacht.after_sign_out_all_page_url,
        session_token_ttl: settings.tokens.session_token_ttl.get(),
    }
}
