//! A ring of signing keys of one algorithm: all of them verify, one of them signs.

use std::sync::Arc;

use selfsame_domain::oauth::SigningAlgorithm;
use zeroize::Zeroizing;

use crate::{
    cache::Cache,
    claims::Claims,
    keys::{Key, KeyError},
};

/// The number of verified tokens in the cache.
const CACHED_TOKENS: usize = 4096;

/// Signing keys by `kid`, at least one, newest first. It is replaced as a whole and never changed.
pub(crate) struct Ring {
    keys: Vec<Arc<Key>>,
    active: Arc<Key>,
    /// The tokens that these keys verified. The cache is part of the ring, so that no entry survives the retirement of
    /// its key.
    pub(crate) verified: Cache<Claims>,
}

impl Ring {
    /// Takes keys of this algorithm as `kid` and PKCS#8 PEM, newest last. Fails unless every key can be read, no two share an id, and
    /// `active` is the id of one of them.
    pub(crate) fn new(
        algorithm: SigningAlgorithm,
        keys: &[(String, Zeroizing<Vec<u8>>)],
        active: &str,
    ) -> Result<Self, KeyError> {
        let mut read: Vec<Arc<Key>> = Vec::with_capacity(keys.len());
        for (id, pem) in keys.iter().rev() {
            if read.iter().any(|known| known.id == *id) {
                return Err(KeyError::Twice(id.clone()));
            }
            read.push(Arc::new(Key::from_pem(algorithm, id, pem)?));
        }
        if read.is_empty() {
            return Err(KeyError::None);
        }
        let active = read.iter().find(|key| key.id == active).ok_or_else(|| KeyError::Unknown(active.to_owned()))?;
        Ok(Self { active: Arc::clone(active), keys: read, verified: Cache::new(CACHED_TOKENS) })
    }

    /// The key that signs.
    pub(crate) fn active(&self) -> &Key {
        &self.active
    }

    /// The key with this `kid`.
    pub(crate) fn find(&self, id: &str) -> Option<&Key> {
        self.iter().find(|key| key.id == id)
    }

    /// Every key, newest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().map(AsRef::as_ref)
    }
}
