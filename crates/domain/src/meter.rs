//! A budget whose whole state is one instant: the generic cell rate algorithm (GCRA).

use std::time::Duration;

use crate::Instant;

/// The state of a budget: the instant, in microseconds of Unix time, at which it will be full again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meter(i64);

impl Meter {
    /// Reads the stored number.
    pub fn from_stored(full_at: i64) -> Self {
        Self(full_at)
    }

    /// The number to be stored.
    pub fn stored(self) -> i64 {
        self.0
    }

    /// Takes `cost`, which is the time until it is available again. The sum that is taken may be at most `capacity`; if
    /// it would be more, nothing is taken and the error is the time to wait.
    pub fn spend(self, now: Instant, cost: Duration, capacity: Duration) -> Result<Self, Duration> {
        let spent = self.charge(now, cost);
        match spent.0.saturating_sub(now.timestamp_micros()).saturating_sub(micros(capacity)) {
            excess if excess > 0 => Err(Duration::from_micros(excess.unsigned_abs())),
            _ => Ok(spent),
        }
    }

    /// Takes `cost` even if there is less left. Until the rest is available again, nothing can be spent.
    #[must_use]
    pub fn charge(self, now: Instant, cost: Duration) -> Self {
        Self(self.0.max(now.timestamp_micros()).saturating_add(micros(cost)))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_full_budget_lets_its_burst_through_and_then_one_at_a_time() {
        let mut meter = Meter::default();
        for _ in 0..3 {
            meter = meter.spend(at(0), SECOND, 3 * SECOND).unwrap();
        }
        assert_eq!(meter.spend(at(0), SECOND, 3 * SECOND), Err(SECOND));
        let meter = meter.spend(at(1), SECOND, 3 * SECOND).unwrap();
        assert!(meter.spend(at(1), SECOND, 3 * SECOND).is_err());
    }

    #[test]
    fn a_charge_is_made_although_too_little_is_left_and_delays_what_comes_next() {
        let full = Meter::default().charge(at(0), SECOND);
        let empty = full.spend(at(0), 2 * SECOND, 3 * SECOND).unwrap();
        let owing = empty.charge(at(0), 5 * SECOND);
        assert_eq!(owing.spend(at(0), SECOND, 3 * SECOND), Err(6 * SECOND));
        assert_eq!(owing.spend(at(5), SECOND, 3 * SECOND), Err(SECOND));
        assert!(owing.spend(at(6), SECOND, 3 * SECOND).is_ok());
    }

    #[test]
    fn a_refusal_spends_nothing() {
        let meter = Meter::default().spend(at(0), 2 * SECOND, 2 * SECOND).unwrap();
        assert_eq!(meter.spend(at(1), 2 * SECOND, 2 * SECOND), Err(SECOND));
        assert!(meter.spend(at(2), 2 * SECOND, 2 * SECOND).is_ok());
    }
}
