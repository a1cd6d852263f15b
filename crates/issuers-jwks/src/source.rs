//! Reads a key set from a URL or a file, within bounds of size and time.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
    time::Duration,
};

use selfsame_http_client::{
    agent, is_this_machine,
    ureq::{Agent, http::HeaderMap},
    words,
};
use url::Url;

use crate::{key_set::KeySet, options::KeySource};

/// The time for one fetch, from the name of the host to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Greatest size of a key set.
const SET_MAX_BYTES: u64 = 256 << 10;
/// How long a set is fresh whose issuer does not say, and bounds for what one says.
const FRESH: (Duration, Duration, Duration) =
    (Duration::from_mins(1), Duration::from_mins(5), Duration::from_hours(24));

/// Why there is no key set.
#[derive(Debug, thiserror::Error)]
pub enum KeySourceError {
    /// Not https, and not http on this machine; or with a user or a fragment.
    #[error("the URL must begin with https://, or with http:// on this machine, and have no user or fragment")]
    Url,
    /// The answer is not 200.
    #[error("the issuer answers {0}")]
    Status(u16),
    /// No answer. Contains no part of the request.
    #[error("{0}")]
    Connection(String),
    /// The file cannot be read.
    #[error("{0}")]
    File(#[from] io::Error),
    /// Too large, or no JWK set.
    #[error("is no JWK set of at most {SET_MAX_BYTES} bytes")]
    Malformed,
}

/// Checks that keys may be fetched from a URL.
pub fn check_url(url: &str) -> Result<(), KeySourceError> {
    let url = Url::parse(url).map_err(|_not_a_url| KeySourceError::Url)?;
    let is_safe = url.scheme() == "https" || url.scheme() == "http" && is_this_machine(&url);
    let has_parts = !url.username().is_empty() || url.password().is_some() || url.fragment().is_some();
    if is_safe && url.has_host() && !has_parts { Ok(()) } else { Err(KeySourceError::Url) }
}

/// A source, with the client that it needs.
pub(crate) struct Source {
    source: KeySource,
    agent: Agent,
}

impl Source {
    pub(crate) fn new(source: KeySource) -> Result<Self, KeySourceError> {
        if let KeySource::Url(url) = &source {
            check_url(url)?;
        }
        Ok(Self { source, agent: agent(TIMEOUT) })
    }

    /// Whether reading it is a matter of this machine.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.source, KeySource::File(_))
    }

    /// Reads it, and returns for how long it is fresh.
    pub(crate) fn read(&self) -> Result<(KeySet, Duration), KeySourceError> {
        match &self.source {
            KeySource::Url(url) => self.fetch(url),
            KeySource::File(path) => read_file(path),
        }
    }

    fn fetch(&self, url: &str) -> Result<(KeySet, Duration), KeySourceError> {
        let failed = |error| KeySourceError::Connection(words(&error, "issuer"));
        let request = self.agent.get(url).header("Accept", "application/jwk-set+json, application/json");
        let mut answer = request.call().map_err(failed)?;
        if answer.status() != 200 {
            return Err(KeySourceError::Status(answer.status().as_u16()));
        }
        let fresh = freshness(answer.headers());
        let body = answer.body_mut().with_config().limit(SET_MAX_BYTES).read_to_vec().map_err(failed)?;
        Ok((KeySet::parse(&body).ok_or(KeySourceError::Malformed)?, fresh))
    }
}

fn read_file(path: &Path) -> Result<(KeySet, Duration), KeySourceError> {
    let mut json = Vec::new();
    File::open(path)?.take(SET_MAX_BYTES + 1).read_to_end(&mut json)?;
    let is_small = json.len() as u64 <= SET_MAX_BYTES;
    let set = KeySet::parse(&json).filter(|_| is_small).ok_or(KeySourceError::Malformed)?;
    Ok((set, FRESH.1))
}

/// `max-age` of `Cache-Control` (RFC 9111 section 5.2.2.1), within bounds.
pub(crate) fn freshness(headers: &HeaderMap) -> Duration {
    let (least, usual, most) = FRESH;
    let directives = headers.get_all("cache-control").into_iter().filter_map(|value| value.to_str().ok());
    let mut directives = directives.flat_map(|value| value.split(',')).map(|one| one.trim().to_ascii_lowercase());
    let stated = directives.find_map(|one| match one.as_str() {
        "no-store" | "no-cache" => Some(Duration::ZERO),
        other => other.strip_prefix("max-age=")?.trim_matches('"').parse().ok().map(Duration::from_secs),
    });
    stated.unwrap_or(usual).clamp(least, most)
}
