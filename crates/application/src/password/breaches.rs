//! The look-up of passwords that are known from breaches. It never refuses a password because it failed.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use selfsame_domain::Password;
use selfsame_ports::BreachedPasswords;

use crate::Core;

/// How long the service is not asked after it has failed, in milliseconds: each try may wait for its timeout, and blocks a
/// thread meanwhile.
const PAUSE: i64 = 30_000;

/// The service, if there is one, and until when it is not asked.
pub(crate) struct Breaches {
    service: Option<Arc<dyn BreachedPasswords>>,
    paused_until: AtomicI64,
}

impl Breaches {
    pub(crate) fn new(service: Option<Arc<dyn BreachedPasswords>>) -> Self {
        Self { service, paused_until: AtomicI64::new(i64::MIN) }
    }
}

impl Core {
    /// Whether the password is known from a breach, as far as the service says so. A failure is logged once, and the
    /// service is not asked for a while then.
    pub(crate) fn is_breached(&self, password: &Password) -> bool {
        let Breaches { service, paused_until } = &self.breaches;
        let Some(service) = service else { return false };
        let now = self.clock.now().timestamp_millis();
        let paused = paused_until.load(Ordering::Relaxed);
        // A clock that was set back ends the pause (R97).
        if now < paused && paused <= now.saturating_add(PAUSE) {
            return false;
        }
        service.contains(password).unwrap_or_else(|error| {
            if paused_until.swap(now.saturating_add(PAUSE), Ordering::Relaxed) == paused {
                tracing::warn!(%error, "passwords are not checked against breached ones for a while");
            }
            false
        })
    }
}
