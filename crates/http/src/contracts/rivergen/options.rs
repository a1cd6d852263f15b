//! The options of the operator for this contract.

use std::time::Duration;

/// The options, as plain values.
#[derive(Clone, Copy, Debug)]
pub struct RiverGenOptions {
    /// Lifetime of an access token.
    pub access_ttl: Duration,
}

impl Default for RiverGenOptions {
    fn default() -> Self {
        Self { access_ttl: Duration::from_hours(1) }
    }
}
