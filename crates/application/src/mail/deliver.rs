//! One round of the delivery worker: runs due jobs and sends due mails. Failed ones are deferred or marked as dead
//! (R88).

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use selfsame_domain::{OutboxId, RequestContext};
use selfsame_ports::{
    Channel, Lease, LeaseToken, Leased, Mailer, Message, OutboxMessage, StorageError, TextMessage, WebhookMessage,
};
use serde::de::DeserializeOwned;

pub use crate::mail::{outcome::Delivered, outlet::Outlet};
use crate::{
    Core, Fault,
    exports::make::{ExportJob, MakeError},
    fault::faults,
    mail::{
        job::{Job, JobError},
        outcome::{Outcome, settled},
        outlet::Unsent,
        post::outbox_context,
    },
};

/// Options of the delivery worker.
#[derive(Clone, Copy, Debug)]
pub struct Deliver {
    /// Messages of one channel that are leased at once.
    pub batch: i64,
    /// Duration of a lease. At least twice `longest_send`.
    pub lease: chrono::Duration,
    /// The longest time to send one message. None is begun unless one and a half times as long is left of the lease,
    /// which leaves time for the statement that records the success, and for differences between clocks.
    pub longest_send: chrono::Duration,
    /// The greatest number of tries of one message.
    pub max_attempts: i32,
    /// Pause after the first try; it doubles with each further one.
    pub first_pause: Duration,
    /// Longest pause.
    pub longest_pause: Duration,
}

/// Why the round failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliverError {
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(DeliverError: StorageError);

impl Deliver {
    /// Leases a batch of jobs and runs them, then leases a batch of mails and sends them, those of the jobs included.
    /// One after the other, until `stop` returns true or the lease is nearly over: then the rest is released.
    pub fn execute(
        &self,
        core: &Core,
        mailer: &dyn Mailer,
        stop: &dyn Fn() -> bool,
    ) -> Result<Delivered, DeliverError> {
        let mut delivered = self.run_jobs(core, stop)?;
        self.batch(core, &Channel::Mail, stop, &mut delivered, &|leased| self.send(core, mailer, leased))?;
        Ok(delivered)
    }

    /// The first half of a round: a batch of jobs.
    pub fn run_jobs(&self, core: &Core, stop: &dyn Fn() -> bool) -> Result<Delivered, DeliverError> {
        let mut delivered = Delivered::default();
        self.batch(core, &Channel::Job, stop, &mut delivered, &|leased| self.run(core, leased))?;
        Ok(delivered)
    }

    /// Makes a batch of exports, one after the other.
    pub fn make_exports(&self, core: &Core, stop: &dyn Fn() -> bool) -> Result<Delivered, DeliverError> {
        let mut delivered = Delivered::default();
        self.batch(core, &Channel::Export, stop, &mut delivered, &|leased| self.make_export(core, leased, stop))?;
        Ok(delivered)
    }

    /// Leases up to `limit` due messages of a channel, each for [`Self::send_leased`] at once.
    pub fn lease_messages(&self, core: &Core, channel: &Channel, limit: usize) -> Result<Vec<Leased>, DeliverError> {
        let limit = i64::try_from(limit).unwrap_or(self.batch).min(self.batch);
        self.lease(core, channel, limit).map(|(_, messages)| messages)
    }

    /// Sends one leased message of an outlet's channel and records the outcome. Several may be sent at the same time. What
    /// takes long ends when `stop` returns true.
    pub fn send_leased(
        &self,
        core: &Core,
        outlet: &Outlet,
        leased: &Leased,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), DeliverError> {
        let outcome = match outlet {
            Outlet::Mail(mailer) => self.send(core, &**mailer, leased),
            Outlet::Sms(sender) => {
                self.hand_over(core, leased, |message: &TextMessage| Ok(sender.send(message, core.clock.now())?))
            }
            Outlet::Webhook(_, sender) => {
                self.hand_over(core, leased, |message: &WebhookMessage| Ok(sender.send(message, core.clock.now())?))
            }
            Outlet::Exports => self.make_export(core, leased, stop),
        };
        settled(core, leased, outcome).map(drop)
    }

    fn lease(&self, core: &Core, channel: &Channel, limit: i64) -> Result<(Lease, Vec<Leased>), DeliverError> {
        let now = core.clock.now();
        let token = LeaseToken(i64::from_le_bytes(core.random()));
        let lease = Lease { channel: channel.clone(), token, now, until: now + self.lease, limit };
        let leased =
            core.unit::<_, DeliverError>(&RequestContext::default(), |work| Ok(work.outbox().lease(&lease)?))?;
        Ok((lease, leased))
    }

    fn batch(
        &self,
        core: &Core,
        channel: &Channel,
        stop: &dyn Fn() -> bool,
        delivered: &mut Delivered,
        deliver: &dyn Fn(&Leased) -> Outcome,
    ) -> Result<(), DeliverError> {
        let (lease, batch) = self.lease(core, channel, self.batch)?;
        let latest = lease.until - self.longest_send - self.longest_send / 2;
        let mut rest = batch.iter();
        while let Some(leased) = rest.as_slice().first() {
            if stop() || core.clock.now() > latest {
                break;
            }
            rest.next();
            delivered.count(&settled(core, leased, deliver(leased))?);
        }
        let left: Vec<OutboxId> = rest.map(|leased| leased.message.id).collect();
        if !left.is_empty() {
            core.unit::<_, DeliverError>(&RequestContext::default(), |work| {
                Ok(work.outbox().release(&left, lease.token)?)
            })?;
        }
        Ok(())
    }

