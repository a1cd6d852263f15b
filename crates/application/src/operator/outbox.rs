//! Lists, requeues and drops messages of the outbox for the operator. Requests and results can be serialised.

use selfsame_domain::{Instant, OutboxId, PhoneNumber, RequestContext};
use selfsame_ports::{Channel, OutboxRow, OutboxStatus, StorageError};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Core, Fault, fault::faults, identifiers::proofs::mask_email, mail::post::outbox_context};

/// Messages that one unit requeues at most.
const PORTION: i64 = 500;

/// Counts waiting and dead messages.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadOutboxStatus;

/// Lists messages, oldest first.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ListOutbox {
    /// Only dead messages.
    pub dead_only: bool,
    /// The greatest number of entries.
    pub limit: u16,
    /// The last message of the previous page.
    pub after: Option<OutboxId>,
}

/// Makes messages due now and resets their tries.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requeue {
    /// One message, dead or waiting.
    One(OutboxId),
    /// All dead messages that have not expired.
    AllDead,
}

/// Removes a message unsent, dead or not.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DropMessage(pub OutboxId);

/// A message as it is shown to the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// Its id.
    pub id: OutboxId,
    /// The channel; this build may not know it.
    pub channel: String,
    /// When it was enqueued.
    pub created_at: Instant,
    /// When the next try is due, or would have been.
    pub due_at: Instant,
    /// When it expires.
    pub expires_at: Instant,
    /// The number of tries.
    pub attempts: i32,
    /// When it was marked as dead.
    pub dead_at: Option<Instant>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// Its content.
    pub content: OutboxContent,
}

/// The content of a message, without codes, links and whole addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "content", rename_all = "snake_case")]
pub enum OutboxContent {
    /// It was opened.
    Readable {
        /// The kind of mail or job, such as `verify_email`, or the type of an event.
        kind: String,
        /// The masked address of the recipient, or the name of the endpoint, if there is one.
        recipient: Option<String>,
    },
    /// It cannot be read: sealed with a key that this server does not have, or of a channel that this build does not
    /// know.
    Unreadable,
}

/// Why the outbox was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManageOutboxError {
    /// No such message: it was sent, or removed.
    #[error("no such message")]
    NotFound,
    /// The message has expired, so it would not be sent.
    #[error("the message expired at {0}")]
    Expired(Instant),
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ManageOutboxError: StorageError);

impl ReadOutboxStatus {
    /// Counts.
    pub fn execute(&self, core: &Core) -> Result<OutboxStatus, ManageOutboxError> {
        Ok(core.storage.read()?.outbox_status()?)
    }
}

impl ListOutbox {
    /// Lists one page.
    pub fn execute(&self, core: &Core) -> Result<Vec<OutboxEntry>, ManageOutboxError> {
        let rows = core.storage.read()?.outbox_page(self.dead_only, self.after, i64::from(self.limit))?;
        Ok(rows.into_iter().map(|row| entry(core, row)).collect())
    }
}

impl Requeue {
    /// Requeues, and wakes the worker of this process; returns the number of messages.
    pub fn execute(&self, core: &Core) -> Result<usize, ManageOutboxError> {
        match self {
            Self::One(id) => one(core, *id),
            Self::AllDead => all_dead(core),
        }
    }
}

fn one(core: &Core, id: OutboxId) -> Result<usize, ManageOutboxError> {
    core.unit(&RequestContext::default(), |work| {
        let now = core.clock.now();
        let row = work.outbox().find(id)?.ok_or(ManageOutboxError::NotFound)?;
        if now >= row.expires_at {
            return Err(ManageOutboxError::Expired(row.expires_at));
        }
        if !work.outbox().requeue(id, now)? {
            return Err(ManageOutboxError::NotFound);
        }
        work.has_enqueued = true;
        Ok(1)
    })
}

fn all_dead(core: &Core) -> Result<usize, ManageOutboxError> {
    let mut requeued = 0;
    loop {
        let portion = core.unit::<_, ManageOutboxError>(&RequestContext::default(), |work| {
            let requeued = work.outbox().requeue_dead(core.clock.now(), PORTION)?;
            work.has_enqueued = requeued > 0;
            Ok(requeued)
        })?;
        requeued += portion;
        if i64::try_from(portion).is_ok_and(|portion| portion < PORTION) {
            return Ok(requeued);
        }
    }
}

impl DropMessage {
    /// Removes it. A worker that is sending it at this moment may still succeed.
    pub fn execute(&self, core: &Core) -> Result<(), ManageOutboxError> {
        core.unit(&RequestContext::default(), |work| {
            if work.outbox().remove(self.0)? { Ok(()) } else { Err(ManageOutboxError::NotFound) }
        })
    }
}

fn entry(core: &Core, row: OutboxRow) -> OutboxEntry {
    OutboxEntry {
        content: content(core, &row),
        id: row.id,
        channel: row.channel,
        created_at: row.created_at,
        due_at: row.due_at,
        expires_at: row.expires_at,
        attempts: row.attempts,
        dead_at: row.dead_at,
        last_error: row.last_error,
    }
}

/// The same of a webhook.
#[derive(Deserialize)]
struct EventOutline {
    event: String,
}

/// The parts of a mail that every version has, so that kinds of newer builds are shown too.
#[derive(Deserialize)]
struct MailOutline {
    to: String,
    mail: MailKind,
}

#[derive(Deserialize)]
struct MailKind {
    mail: String,
}

/// The same of a text message.
#[derive(Deserialize)]
struct TextOutline {
    to: String,
    sms: SmsKind,
}

#[derive(Deserialize)]
struct SmsKind {
    sms: String,
}

/// The same of a job.
#[derive(Deserialize)]
struct JobOutline {
    job: String,
    email: Option<String>,
}

fn content(core: &Core, row: &OutboxRow) -> OutboxContent {
    let outline = match row.channel.as_str() {
        "mail" => outline(core, row).map(|MailOutline { to, mail }| (mail.mail, Some(mask_email(&to)))),
        "sms" => outline(core, row).map(|TextOutline { to, sms }| (sms.sms, Some(PhoneNumber::mask(&to)))),
        "job" | "export" => outline(core, row).map(|JobOutline { job, email }| (job, email.as_deref().map(mask_email))),
        channel => channel
            .strip_prefix(Channel::WEBHOOK)
            .and_then(|endpoint| outline(core, row).map(|EventOutline { event }| (event, Some(endpoint.to_owned())))),
    };
    outline.map_or(OutboxContent::Unreadable, |(kind, recipient)| OutboxContent::Readable { kind, recipient })
}

fn outline<T: DeserializeOwned>(core: &Core, row: &OutboxRow) -> Option<T> {
    let json = core.vault.open(&outbox_context(&row.channel, row.id), &row.sealed).ok()?;
    serde_json::from_slice(&json).ok()
}
