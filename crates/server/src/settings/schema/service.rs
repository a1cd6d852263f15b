//! `[server]`, `[http]`, `[well_known]`, `[limits]`, `[log]`: the process, limits of requests, what is published, rate limits,
//! logs.

use std::net::SocketAddr;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::settings::{
    secret::SecretUrl,
    units::{ByteRate, Cidr, Rate, Size, Span, choice, list},
};

/// `[server]`: the process and its address.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) bind: SocketAddr,
    pub(crate) public_url: String,
    #[serde(deserialize_with = "list")]
    pub(crate) allowed_origins: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub(crate) app_urls: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub(crate) trusted_proxies: Vec<Cidr>,
    pub(crate) private_network: bool,
    pub(crate) workers: usize,
    pub(crate) blocking_threads_per_worker: usize,
    pub(crate) cookie_host_prefix: bool,
    #[serde(deserialize_with = "choice")]
    pub(crate) cookie_same_site: SameSite,
    pub(crate) docs_enabled: bool,
    pub(crate) drain_grace: Span,
    pub(crate) drain_timeout: Span,
}

/// The cookie attribute of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SameSite {
    /// Sent on top-level navigation from other sites.
    Lax,
    /// Never sent from other sites.
    Strict,
    /// Always sent; the origin check is then the only defence against forged requests.
    None,
}

/// `[http]`: bounds on one request (R84, R85).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    pub(crate) head_timeout: Span,
    pub(crate) body_timeout: Span,
    pub(crate) body_min_rate: Size,
    pub(crate) handler_timeout: Span,
    pub(crate) keep_alive: Span,
    pub(crate) write_timeout: Span,
    pub(crate) max_url: Size,
    pub(crate) max_headers: Size,
    pub(crate) max_body: Size,
    pub(crate) max_data_uri_body: Size,
    pub(crate) max_multipart: Size,
    pub(crate) max_parts: usize,
    pub(crate) max_bodies_in_flight: Size,
    pub(crate) hsts_include_subdomains: bool,
}

/// `[well_known]`: where users change their password, and where researchers report vulnerabilities (RFC 9116).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WellKnown {
    pub(crate) change_password_url: String,
    #[serde(deserialize_with = "list")]
    pub(crate) security_contacts: Vec<String>,
    pub(crate) security_expires: String,
    pub(crate) security_encryption: String,
    pub(crate) security_acknowledgments: String,
    pub(crate) security_policy: String,
    pub(crate) security_hiring: String,
    #[serde(deserialize_with = "list")]
    pub(crate) security_languages: Vec<String>,
}

/// `[limits]`: rate limits (R86), as the table of [`selfsame_application::limits`] lists them; scheme `database`.
pub(crate) type Limits = selfsame_application::Limits<Rate, ByteRate, SecretUrl>;

/// `[log]`: what goes to standard error.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    #[serde(deserialize_with = "choice")]
    pub(crate) format: LogFormat,
    pub(crate) filter: String,
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Text if standard error is a terminal, otherwise JSON.
    Auto,
    /// Coloured lines.
    Human,
    /// One JSON object a line.
    Json,
}
