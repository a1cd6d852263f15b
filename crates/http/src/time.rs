//! Instants on the wire.

use chrono::SecondsFormat;
use selfsame_domain::Instant;

/// RFC 3339 in UTC, with milliseconds and `Z`: as all contracts write it.
pub(crate) fn timestamp(instant: Instant) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}