    fn send(&self, core: &Core, mailer: &dyn Mailer, leased: &Leased) -> Outcome {
        self.hand_over(core, leased, |message: &Message| Ok(mailer.send(message, core.clock.now())?))
    }

    /// Reads a message and sends it.
    fn hand_over<T: DeserializeOwned>(
        &self,
        core: &Core,
        leased: &Leased,
        send: impl FnOnce(&T) -> Result<(), Unsent>,
    ) -> Outcome {
        let message = match self.read::<T>(core, &leased.message) {
            Ok(message) => message,
            Err(outcome) => return outcome,
        };
        match guarded(|| send(&message)) {
            Some(Ok(())) => Outcome::Sent,
            Some(Err(Unsent::Permanent(reason))) => Outcome::Dead(reason),
            Some(Err(Unsent::Temporary { reason, retry_after })) => {
                self.failed(core, &leased.message, reason, retry_after)
            }
            None => self.failed(core, &leased.message, "the sender panicked".to_owned(), None),
        }
    }

    fn run(&self, core: &Core, leased: &Leased) -> Outcome {
        let job = match self.read::<Job>(core, &leased.message) {
            Ok(job) => job,
            Err(outcome) => return outcome,
        };
        match guarded(|| job.run(core, leased)) {
            Some(Ok(())) => Outcome::Done,
            Some(Err(JobError::Lost)) => Outcome::Lost,
            Some(Err(JobError::Fault(fault))) => self.failed(core, &leased.message, fault.to_string(), None),
            None => self.failed(core, &leased.message, "the job panicked".to_owned(), None),
        }
    }

    fn make_export(&self, core: &Core, leased: &Leased, stop: &dyn Fn() -> bool) -> Outcome {
        let ExportJob::MakeExport { export } = match self.read(core, &leased.message) {
            Ok(job) => job,
            Err(outcome) => return outcome,
        };
        let outcome = match guarded(|| core.make_export(export, leased, self.lease, stop)) {
            Some(Ok(())) => Outcome::Done,
            Some(Err(MakeError::Lost)) => Outcome::Lost,
            Some(Err(MakeError::Stopped)) => Outcome::Released,
            Some(Err(MakeError::Fault(fault))) => self.failed(core, &leased.message, fault.to_string(), None),
            None => self.failed(core, &leased.message, "the export panicked".to_owned(), None),
        };
        if matches!(outcome, Outcome::Dead(_))
            && let Err(error) = core.give_up_export(export)
        {
            tracing::warn!(%export, %error, "an export that cannot be made could not be given up");
        }
        outcome
    }

    /// The content of a message to be processed, or its outcome if it is not.
    fn read<T: DeserializeOwned>(&self, core: &Core, queued: &OutboxMessage) -> Result<T, Outcome> {
        let now = core.clock.now();
        let is_expired = now >= queued.expires_at;
        match open(core, queued) {
            Ok(_) if is_expired => Err(Outcome::Expired),
            // The try of a worker that crashed leaves no other trace.
            Ok(_) if queued.attempts > self.max_attempts => {
                Err(Outcome::Dead("no try of it came to an end".to_owned()))
            }
            Ok(content) => Ok(content),
            Err(reason) if is_expired => Err(Outcome::Dead(format!("expired: {reason}"))),
            Err(reason) => {
                // Tries are not counted here, so the pauses grow with the age of the message.
                let age = (now - queued.created_at).to_std().unwrap_or_default();
                let pause = jittered(core, age.clamp(self.first_pause, self.longest_pause.max(self.first_pause)));
                Err(Outcome::Unread((now + pause).min(queued.expires_at), reason.to_owned()))
            }
        }
    }

    /// The outcome of a try that failed. The pause is not shorter than `retry_after`, unless that is longer than the longest
    /// one.
    fn failed(&self, core: &Core, queued: &OutboxMessage, reason: String, retry_after: Option<Duration>) -> Outcome {
        if queued.attempts >= self.max_attempts {
            return Outcome::Dead(reason);
        }
        let doublings = u32::try_from(queued.attempts.saturating_sub(1)).unwrap_or(0).min(20);
        let pause = self.first_pause.saturating_mul(1 << doublings).max(retry_after.unwrap_or_default());
        Outcome::Deferred(jittered(core, pause.min(self.longest_pause)), reason)
    }
}

/// Adds up to a quarter, so that messages are not retried all at the same time.
fn jittered(core: &Core, pause: Duration) -> Duration {
    let [byte] = core.random();
    pause + pause.mul_f64(f64::from(byte) / 1024.0)
}

/// Runs work and turns a panic into a failure of its message, so that others of the batch go on (R98).
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// The content of a message, or why this server cannot read it yet: it was written with newer keys or by a newer build.
fn open<T: DeserializeOwned>(core: &Core, queued: &OutboxMessage) -> Result<T, &'static str> {
    let context = outbox_context(&queued.channel.to_text(), queued.id);
    let json =
        core.vault.open(&context, &queued.sealed).map_err(|_| "sealed with a key that this server does not have")?;
    serde_json::from_slice(&json).map_err(|_| "written by another version of this server")
}
