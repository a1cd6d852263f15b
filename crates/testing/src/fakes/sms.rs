//! A sender of text messages that keeps what it is given.

use std::sync::{Mutex, MutexGuard, PoisonError};

use selfsame_domain::Instant;
use selfsame_ports::{SmsError, SmsSender, TextMessage};

/// Takes every message, unless it was told to fail.
#[derive(Default)]
pub struct RecordingSms(Mutex<State>);

#[derive(Default)]
struct State {
    sent: Vec<TextMessage>,
    outage: Option<SmsError>,
}

impl RecordingSms {
    /// A sender that has taken nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every message is answered with this error from now on; `None` ends the outage.
    pub fn fail_with(&self, error: Option<SmsError>) {
        self.state().outage = error;
    }

    /// Everything that was taken, in order.
    pub fn sent(&self) -> Vec<TextMessage> {
        self.state().sent.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SmsSender for RecordingSms {
    fn send(&self, message: &TextMessage, _now: Instant) -> Result<(), SmsError> {
        let mut state = self.state();
        state.outage.clone().map_or(Ok(()), Err)?;
        state.sent.push(message.clone());
        Ok(())
    }
}
