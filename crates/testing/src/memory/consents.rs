//! Consents for applications in memory.

use selfsame_domain::{Consent, Instant, UserId};
use selfsame_ports::{Consents, StorageError};

use super::{tables::must_exist, unit::MemoryUnit};

impl Consents for MemoryUnit<'_> {
    fn find(&mut self, user: UserId, client_id: &str) -> Result<Option<Consent>, StorageError> {
        self.run(|tables| Ok(tables.consents.get(&(user, client_id.to_owned())).cloned()))
    }

    fn save(&mut self, consent: &Consent) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, consent.user_id)?;
            let key = (consent.user_id, consent.client_id.clone());
            let created_at = tables.consents.get(&key).map_or(consent.created_at, |known| known.created_at);
            tables.consents.insert(key, Consent { created_at, ..consent.clone() });
            Ok(())
        })
    }

    fn remove(&mut self, user: UserId, client_id: &str) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.consents.remove(&(user, client_id.to_owned())).is_some()))
    }

    fn remove_since(&mut self, user: UserId, since: Instant) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.consents.retain(|(owner, _), consent| *owner != user || consent.updated_at <= since);
            Ok(())
        })
    }
}
