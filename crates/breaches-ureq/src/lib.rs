//! [`BreachedPasswords`] over HTTP, by the range protocol of Have I Been Pwned.
//!
//! The service gets the first five of the forty hexadecimal digits of the SHA-1 of a password, which those of many others
//! have too, and answers the rest of each that it knows, with the number of breaches. The answer is padded with made-up ones,
//! whose number is 0, so that its length tells nothing either.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests fail loudly"))]

use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use selfsame_domain::Password;
use selfsame_http_client::{
    agent, is_this_machine,
    ureq::{self, Agent},
};
use selfsame_ports::{BreachedPasswords, BreachedPasswordsError};
use url::Url;
use zeroize::Zeroizing;

/// The time for one look-up, from the name of the host to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Greatest size of an answer. A range has about a thousand lines of forty bytes.
const ANSWER_MAX: u64 = 1 << 20;
/// Digits of a hash that the service gets.
const PREFIX: usize = 5;

/// A client of one service.
pub struct RangeClient {
    agent: Agent,
    /// Ends with a slash.
    url: String,
}

/// Why a URL is not one of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceUrlError {
    /// Not a URL.
    #[error("is no URL")]
    Malformed,
    /// Not https, and not http on this machine.
    #[error("must begin with https://, or with http:// on this machine")]
    Insecure,
    /// With a password, a query or a fragment.
    #[error("must have no user, query or fragment")]
    Parts,
}

impl RangeClient {
    /// A client of the service at a URL, below which the ranges are. Nothing is connected.
    pub fn new(url: &str) -> Result<Self, ServiceUrlError> {
        let url = Url::parse(url).map_err(|_not_a_url| ServiceUrlError::Malformed)?;
        if !url.has_host() {
            return Err(ServiceUrlError::Malformed);
        }
        if url.scheme() != "https" && !(url.scheme() == "http" && is_this_machine(&url)) {
            return Err(ServiceUrlError::Insecure);
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().or(url.fragment()).is_some() {
            return Err(ServiceUrlError::Parts);
        }
        Ok(Self { agent: agent(TIMEOUT), url: format!("{}/", url.as_str().trim_end_matches('/')) })
    }

    fn range(&self, prefix: &str) -> Result<String, ureq::Error> {
        let request = self.agent.get(format!("{}{prefix}", self.url)).header("Add-Padding", "true");
        let mut answer = request.call()?;
        if answer.status() != 200 {
            return Err(ureq::Error::StatusCode(answer.status().as_u16()));
        }
        answer.body_mut().with_config().limit(ANSWER_MAX).read_to_string()
    }
}

impl BreachedPasswords for RangeClient {
    fn contains(&self, password: &Password) -> Result<bool, BreachedPasswordsError> {
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.expose().as_bytes());
        let hash = Zeroizing::new(hex::encode_upper(hash));
        let (prefix, rest) = hash.split_at(PREFIX);
        // An error of this client names neither the path nor the answer.
        let range = self.range(prefix).map_err(|error| BreachedPasswordsError(error.to_string()))?;
        Ok(range.lines().any(|line| is_breached(line, rest)))
    }
}

/// Whether a line of an answer is the rest of a hash, and no padding.
fn is_breached(line: &str, rest: &str) -> bool {
    let Some((suffix, count)) = line.trim().split_once(':') else { return false };
    suffix.eq_ignore_ascii_case(rest) && count.trim().parse().is_ok_and(|count: u64| count > 0)
}

#[cfg(test)]
mod tests;
