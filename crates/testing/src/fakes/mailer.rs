//! A mailer that keeps what it is given.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use selfsame_domain::Instant;
use selfsame_ports::{Mail, MailError, Mailer, Message};

/// Takes every message, unless it was told to fail.
#[derive(Default)]
pub struct RecordingMailer(Mutex<State>);

#[derive(Default)]
struct State {
    sent: Vec<Message>,
    failures: VecDeque<MailError>,
    outage: Option<MailError>,
}

impl RecordingMailer {
    /// A mailer that has taken nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next message is answered with this error. Called again, the message after that one too.
    pub fn fail_next(&self, error: MailError) {
        self.state().failures.push_back(error);
    }

    /// Every message is answered with this error from now on; `None` ends the outage.
    pub fn fail_with(&self, error: Option<MailError>) {
        self.state().outage = error;
    }

    /// Everything that was taken, in order.
    pub fn sent(&self) -> Vec<Message> {
        self.state().sent.clone()
    }

    /// What was taken for an address, in order.
    pub fn sent_to(&self, address: &str) -> Vec<Mail> {
        let state = self.state();
        let to_it = state.sent.iter().filter(|message| message.to == address);
        to_it.map(|message| message.mail.clone()).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mailer for RecordingMailer {
    fn send(&self, message: &Message, _now: Instant) -> Result<(), MailError> {
        let mut state = self.state();
        let failure = state.failures.pop_front().or_else(|| state.outage.clone());
        failure.map_or(Ok(()), Err)?;
        state.sent.push(message.clone());
        Ok(())
    }
}

/// The code that a mail carries, for a test that types it.
pub fn code_of(mail: &Mail) -> Option<&str> {
    match mail {
        Mail::VerifyEmail { code, .. } | Mail::ConfirmEmailChange { code, .. } => Some(code),
        Mail::ResetPassword { code, .. } => code.as_deref(),
        _ => None,
    }
}

/// The link that a mail carries, for a test that follows it.
pub fn link_of(mail: &Mail) -> Option<&str> {
    match mail {
        Mail::VerifyEmail { link, .. } => link.as_deref(),
        Mail::ResetPassword { link, .. }
        | Mail::DeletionScheduled { link, .. }
        | Mail::DeletionReminder { link, .. }
        | Mail::EmailChangeRequested { link, .. } => Some(link),
        _ => None,
    }
}
