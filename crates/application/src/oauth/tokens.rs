//! The tokens of an application.

use selfsame_domain::{AuthorizedClient, OpaqueToken, RefreshToken, Scope, Scopes, SignIn, oauth::Client};
use selfsame_ports::NewIdToken;

use super::{assurance_level, authentication_methods};
use crate::{Core, Fault, attempts::AccessToken};

/// The tokens of an application (RFC 6749 section 5.1). It has no `Debug`, which would print them.
#[derive(Clone)]
pub struct ClientTokens {
    /// For this server and for resource servers.
    pub access_token: AccessToken,
    /// For the next access token, if the application may act while the user is away.
    pub refresh_token: Option<OpaqueToken>,
    /// Who the user is and how they signed in.
    pub id_token: Option<String>,
    /// What the application may do with the access token.
    pub scopes: Scopes,
}

impl Core {
    /// The tokens of the application that acts in a sign-in, for these scopes.
    pub(super) fn client_tokens(
        &self,
        sign_in: &SignIn,
        client: &Client,
        scopes: Scopes,
        refresh: Option<&RefreshToken>,
        nonce: Option<String>,
    ) -> Result<ClientTokens, Fault> {
        let (audience, ttl) = (&self.policy.audience, self.policy.access_ttl);
        let allowed = AuthorizedClient { id: client.id.clone(), scopes };
        let access_token = self.sign_access_token(sign_in.user_id, sign_in.id, Some(&allowed), audience, ttl)?;
        let id_token = if allowed.scopes.contains(Scope::OpenId) {
            let claims = NewIdToken {
                algorithm: client.id_token_algorithm,
                user_id: sign_in.user_id,
                sign_in_id: sign_in.id,
                client_id: allowed.id,
                nonce,
                authenticated_at: sign_in.assurance.authenticated_at,
                acr: assurance_level(&sign_in.assurance.methods),
                amr: authentication_methods(&sign_in.assurance.methods),
                access_token: access_token.token.clone(),
                ttl,
            };
            Some(self.tokens.issue_id_token(&claims, self.clock.now())?)
        } else {
            None
        };
        let refresh_token = refresh.map(|refresh| self.encode_refresh(refresh));
        Ok(ClientTokens { access_token, refresh_token, id_token, scopes: allowed.scopes })
    }
}
