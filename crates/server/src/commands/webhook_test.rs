//! `selfsame webhook test`: sends one message at once, without the outbox, so that the operator sees the answer of the endpoint.

use std::io::Write;

use selfsame_application::webhooks::test_message;
use selfsame_domain::EndpointName;
use selfsame_ports::{Clock as _, WebhookError, WebhookSender as _};

use super::{composition_failed, fail, say};
use crate::{
    cli::Exit,
    compose::{SystemClock, webhooks},
    settings::schema::Settings,
};

/// Sends it.
pub(super) fn run(settings: &Settings, name: &EndpointName, stdout: &mut dyn Write) -> Exit {
    let endpoints = match webhooks::open(settings) {
        Ok(endpoints) => endpoints,
        Err(error) => return composition_failed(&error),
    };
    let Some((_, endpoint)) = endpoints.iter().find(|(endpoint, _)| endpoint == name) else {
        fail(&format!("webhooks.endpoints has no {name}"));
        return Exit::NotFound;
    };
    let now = SystemClock.now();
    let message = match test_message(now) {
        Ok(message) => message,
        Err(fault) => return fail(&fault.to_string()),
    };
    match endpoint.send(&message, now) {
        Ok(()) => say(stdout, &format!("{name} has accepted {}", message.id)),
        Err(error @ WebhookError::Temporary { .. }) => {
            fail(&error.to_string());
            Exit::Temporary
        }
        Err(error @ WebhookError::Gone) => fail(&error.to_string()),
    }
}
