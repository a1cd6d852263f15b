//! The result of a leased message, which is recorded under the token of its lease.

use std::time::Duration;

use selfsame_domain::{Instant, RequestContext};
use selfsame_ports::Leased;

use crate::{Core, mail::deliver::DeliverError};

/// The counts of one round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Mails sent and jobs done.
    pub sent: usize,
    /// Deferred.
    pub deferred: usize,
    /// Marked as dead.
    pub dead: usize,
    /// Expired, and removed unsent.
    pub expired: usize,
    /// Leased by another worker in the meantime.
    pub lost: usize,
}

impl Delivered {
    /// Whether nothing was due.
    pub fn is_idle(self) -> bool {
        self == Self::default()
    }

    pub(super) fn count(&mut self, outcome: &Outcome) {
        let count = match outcome {
            Outcome::Sent | Outcome::Done => &mut self.sent,
            Outcome::Deferred(..) | Outcome::Unread(..) | Outcome::Released => &mut self.deferred,
            Outcome::Dead(_) => &mut self.dead,
            Outcome::Expired => &mut self.expired,
            Outcome::Lost => &mut self.lost,
        };
        *count += 1;
    }
}

/// The result of one message.
pub(super) enum Outcome {
    Sent,
    /// A job that took itself out of the queue.
    Done,
    /// A try that failed.
    Deferred(Duration, String),
    /// Not a try: this server cannot read it, by its build or its keys. Another server may.
    Unread(Instant, String),
    /// Not a try: the server ends.
    Released,
    Dead(String),
    Expired,
    Lost,
}

/// Records the result of a message, and returns it: [`Outcome::Lost`] if the lease is no longer valid.
pub(super) fn settled(core: &Core, leased: &Leased, outcome: Outcome) -> Result<Outcome, DeliverError> {
    let (id, token) = (leased.message.id, leased.token);
    let is_held = core.unit::<_, DeliverError>(&RequestContext::default(), |work| {
        let now = core.clock.now();
        let outbox = work.outbox();
        Ok(match &outcome {
            Outcome::Done | Outcome::Lost => true,
            // An expired message is no use to anybody, so the operator has nothing to repair.
            Outcome::Sent | Outcome::Expired => outbox.sent(id, token)?,
            Outcome::Deferred(pause, reason) => outbox.retry(id, token, now + *pause, reason)?,
            Outcome::Unread(due_at, reason) => outbox.defer(id, token, *due_at, reason)?,
            Outcome::Released => outbox.release(&[id], token)? == 1,
            Outcome::Dead(reason) => outbox.mark_dead(id, token, now, reason)?,
        })
    })?;
    let outcome = if is_held { outcome } else { Outcome::Lost };
    let channel = &*leased.message.channel.to_text();
    match &outcome {
        Outcome::Sent | Outcome::Done | Outcome::Released => {}
        Outcome::Expired => tracing::info!(message_id = %id, channel, "message expired unsent"),
        Outcome::Deferred(_, reason) | Outcome::Unread(_, reason) => {
            tracing::warn!(message_id = %id, channel, reason, "message deferred");
        }
        Outcome::Dead(reason) => tracing::error!(message_id = %id, channel, reason, "message given up"),
        Outcome::Lost => {
            tracing::warn!(message_id = %id, channel, "the lease was lost before the message was dealt with");
        }
    }
    Ok(outcome)
}
