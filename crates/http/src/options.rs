//! What the operator decides about HTTP. Plain values: where they come from is the server's business.

use std::time::Duration;

use actix_web::cookie::SameSite;
use ipnet::IpNet;
use url::Url;

/// All of it.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Where browsers reach this server: scheme, host and port. Picture addresses and the same-origin check use it.
    pub public_url: Url,
    /// Origins of other pages that may call with credentials, exactly as a browser sends them (R55).
    pub allowed_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed (R59).
    pub trusted_proxies: Vec<IpNet>,
    /// The session cookie.
    pub cookie: CookieOptions,
    /// Sizes (R84).
    pub limits: SizeLimits,
    /// Deadlines (R85).
    pub timeouts: Timeouts,
    /// Whether `/docs` and `/openapi.json` are served.
    pub docs_enabled: bool,
}

impl HttpOptions {
    /// The shipped defaults for a server at `public_url`.
    pub fn new(public_url: Url) -> Self {
        Self {
            public_url,
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            cookie: CookieOptions::default(),
            limits: SizeLimits::default(),
            timeouts: Timeouts::default(),
            docs_enabled: true,
        }
    }

    /// Whether browsers speak TLS to this server, itself or through a proxy.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Whether pages of this origin are on the list.
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed == origin)
    }
}

/// How the session cookie is written. It is always `Secure` and `HttpOnly` (R39): browsers accept that from
/// `http://localhost` too.
#[derive(Clone, Copy, Debug)]
pub struct CookieOptions {
    /// Also sets `__Host-session_id`, and believes browsers no other name: no sibling host can plant that one.
    pub host_prefix: bool,
    /// From where it is sent.
    pub same_site: SameSite,
}

impl Default for CookieOptions {
    fn default() -> Self {
        Self { host_prefix: false, same_site: SameSite::Lax }
    }
}

/// Greatest sizes of one request, in bytes unless said otherwise.
#[derive(Clone, Copy, Debug)]
pub struct SizeLimits {
    /// Path and query; beyond it 414.
    pub url: usize,
    /// Names and values of all headers; beyond it 431.
    pub headers: usize,
    /// JSON and form bodies; beyond it 413, as for the rest. Of those that may be larger, few are held at a time; 503.
    pub body: usize,
    /// The JSON body that may hold a picture as a data URI.
    pub data_uri_body: usize,
    /// Multipart bodies.
    pub multipart: usize,
    /// Parts of a multipart body, counted.
    pub parts: usize,
}

impl Default for SizeLimits {
    fn default() -> Self {
        const KIB: usize = 1024;
        Self {
            url: 8 * KIB,
            headers: 16 * KIB,
            body: 256 * KIB,
            data_uri_body: 7 * KIB * KIB,
            multipart: 6 * KIB * KIB,
            parts: 20,
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
    /// Bytes a second at which a body must arrive, after a start of five seconds.
    pub body_min_rate: u32,
    /// Until the answer is there; then 503.
    pub handler: Duration,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(5),
            body: Duration::from_secs(15),
            body_min_rate: 1024,
            handler: Duration::from_secs(10),
            keep_alive: Duration::from_secs(15),
        }
    }
}
