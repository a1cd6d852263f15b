//! The HTTP options of the operator, as plain values. Must not know where they come from.

use std::{net::IpAddr, time::Duration};

use actix_web::cookie::SameSite;
use ipnet::IpNet;
use url::Url;

/// The endpoints that a page of an application calls by itself.
pub(crate) const OPEN_TO_APPLICATIONS: &[&str] = &[
    "/oauth/token",
    "/oauth/token/revoke",
    "/oauth/revoke",
    "/userinfo",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/.well-known/jwks.json",
];

/// All HTTP options.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// The URL at which browsers reach this server. The URLs of pictures and the same-origin check use it.
    pub public_url: Url,
    /// Origins of other pages that may call with credentials, exactly as a browser sends them (R55).
    pub allowed_origins: Vec<String>,
    /// Origins of the pages of applications, which may call the token and userinfo endpoints and the metadata without credentials.
    pub application_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` and `X-Request-Id` are trusted (R59).
    pub trusted_proxies: Vec<IpNet>,
    /// The session cookie.
    pub cookie: CookieOptions,
    /// Size limits (R84).
    pub limits: SizeLimits,
    /// Deadlines (R85).
    pub timeouts: Timeouts,
    /// Whether `Strict-Transport-Security` holds for the hosts below this one too.
    pub hsts_include_subdomains: bool,
    /// What is published about passkeys.
    pub passkeys: PasskeyPages,
    /// What else is published under `/.well-known/`.
    pub well_known: WellKnown,
    /// Whether `/docs` and `/openapi.json` are served.
    pub docs_enabled: bool,
}

impl HttpOptions {
    /// The shipped defaults for a server at `public_url`.
    pub fn new(public_url: Url) -> Self {
        Self {
            public_url,
            allowed_origins: Vec::new(),
            application_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            cookie: CookieOptions::default(),
            limits: SizeLimits::default(),
            timeouts: Timeouts::default(),
            hsts_include_subdomains: true,
            passkeys: PasskeyPages::default(),
            well_known: WellKnown::default(),
            docs_enabled: true,
        }
    }

    /// Whether browsers speak TLS to this server, itself or through a proxy.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Whether this is the address of a trusted proxy.
    pub(crate) fn trusts(&self, address: &IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(address))
    }

    /// Whether this origin is that of an application, and the path one of the endpoints for them. Their responses do not
    /// depend on cookies.
    pub(crate) fn serves_application(&self, origin: &str, path: &str) -> bool {
        OPEN_TO_APPLICATIONS.contains(&path) && self.application_origins.iter().any(|allowed| allowed == origin)
    }

    /// Whether this origin is on the list.
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed == origin)
    }
}

/// What password managers and browsers look up about passkeys.
#[derive(Clone, Debug, Default)]
pub struct PasskeyPages {
    /// The page where a user adds a passkey.
    pub enroll_url: Option<String>,
    /// The page where a user manages passkeys.
    pub manage_url: Option<String>,
    /// Origins of pages under other domains that may use the passkeys.
    pub related_origins: Vec<String>,
}

/// What browsers, password managers and researchers look up about this server.
#[derive(Clone, Debug, Default)]
pub struct WellKnown {
    /// The page where a user changes the password.
    pub change_password_url: Option<String>,
    /// The file `security.txt` (RFC 9116).
    pub security_txt: Option<String>,
}

/// How the session cookie is written. It is always `HttpOnly` (R39).
#[derive(Clone, Copy, Debug)]
pub struct CookieOptions {
    /// Also sets `__Host-session_id`, and accepts only that name from browsers: no other host can set it.
    pub host_prefix: bool,
    /// Its `SameSite` attribute.
    pub same_site: SameSite,
    /// Whether it is `Secure` (R39). Browsers keep no such cookie from a server that they reach over http.
    pub secure: bool,
}

impl Default for CookieOptions {
    fn default() -> Self {
        Self { host_prefix: false, same_site: SameSite::Lax, secure: true }
    }
}

/// Maximum sizes of one request, in bytes unless stated otherwise.
#[derive(Clone, Copy, Debug)]
pub struct SizeLimits {
    /// Path and query; beyond it 414.
    pub url: usize,
    /// Names and values of all headers; beyond it 431.
    pub headers: usize,
    /// JSON and form bodies, and of a body with a picture everything beside it; beyond it 413, as for the rest.
    pub body: usize,
    /// JSON bodies with a picture as a data URI.
    pub data_uri_body: usize,
    /// Multipart bodies with a picture as a file.
    pub multipart: usize,
    /// Number of parts of a multipart body.
    pub parts: usize,
    /// All bodies larger than `body` in memory at the same time; beyond it 503.
    pub bodies_in_flight: usize,
}

impl Default for SizeLimits {
    fn default() -> Self {
        const KIB: usize = 1024;
        Self {
            url: 8 * KIB,
            headers: 16 * KIB,
            body: 256 * KIB,
            data_uri_body: 17 * KIB * KIB,
            multipart: 13 * KIB * KIB,
            parts: 20,
            bodies_in_flight: 96 * KIB * KIB,
        }
    }
}

/// How long one request may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until the request line and headers have arrived.
    pub head: Duration,
    /// Until the body has arrived; then 408.
    pub body: Duration,
    /// Minimum rate of a body in bytes per second, after the first five seconds.
    pub body_min_rate: u32,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How long a client may read nothing of a response that waits to be sent. Then its connection is closed. On Linux
    /// only.
    pub write: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(5),
            body: Duration::from_secs(15),
            body_min_rate: 1024,
            keep_alive: Duration::from_secs(15),
            write: Duration::from_secs(30),
        }
    }
}
