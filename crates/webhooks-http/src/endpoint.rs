//! An endpoint: one POST for each message. A status of the class 2xx means that it was accepted, 410 that the endpoint wants
//! no more, and every other one is worth another try. The body of the answer is not read.
//!
//! The operator names the endpoints, so private addresses are allowed.

use std::time::Duration;

use chrono::DateTime;
use selfsame_domain::Instant;
use selfsame_http_client::{
    agent, is_this_machine,
    ureq::{
        Agent, Body,
        http::{
            Response,
            header::{CONTENT_TYPE, RETRY_AFTER},
        },
    },
    words,
};
use selfsame_ports::{WebhookError, WebhookMessage, WebhookSender};
use url::Url;

use crate::Secrets;

/// Options of an endpoint. No `Debug`, because they contain secrets.
pub struct EndpointOptions {
    /// Where messages are posted to; see [`check_url`].
    pub url: String,
    /// What they are signed with.
    pub secrets: Secrets,
    /// Deadline of one request, from the look-up of the host to the head of the answer (R85).
    pub timeout: Duration,
}

/// Why a URL is not one of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not a URL with a host.
    #[error("is no http or https URL with a host")]
    Malformed,
    /// With a user, a password or a fragment.
    #[error("must have no user, password or fragment")]
    Parts,
}

/// Checks the URL of an endpoint, and returns whether messages to it can be read on the way: it is http, and not to this
/// machine.
pub fn check_url(url: &str) -> Result<bool, UrlError> {
    let url = Url::parse(url).map_err(|_not_a_url| UrlError::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(UrlError::Malformed);
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(UrlError::Parts);
    }
    Ok(url.scheme() == "http" && !is_this_machine(&url))
}

/// A sender to one endpoint.
pub struct HttpEndpoint {
    agent: Agent,
    url: String,
    secrets: Secrets,
}

impl HttpEndpoint {
    /// Makes a sender. It connects with the first message only.
    pub fn new(options: EndpointOptions) -> Result<Self, UrlError> {
        check_url(&options.url)?;
        Ok(Self { agent: agent(options.timeout), url: options.url, secrets: options.secrets })
    }
}

impl WebhookSender for HttpEndpoint {
    /// Returns when the deadline of the options is over. The timestamp is that of the try, because receivers refuse old ones.
    fn send(&self, message: &WebhookMessage, now: Instant) -> Result<(), WebhookError> {
        let timestamp = now.timestamp();
        let request = self
            .agent
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", self.secrets.signature(message, timestamp));
        let answer = request
            .send(&message.body)
            .map_err(|error| WebhookError::Temporary { reason: words(&error, "endpoint"), retry_after: None })?;
        match answer.status().as_u16() {
            200..300 => Ok(()),
            410 => Err(WebhookError::Gone),
            status => {
                let reason = format!("the endpoint answered {status}");
                Err(WebhookError::Temporary { reason, retry_after: retry_after(&answer, now) })
            }
        }
    }
}

/// The pause that the endpoint asks for, in seconds or until a date (RFC 9110, section 10.2.3).
fn retry_after(answer: &Response<Body>, now: Instant) -> Option<Duration> {
    let value = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(value).ok()?;
    (until.to_utc() - now).to_std().ok()
}

#[cfg(test)]
mod tests;
