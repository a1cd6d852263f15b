//! The time of day.

use selfsame_domain::Instant;

/// The one clock by which everything expires (R97).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Clock: Send + Sync {
    /// Now, in UTC, in whole milliseconds: every database and contract can keep that.
    fn now(&self) -> Instant;
}
