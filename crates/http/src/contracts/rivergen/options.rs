//! What the operator decides about this contract.

use std::time::Duration;

/// Plain values; where they come from is the server's business.
#[derive(Clone, Copy, Debug)]
pub struct RiverGenOptions {
    /// Life of an access token.
    pub access_ttl: Duration,
}

impl Default for RiverGenOptions {
    fn default() -> Self {
        Self { access_ttl: Duration::from_hours(1) }
    }
}
