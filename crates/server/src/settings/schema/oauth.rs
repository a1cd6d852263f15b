//! `[oauth]`: applications that act for users, and resource servers.

use serde::{Deserialize, Serialize};

use crate::settings::{
    secret::Secret,
    units::{Span, tables},
};

/// `[oauth]`: registered applications (RFC 6749 section 2) and resource servers (RFC 7662).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OAuth {
    #[serde(deserialize_with = "tables")]
    pub(crate) clients: Vec<Client>,
    #[serde(deserialize_with = "tables")]
    pub(crate) resource_servers: Vec<ResourceServer>,
    pub(crate) code_ttl: Span,
}

/// One entry of `oauth.clients`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) redirect_uris: Vec<String>,
    #[serde(default)]
    pub(crate) post_logout_redirect_uris: Vec<String>,
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    pub(crate) skip_consent: bool,
}

/// One entry of `oauth.resource_servers`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceServer {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}
