//! `selfsame webhook list|replay`: the endpoints, and events that are sent again. Its use cases can be serialised, so a
//! request contains one.

use std::io::Write;

use selfsame_application::{
    Core, Fault,
    operator::webhooks::{EndpointEntry, ListEndpoints, ManageWebhooksError, ReplayEvents, Replayed, ReplayedEvents},
};
use selfsame_domain::Instant;
use selfsame_ports::Clock as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{executor::Executor, fail, reply::Reply, request::Request};
use crate::{
    cli::{self, Exit, WebhookCommand},
    compose::{SystemClock, duration},
    settings::{schema::Settings, units::Span},
};

/// A request about webhooks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WebhookRequest {
    /// List.
    List(ListEndpoints),
    /// Send again.
    Replay(ReplayEvents),
}

/// Runs the command and prints the result.
pub(super) fn run(settings: &Settings, command: &WebhookCommand, stdout: &mut dyn Write) -> Exit {
    let (request, as_json) = match command {
        WebhookCommand::List(list) => (WebhookRequest::List(ListEndpoints), list.json),
        WebhookCommand::Replay(replay) => match replayed(replay) {
            Some(events) => {
                (WebhookRequest::Replay(ReplayEvents { events, endpoint: replay.endpoint.clone() }), replay.json)
            }
            None => {
                fail("--since takes an instant such as 2026-01-31T08:00:00Z, or a duration such as 2h");
                return Exit::Usage;
            }
        },
        // It needs no core.
        WebhookCommand::Test { name } => return super::webhook_test::run(settings, name, stdout),
    };
    match Executor::new(settings).execute(&Request::Webhook(request)) {
        Ok(reply) => reply.render(as_json, stdout),
        Err(exit) => exit,
    }
}

/// Which events are meant; `None` if the time is not one.
fn replayed(replay: &cli::ReplayEvents) -> Option<ReplayedEvents> {
    match (&replay.id, &replay.since) {
        (Some(id), _) => Some(ReplayedEvents::One(id.clone())),
        (None, Some(since)) => instant(since).map(ReplayedEvents::Since),
        (None, None) => None,
    }
}

fn instant(text: &str) -> Option<Instant> {
    match text.parse::<Span>() {
        Ok(span) => SystemClock.now().checked_sub_signed(duration(span)),
        Err(_not_a_duration) => text.parse().ok(),
    }
}

impl WebhookRequest {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::List(_) => "webhook list",
            Self::Replay(_) => "webhook replay",
        }
    }

    pub(super) fn execute(&self, core: &Core) -> Reply {
        self.done(core).unwrap_or_else(Reply::from)
    }

    fn done(&self, core: &Core) -> Result<Reply, ManageWebhooksError> {
        Ok(match self {
            Self::List(list) => {
                let endpoints = list.execute(core)?;
                let text = match endpoints.as_slice() {
                    [] => "there are no endpoints".to_owned(),
                    endpoints => endpoints.iter().map(line).collect::<Vec<_>>().join("\n"),
                };
                let endpoints: Vec<Value> = endpoints.iter().map(|endpoint| json!(endpoint)).collect();
                Reply::Done { json: json!({ "endpoints": endpoints }), text }
            }
            Self::Replay(replay) => {
                let replayed @ Replayed { events, messages } = replay.execute(core)?;
                let text = format!("enqueued {messages} messages about {events} events");
                Reply::Done { json: json!(replayed), text }
            }
        })
    }
}

impl From<ManageWebhooksError> for Reply {
    fn from(error: ManageWebhooksError) -> Self {
        let exit = match &error {
            ManageWebhooksError::UnknownMessage | ManageWebhooksError::UnknownEndpoint => Exit::NotFound,
            ManageWebhooksError::Fault(Fault::Unavailable(_) | Fault::Contended) => Exit::Temporary,
            ManageWebhooksError::Fault(_) => Exit::Failure,
        };
        Self::Refused { exit, reason: error.to_string() }
    }
}

fn line(endpoint: &EndpointEntry) -> String {
    let EndpointEntry { name, url, events, waiting, dead, .. } = endpoint;
    format!("{:16}  {waiting} waiting  {dead} dead  {}  {url}", name.as_str(), events.join(","))
}
