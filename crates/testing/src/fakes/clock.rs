//! A clock that stands still until it is told to go.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use selfsame_domain::Instant;
use selfsame_ports::Clock;

use crate::builders::t0;

/// The time of day, as the test says.
pub struct FixedClock(Mutex<Instant>);

impl FixedClock {
    /// Stands at [`t0`].
    pub fn new() -> Self {
        Self(Mutex::new(t0()))
    }

    /// Jumps, backwards too.
    pub fn set(&self, instant: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = instant;
    }

    /// Goes on, and stands again.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Default for FixedClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
