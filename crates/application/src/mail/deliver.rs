//! One round of the mail worker: what is due is handed over, put back, or given up (R88).

use std::time::Duration;

use selfsame_domain::OutboxId;
use selfsame_ports::{MailError, Mailer, Message, OutboxMessage, StorageError};

use crate::{Core, Fault, core::outbox_context, fault::faults};

/// How the worker works.
#[derive(Clone, Copy, Debug)]
pub struct DeliverMail {
    /// Messages taken at once.
    pub batch: i64,
    /// For how long they are taken. Longer than a whole batch may take.
    pub lease: chrono::Duration,
    /// Tries of one message.
    pub max_attempts: i32,
    /// Pause after the first try; it doubles with each further one.
    pub first_pause: Duration,
    /// Longest pause.
    pub longest_pause: Duration,
}

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Handed over.
    pub sent: usize,
    /// Put back for later.
    pub deferred: usize,
    /// Given up.
    pub dead: usize,
    /// Removed unsent: past their use.
    pub expired: usize,
}

impl Delivered {
    /// Whether nothing was due.
    pub fn is_idle(self) -> bool {
        self == Self::default()
    }
}

/// Why there was no round.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliverMailError {
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(DeliverMailError: StorageError);

/// What becomes of one message.
enum Fate {
    Sent,
    Deferred(Duration, String),
    Dead(String),
    Expired,
}

impl DeliverMail {
    /// Leases a batch and sends it, one after the other, until `stop` says so: then the rest is released.
    pub fn execute(
        &self,
        core: &Core,
        mailer: &dyn Mailer,
        stop: &dyn Fn() -> bool,
    ) -> Result<Delivered, DeliverMailError> {
        let now = core.clock.now();
        let batch =
            core.unit::<_, DeliverMailError>(|unit| Ok(unit.outbox().lease(now, now + self.lease, self.batch)?))?;
        let mut delivered = Delivered::default();
        let mut rest = batch.iter();
        while let Some(message) = rest.as_slice().first() {
            if stop() {
                break;
            }
            rest.next();
            let fate = self.send(core, mailer, message);
            match &fate {
                Fate::Sent => delivered.sent += 1,
                Fate::Deferred(..) => delivered.deferred += 1,
                Fate::Dead(_) => delivered.dead += 1,
                Fate::Expired => delivered.expired += 1,
            }
            record_fate(core, message.id, &fate)?;
        }
        let unsent: Vec<OutboxId> = rest.map(|message| message.id).collect();
        if !unsent.is_empty() {
            core.unit::<_, DeliverMailError>(|unit| Ok(unit.outbox().release(&unsent)?))?;
        }
        Ok(delivered)
    }

    fn send(&self, core: &Core, mailer: &dyn Mailer, queued: &OutboxMessage) -> Fate {
        let now = core.clock.now();
        if now >= queued.expires_at {
            return Fate::Expired;
        }
        let opened = core.vault.open(&outbox_context(queued.id), &queued.sealed);
        let Ok(message) = opened.map(|json| serde_json::from_slice::<Message>(&json)) else {
            return Fate::Dead("sealed with a key that is gone".to_owned());
        };
        let Ok(message) = message else {
            return Fate::Dead("written by a newer version".to_owned());
        };
        match mailer.send(&message, now) {
            Ok(()) => Fate::Sent,
            Err(MailError::Permanent(reason)) => Fate::Dead(reason),
            Err(MailError::Temporary(reason)) if queued.attempts >= self.max_attempts => Fate::Dead(reason),
            Err(MailError::Temporary(reason)) => Fate::Deferred(self.pause(core, queued.attempts), reason),
        }
    }

    /// Doubles with each try, and up to a quarter more so that messages do not march in step.
    fn pause(&self, core: &Core, attempts: i32) -> Duration {
        let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(20);
        let pause = self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause);
        let [byte] = core.random();
        pause + pause.mul_f64(f64::from(byte) / 1024.0)
    }
}

fn record_fate(core: &Core, id: OutboxId, fate: &Fate) -> Result<(), DeliverMailError> {
    core.unit(|unit| {
        let now = core.clock.now();
        match fate {
            Fate::Sent => unit.outbox().sent(id)?,
            // Nobody wants it any more, so there is nothing for the operator to repair.
            Fate::Expired => {
                tracing::info!(message = %id, "mail expired unsent");
                unit.outbox().sent(id)?;
            }
            Fate::Deferred(pause, reason) => {
                tracing::warn!(message = %id, reason, "mail deferred");
                unit.outbox().retry(id, now + *pause, reason)?;
            }
            Fate::Dead(reason) => {
                tracing::error!(message = %id, reason, "mail given up");
                unit.outbox().bury(id, now, reason)?;
            }
        }
        Ok(())
    })
}
