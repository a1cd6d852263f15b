//! Issues a token of the caller's sign-in for other backends.

use std::time::Duration;

use crate::{Core, Fault, Principal, attempts::AccessToken};

/// Requests a token for other backends. It has an audience of its own, so it is not an access token of this server
/// (R46).
#[derive(Clone, Debug)]
pub struct IssueAccessToken {
    /// Its life.
    pub ttl: Duration,
}

impl IssueAccessToken {
    /// Signs a token for [`crate::Policy::session_token_audience`]. This server does not accept it (R46), so a backend
    /// that gets one cannot act here for the user.
    pub fn execute(&self, core: &Core, principal: &Principal) -> Result<AccessToken, Fault> {
        let audience = &core.policy.session_token_audience;
        core.sign_access_token(principal.user_id, principal.sign_in_id, principal.client.as_ref(), audience, self.ttl)
    }
}
