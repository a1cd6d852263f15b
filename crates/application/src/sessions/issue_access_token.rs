//! An access token of the caller's sign-in, to be shown to other backends.

use std::time::Duration;

use crate::{Core, Fault, Principal, attempts::AccessToken};

/// Asks for a token that other services are shown. It is not one for the account API itself: its audience is another (R46).
#[derive(Clone, Debug)]
pub struct IssueAccessToken {
    /// Its life.
    pub ttl: Duration,
}

impl IssueAccessToken {
    /// Signs one for [`crate::Policy::session_token_audience`]. This server does not take it (R46), so a backend that is
    /// shown one cannot act here for the user. It dies with the sign-in, whatever its `exp`.
    pub fn execute(&self, core: &Core, principal: &Principal) -> Result<AccessToken, Fault> {
        let audience = &core.policy.session_token_audience;
        core.sign_access_token(principal.user_id, principal.sign_in_id, audience, self.ttl)
    }
}
