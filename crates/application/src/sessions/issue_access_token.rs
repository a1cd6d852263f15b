//! An access token for the sign-in that the caller has.

use std::time::Duration;

use crate::{Caller, Core, Fault, attempts::AccessToken};

/// Asks for a token.
#[derive(Clone, Debug)]
pub struct IssueAccessToken {
    /// Its life.
    pub ttl: Duration,
}

impl IssueAccessToken {
    /// Signs one. It dies with the sign-in, whatever its `exp`.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<AccessToken, Fault> {
        core.sign_access_token(&caller.sign_in, self.ttl)
    }
}
