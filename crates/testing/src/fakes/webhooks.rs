//! An endpoint of webhooks that keeps what it is given.

use std::sync::{Mutex, MutexGuard, PoisonError};

use selfsame_domain::Instant;
use selfsame_ports::{WebhookError, WebhookMessage, WebhookSender};

/// Takes every message, unless it was told to fail.
#[derive(Default)]
pub struct RecordingEndpoint(Mutex<State>);

#[derive(Default)]
struct State {
    accepted: Vec<WebhookMessage>,
    outage: Option<WebhookError>,
}

impl RecordingEndpoint {
    /// An endpoint that has taken nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every message is answered with this error from now on; `None` ends the outage.
    pub fn fail_with(&self, error: Option<WebhookError>) {
        self.state().outage = error;
    }

    /// Everything that was taken, in order.
    pub fn accepted(&self) -> Vec<WebhookMessage> {
        self.state().accepted.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WebhookSender for RecordingEndpoint {
    fn send(&self, message: &WebhookMessage, _now: Instant) -> Result<(), WebhookError> {
        let mut state = self.state();
        state.outage.clone().map_or(Ok(()), Err)?;
        state.accepted.push(message.clone());
        Ok(())
    }
}
