//! A ring of sealing keys: all of them open, one of them seals.

use zeroize::Zeroizing;

use crate::{
    KEY_BYTES,
    keys::{KeyError, SealingKey},
};

/// Sealing keys by id, at least one. It is replaced as a whole and never changed.
pub(crate) struct Ring {
    active: SealingKey,
    others: Vec<SealingKey>,
}

impl Ring {
    /// Fails unless every key is valid, no two share an id, and `active` is the id of one of them.
    pub(crate) fn new(keys: &[(String, Zeroizing<[u8; KEY_BYTES]>)], active: &str) -> Result<Self, KeyError> {
        if keys.is_empty() {
            return Err(KeyError::None);
        }
        let mut others: Vec<SealingKey> = Vec::with_capacity(keys.len());
        for (id, key) in keys {
            if others.iter().any(|known| known.id() == id) {
                return Err(KeyError::Twice(id.clone()));
            }
            others.push(SealingKey::new(id, key)?);
        }
        let position = others.iter().position(|key| key.id() == active);
        let position = position.ok_or_else(|| KeyError::Unknown(active.to_owned()))?;
        Ok(Self { active: others.swap_remove(position), others })
    }

    /// The key that seals.
    pub(crate) fn active(&self) -> &SealingKey {
        &self.active
    }

    /// The key with this id.
    pub(crate) fn find(&self, id: &str) -> Option<&SealingKey> {
        std::iter::once(&self.active).chain(&self.others).find(|key| key.id() == id)
    }
}
