//! What becomes of a leased message, and how that is recorded: always under the token of the lease.

use std::time::Duration;

use selfsame_domain::{Instant, RequestContext};
use selfsame_ports::Leased;

use crate::{Core, mail::deliver::DeliverError};

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Mails handed over and jobs done.
    pub sent: usize,
    /// Put back for later.
    pub deferred: usize,
    /// Given up.
    pub dead: usize,
    /// Removed unsent: past their use.
    pub expired: usize,
    /// Somebody else's by the time it was over.
    pub lost: usize,
}

impl Delivered {
    /// Whether nothing was due.
    pub fn is_idle(self) -> bool {
        self == Self::default()
    }

    pub(super) fn count(&mut self, fate: &Fate) {
        let count = match fate {
            Fate::Sent | Fate::Done => &mut self.sent,
            Fate::Deferred(..) | Fate::Unread(..) => &mut self.deferred,
            Fate::Dead(_) => &mut self.dead,
            Fate::Expired => &mut self.expired,
            Fate::Lost => &mut self.lost,
        };
        *count += 1;
    }
}

/// What becomes of one message.
pub(super) enum Fate {
    Sent,
    /// A job that took itself out of the queue.
    Done,
    /// A try that failed.
    Deferred(Duration, String),
    /// No try: this build, or this server's keys, cannot read it. Another's may.
    Unread(Instant, String),
    Dead(String),
    Expired,
    Lost,
}

/// Records what became of a message, and answers it: [`Fate::Lost`] if the message is somebody else's by now.
pub(super) fn settled(core: &Core, leased: &Leased, fate: Fate) -> Result<Fate, DeliverError> {
    let (id, token) = (leased.message.id, leased.token);
    let is_held = core.unit::<_, DeliverError>(&RequestContext::default(), |work| {
        let now = core.clock.now();
        let outbox = work.outbox();
        Ok(match &fate {
            Fate::Done | Fate::Lost => true,
            // Of what has expired nobody wants anything any more: there is nothing for the operator to repair.
            Fate::Sent | Fate::Expired => outbox.sent(id, token)?,
            Fate::Deferred(pause, reason) => outbox.retry(id, token, now + *pause, reason)?,
            Fate::Unread(due_at, reason) => outbox.defer(id, token, *due_at, reason)?,
            Fate::Dead(reason) => outbox.bury(id, token, now, reason)?,
        })
    })?;
    let fate = if is_held { fate } else { Fate::Lost };
    let channel = leased.message.channel.as_str();
    match &fate {
        Fate::Sent | Fate::Done => {}
        Fate::Expired => tracing::info!(message = %id, channel, "message expired unsent"),
        Fate::Deferred(_, reason) | Fate::Unread(_, reason) => {
            tracing::warn!(message = %id, channel, reason, "message deferred");
        }
        Fate::Dead(reason) => tracing::error!(message = %id, channel, reason, "message given up"),
        Fate::Lost => tracing::warn!(message = %id, channel, "the lease was lost before the message was dealt with"),
    }
    Ok(fate)
}
