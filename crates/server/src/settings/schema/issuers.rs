//! `[[issuers]]`: other issuers whose access tokens are accepted.

use std::collections::BTreeMap;

use selfsame_issuers_jwks::ClaimNames;
use serde::{Deserialize, Serialize};

/// One entry of `issuers`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Issuer {
    pub(crate) name: String,
    #[serde(rename = "issuer")]
    pub(crate) iss: String,
    pub(crate) audience: String,
    #[serde(default)]
    pub(crate) jwks_url: String,
    #[serde(default)]
    pub(crate) jwks_file: String,
    #[serde(default = "algorithms")]
    pub(crate) algorithms: Vec<String>,
    #[serde(default)]
    pub(crate) typ: TokenType,
    #[serde(default)]
    pub(crate) claims: Claims,
    #[serde(default)]
    pub(crate) create_accounts: bool,
    #[serde(default)]
    pub(crate) trust_email: bool,
    #[serde(default)]
    pub(crate) trust_authentication: bool,
    /// None: tokens are not restricted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scopes: Option<BTreeMap<String, String>>,
}

/// `typ` in the header of access tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum TokenType {
    /// RFC 9068.
    #[default]
    #[serde(rename = "at+jwt")]
    AccessToken,
    /// Or none.
    #[serde(rename = "JWT")]
    Jwt,
}

/// The names of claims.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Claims {
    pub(crate) sub: String,
    pub(crate) email: String,
    pub(crate) email_verified: String,
    pub(crate) name: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) scope: String,
}

fn algorithms() -> Vec<String> {
    ["ES256", "RS256", "EdDSA", "PS256"].map(ToOwned::to_owned).to_vec()
}

impl Default for Claims {
    fn default() -> Self {
        let ClaimNames { subject, email, email_verified, name, given_name, family_name, scope } = ClaimNames::default();
        Self { sub: subject, email, email_verified, name, given_name, family_name, scope }
    }
}

impl From<Claims> for ClaimNames {
    fn from(claims: Claims) -> Self {
        let Claims { sub, email, email_verified, name, given_name, family_name, scope } = claims;
        Self { subject: sub, email, email_verified, name, given_name, family_name, scope }
    }
}
