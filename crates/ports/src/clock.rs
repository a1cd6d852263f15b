//! The time of day.

use selfsame_domain::Instant;

/// The one clock for every expiry (R97).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The current time in UTC, in whole milliseconds, which every database and contract can represent.
    fn now(&self) -> Instant;
}
