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
    #[serde(default)]
    pub(crate) id_token_signed_response_alg: IdTokenAlgorithm,
}

/// `id_token_signed_response_alg` (OpenID Connect Dynamic Client Registration section 2). Its default there is RS256; here it is
/// ES256, because that needs no key of another kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum IdTokenAlgorithm {
    #[default]
    Es256,
    Rs256,
}

impl OAuth {
    /// Whether an application gets ID tokens that are signed with RS256.
    pub(crate) fn needs_rs256(&self) -> bool {
        self.clients.iter().any(|client| client.id_token_signed_response_alg == IdTokenAlgorithm::Rs256)
    }
}

/// One entry of `oauth.resource_servers`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceServer {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}
