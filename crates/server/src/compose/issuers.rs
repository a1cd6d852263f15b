//! `[[issuers]]`: the verifier of their tokens, and what the operator decides about them.

use std::sync::Arc;

use selfsame_application::IssuerPolicy;
use selfsame_domain::{Instant, Scope};
use selfsame_issuers_jwks::{IssuerOptions, JwksIssuers, KeySource, TokenType};

use super::ComposeError;
use crate::settings::schema::{self, Issuer, Settings};

/// The verifier; none without other issuers.
pub(super) fn open(settings: &Settings, now: Instant) -> Result<Option<Arc<JwksIssuers>>, ComposeError> {
    if settings.issuers.is_empty() {
        return Ok(None);
    }
    let options = settings.issuers.iter().cloned().map(options).collect();
    let issuers = JwksIssuers::new(options, settings.tokens.leeway.get(), now);
    issuers.map(|issuers| Some(Arc::new(issuers))).map_err(|error| ComposeError::new("issuers", &error))
}

fn options(issuer: Issuer) -> IssuerOptions {
    let has_file = !issuer.jwks_file.is_empty();
    IssuerOptions {
        issuer: issuer.iss,
        audience: issuer.audience,
        keys: if has_file { KeySource::File(issuer.jwks_file.into()) } else { KeySource::Url(issuer.jwks_url) },
        algorithms: issuer.algorithms,
        token_type: match issuer.typ {
            schema::TokenType::AccessToken => TokenType::AccessToken,
            schema::TokenType::Jwt => TokenType::Jwt,
        },
        claims: issuer.claims.into(),
    }
}

/// What the operator decides about them. The settings were checked before.
pub(super) fn policies(settings: &Settings) -> Vec<IssuerPolicy> {
    let policy = |issuer: Issuer| IssuerPolicy {
        name: issuer.name,
        issuer: issuer.iss,
        create_accounts: issuer.create_accounts,
        trust_email: issuer.trust_email,
        trust_authentication: issuer.trust_authentication,
        scopes: issuer
            .scopes
            .map(|scopes| scopes.into_iter().filter_map(|(name, scope)| Some((name, Scope::parse(&scope)?))).collect()),
    };
    settings.issuers.iter().cloned().map(policy).collect()
}
