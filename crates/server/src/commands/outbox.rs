//! `selfsame outbox …`: manages the queue of mail (R88). Its use cases can be serialised, so a request contains one.

use std::io::Write;

use selfsame_application::{
    Core, Fault,
    operator::outbox::{
        DropMessage, ListOutbox, ManageOutboxError, OutboxContent, OutboxEntry, ReadOutboxStatus, Requeue,
    },
};
use selfsame_domain::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{executor::Executor, reply::Reply, request::Request};
use crate::{
    cli::{Exit, OutboxCommand},
    settings::schema::Settings,
};

/// A request about the outbox.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OutboxRequest {
    /// Count.
    Status(ReadOutboxStatus),
    /// List.
    List(ListOutbox),
    /// Make due.
    Requeue(Requeue),
    /// Remove.
    Drop(DropMessage),
}

/// Runs the command and prints the result.
pub(super) fn run(settings: &Settings, command: &OutboxCommand, stdout: &mut dyn Write) -> Exit {
    let (request, as_json) = match command {
        OutboxCommand::Status(status) => (OutboxRequest::Status(ReadOutboxStatus), status.json),
        OutboxCommand::List(list) => {
            let page = ListOutbox { dead_only: list.dead, limit: list.limit, after: list.after };
            (OutboxRequest::List(page), list.json)
        }
        OutboxCommand::Requeue(requeue) => {
            (OutboxRequest::Requeue(requeue.id.map_or(Requeue::AllDead, Requeue::One)), requeue.json)
        }
        OutboxCommand::Drop(drop) => (OutboxRequest::Drop(DropMessage(drop.id)), drop.json),
    };
    match Executor::new(settings).execute(&Request::Outbox(request)) {
        Ok(reply) => reply.render(as_json, stdout),
        Err(exit) => exit,
    }
}

impl OutboxRequest {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "outbox status",
            Self::List(_) => "outbox list",
            Self::Requeue(_) => "outbox requeue",
            Self::Drop(_) => "outbox drop",
        }
    }

    pub(super) fn execute(&self, core: &Core) -> Reply {
        self.done(core).unwrap_or_else(Reply::from)
    }

    fn done(&self, core: &Core) -> Result<Reply, ManageOutboxError> {
        Ok(match self {
            Self::Status(read) => {
                let status = read.execute(core)?;
                let oldest = status.oldest_due_at.map_or_else(|| "-".to_owned(), short);
                let text = format!("waiting  {}\ndead     {}\noldest   {oldest}", status.waiting, status.dead);
                Reply::Done { json: json!(status), text }
            }
            Self::List(list) => page(&list.execute(core)?, list.limit),
            Self::Requeue(requeue) => {
                let requeued = requeue.execute(core)?;
                Reply::Done { json: json!({ "requeued": requeued }), text: format!("made {requeued} messages due") }
            }
            Self::Drop(drop) => {
                drop.execute(core)?;
                let id = drop.0.to_string();
                Reply::Done { json: json!({ "id": id, "dropped": true }), text: format!("removed message {id}") }
            }
        })
    }
}

impl From<ManageOutboxError> for Reply {
    fn from(error: ManageOutboxError) -> Self {
        let exit = match &error {
            ManageOutboxError::NotFound => Exit::NotFound,
            ManageOutboxError::Fault(Fault::Unavailable(_) | Fault::Contended) => Exit::Temporary,
            ManageOutboxError::Expired(_) | ManageOutboxError::Fault(_) => Exit::Failure,
        };
        Self::Refused { exit, reason: error.to_string() }
    }
}

/// The next page, if this one is full.
fn page(entries: &[OutboxEntry], limit: u16) -> Reply {
    let next = entries.last().filter(|_| entries.len() >= usize::from(limit)).map(|entry| entry.id.to_string());
    let mut lines: Vec<String> = entries.iter().map(line).collect();
    lines.extend(next.iter().map(|id| format!("there may be more: --after {id}")));
    let messages: Vec<Value> = entries.iter().map(message).collect();
    Reply::Done { json: json!({ "messages": messages, "next_after": next }), text: lines.join("\n") }
}

fn message(entry: &OutboxEntry) -> Value {
    let (kind, recipient) = content(entry);
    json!({
        "id": entry.id.to_string(),
        "channel": entry.channel,
        "kind": kind,
        "recipient": recipient,
        "created_at": entry.created_at,
        "due_at": entry.due_at,
        "expires_at": entry.expires_at,
        "attempts": entry.attempts,
        "dead_at": entry.dead_at,
        "last_error": entry.last_error,
    })
}

fn line(entry: &OutboxEntry) -> String {
    let (kind, recipient) = content(entry);
    let state = if entry.dead_at.is_some() { "dead" } else { "waiting" };
    // The reply of a mail server may contain anything.
    let error = entry.last_error.as_ref().map_or_else(String::new, |error| format!("  {}", error.escape_debug()));
    format!(
        "{:16}  {state:7}  {}  {} tries  {:24}  {}{error}",
        entry.id.to_string(),
        short(entry.created_at),
        entry.attempts,
        kind.unwrap_or("(unreadable)"),
        recipient.unwrap_or("-"),
    )
}

/// Kind and masked recipient, as far as the message can be opened.
fn content(entry: &OutboxEntry) -> (Option<&str>, Option<&str>) {
    match &entry.content {
        OutboxContent::Readable { kind, recipient } => (Some(kind), recipient.as_deref()),
        OutboxContent::Unreadable => (None, None),
    }
}

fn short(at: Instant) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
