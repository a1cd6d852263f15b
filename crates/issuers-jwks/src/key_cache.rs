//! The keys of one issuer: fetched one at a time, kept while they are fresh, and kept on when a fetch fails.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jsonwebtoken::{Algorithm, DecodingKey};
use selfsame_domain::Instant;
use selfsame_ports::ForeignTokenError;

use crate::{
    key_set::KeySet,
    options::KeySource,
    source::{KeySourceError, Source},
};

/// The least time between two fetches, so that tokens with made-up key ids cause few of them.
const PAUSE_SECONDS: i64 = 10;
/// The longest time that a request waits for the fetch of another one.
const PATIENCE: Duration = Duration::from_secs(1);

/// The keys of one issuer.
pub(crate) struct KeyCache {
    issuer: String,
    source: Source,
    state: Mutex<State>,
    fetched: Condvar,
}

#[derive(Default)]
struct State {
    /// The last good set.
    keys: Option<Arc<KeySet>>,
    fresh_until: Option<Instant>,
    tried_at: Option<Instant>,
    is_fetching: bool,
}

impl State {
    /// Whether the pause since the last fetch is over. A clock that was set back ends it too (R97).
    fn may_fetch(&self, now: Instant) -> bool {
        let is_over = |tried: Instant| (now - tried).num_seconds().abs() >= PAUSE_SECONDS;
        !self.is_fetching && self.tried_at.is_none_or(is_over)
    }

    fn find(&self, kid: &str, algorithm: Algorithm) -> Option<DecodingKey> {
        self.keys.as_ref()?.find(kid, algorithm)
    }
}

/// A fetch in progress. Dropped, it lets the next one begin.
struct Fetch<'c>(&'c KeyCache);

impl Drop for Fetch<'_> {
    fn drop(&mut self) {
        self.0.locked().is_fetching = false;
        self.0.fetched.notify_all();
    }
}

impl KeyCache {
    /// A cache, which has the keys of a file already.
    pub(crate) fn open(issuer: &str, source: KeySource, now: Instant) -> Result<Self, KeySourceError> {
        let source = Source::new(source)?;
        let cache = Self { issuer: issuer.to_owned(), source, state: Mutex::default(), fetched: Condvar::new() };
        if cache.source.is_file() {
            cache.store(cache.source.read()?, now);
        }
        Ok(cache)
    }

    /// The key for a token. If it is not known, the keys are fetched, unless they were a moment ago. One request fetches, and the
    /// others wait for it for a short time.
    pub(crate) fn find(&self, kid: &str, algorithm: Algorithm, now: Instant) -> Result<DecodingKey, ForeignTokenError> {
        let mut state = self.locked();
        if let Some(key) = state.find(kid, algorithm) {
            return Ok(key);
        }
        if state.is_fetching {
            let waited = self.fetched.wait_timeout_while(state, PATIENCE, |state| state.is_fetching);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        } else if state.may_fetch(now) {
            drop(state);
            self.fetch_if_due(now);
            state = self.locked();
        }
        match state.find(kid, algorithm) {
            Some(key) => Ok(key),
            // What is being fetched may have the key.
            None if state.keys.is_none() || state.is_fetching => {
                Err(ForeignTokenError::Unavailable(self.issuer.clone()))
            }
            None => Err(ForeignTokenError::Invalid),
        }
    }

    /// Fetches the keys if they are not fresh any more.
    pub(crate) fn refresh(&self, now: Instant) {
        let is_fresh = self.locked().fresh_until.is_some_and(|until| now < until);
        if !is_fresh {
            self.fetch_if_due(now);
        }
    }

    /// Fetches the keys, unless somebody else does or has just done. The state is not locked meanwhile.
    fn fetch_if_due(&self, now: Instant) {
        let mut state = self.locked();
        if !state.may_fetch(now) {
            return;
        }
        (state.is_fetching, state.tried_at) = (true, Some(now));
        drop(state);
        let _fetch = Fetch(self);
        match self.source.read() {
            Ok(read) => self.store(read, now),
            Err(error) => {
                tracing::warn!(issuer = self.issuer, %error, "the keys of an issuer could not be read; the last ones are kept");
            }
        }
    }

    fn store(&self, (keys, fresh): (KeySet, Duration), now: Instant) {
        let mut state = self.locked();
        state.keys = Some(Arc::new(keys));
        state.fresh_until = Some(now + fresh);
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
