//! The machine's clock.

use selfsame_domain::Instant;
use selfsame_ports::Clock;

/// Reads the clock of the machine, in whole milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter that everybody else asks")]
    fn now(&self) -> Instant {
        Instant::from_timestamp_millis(chrono::Utc::now().timestamp_millis()).unwrap_or_default()
    }
}
