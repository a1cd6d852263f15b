//! An access token of the caller's sign-in, to be shown to other backends.

use std::time::Duration;

use crate::{Caller, Core, Fault, attempts::AccessToken};

/// Asks for a token.
#[derive(Clone, Debug)]
pub struct IssueAccessToken {
    /// Its life.
    pub ttl: Duration,
}

impl IssueAccessToken {
    /// Signs one for [`crate::Policy::session_token_audience`]. This server does not take it (R46), so a backend that is
    /// shown one cannot act here for the user.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<AccessToken, Fault> {
        core.sign_token_for(&core.policy.session_token_audience, &caller.sign_in, self.ttl)
    }
}
