//! Exchanges a refresh token of an application for new tokens (RFC 6749 section 6).

use selfsame_domain::{RequestContext, Scopes};

use super::{exchange_code::TokenError, tokens::ClientTokens};
use crate::{Core, sessions::refresh::RefreshAccessError};

/// Submits a refresh token. It has no `Debug`, which would print it.
#[derive(Clone)]
pub struct RefreshTokens {
    /// The client.
    pub client_id: String,
    /// The refresh token.
    pub refresh_token: String,
    /// The scopes of the new access token, if fewer are asked for.
    pub scope: Option<String>,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

impl From<RefreshAccessError> for TokenError {
    fn from(error: RefreshAccessError) -> Self {
        match error {
            RefreshAccessError::Invalid => Self::InvalidGrant,
            RefreshAccessError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl RefreshTokens {
    /// Rotates the token (R47). Fewer scopes narrow the access token and not the refresh token; more are refused before
    /// anything is rotated.
    pub fn execute(&self, core: &Core) -> Result<ClientTokens, TokenError> {
        let client = core.policy.oauth.client(&self.client_id).ok_or(TokenError::UnknownClient)?;
        let found = core.find_refresh(&self.refresh_token, Some(&self.client_id), &self.context)?;
        let stored = found.sign_in.client.as_ref().ok_or(TokenError::InvalidGrant)?;
        let scopes = self.narrowed(&stored.scopes.intersection(&client.scopes))?;
        let refreshed = core.rotate_refresh(&found, &self.context)?;
        Ok(core.client_tokens(&found.sign_in, client, scopes, Some(&refreshed), None)?)
    }

    fn narrowed(&self, granted: &Scopes) -> Result<Scopes, TokenError> {
        let Some(asked) = &self.scope else { return Ok(granted.clone()) };
        let scopes = Scopes::known_in(asked);
        let is_known = asked.split_ascii_whitespace().count() == scopes.iter().count();
        if is_known && !scopes.is_empty() && granted.contains_all(&scopes) {
            Ok(scopes)
        } else {
            Err(TokenError::InvalidScope)
        }
    }
}
