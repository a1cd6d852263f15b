//! Tells a resource server what an access token is good for (RFC 7662).

use selfsame_domain::{Instant, RequestContext, Scopes, SignInId, UserId};
use selfsame_ports::StorageError;

use super::all_scopes;
use crate::{Authenticate, Core, Credential, Fault, fault::faults, sessions::authenticate::AuthenticateError};

/// Asks for it. It has no `Debug`, which would print the secrets.
#[derive(Clone)]
pub struct Introspect {
    /// The name of the resource server.
    pub server_id: String,
    /// Its secret.
    pub secret: String,
    /// The token.
    pub token: String,
    /// The request: for limits.
    pub context: RequestContext,
}

/// What a valid access token is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// `sub`.
    pub user_id: UserId,
    /// `sid`.
    pub sign_in_id: SignInId,
    /// `username`.
    pub username: Option<String>,
    /// `client_id`; none for the user's own sign-ins.
    pub client_id: Option<String>,
    /// `scope`: all of them for the user's own sign-ins.
    pub scopes: Scopes,
    /// `aud`.
    pub audience: String,
    /// `auth_time`.
    pub authenticated_at: Instant,
    /// `acr`.
    pub acr: &'static str,
    /// `exp`.
    pub expires_at: Instant,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntrospectError {
    /// No such resource server, or a wrong secret: one error for both.
    #[error("no such resource server")]
    UnknownServer,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(IntrospectError: StorageError);

impl Introspect {
    /// `None` for what is not a valid access token, also for a refresh token or an ID token. Wrong secrets have a budget.
    pub fn execute(&self, core: &Core) -> Result<Option<Introspection>, IntrospectError> {
        let servers = &core.policy.oauth.resource_servers;
        if !servers.iter().any(|server| server.id == self.server_id && server.has_secret(&self.secret)) {
            core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
            return Err(IntrospectError::UnknownServer);
        }
        let Ok(claims) = core.tokens.verify(&self.token, core.clock.now()) else { return Ok(None) };
        let caller = match Authenticate::new(Credential::Bearer(self.token.clone())).execute(core) {
            Ok(caller) => caller,
            Err(AuthenticateError::Unauthenticated | AuthenticateError::Expired) => return Ok(None),
            Err(AuthenticateError::Fault(fault)) => return Err(fault.into()),
        };
        let assurance = &caller.principal.assurance;
        let (client_id, scopes) = match caller.principal.client {
            Some(client) => (Some(client.id), client.scopes),
            None => (None, all_scopes()),
        };
        let shown = core.policy.fields.shown(&caller.user);
        Ok(Some(Introspection {
            user_id: caller.user.id,
            sign_in_id: caller.principal.sign_in_id,
            username: shown.preferred_username.as_ref().map(|name| name.as_str().to_owned()),
            client_id,
            scopes,
            audience: core.policy.audience.clone(),
            authenticated_at: assurance.authenticated_at,
            acr: super::assurance_level(&assurance.methods),
            expires_at: claims.expires_at,
        }))
    }
}
