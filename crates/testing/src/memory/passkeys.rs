//! Passkeys in memory.

use selfsame_domain::{CredentialId, Instant, Passkey, PasskeyId, UserId};
use selfsame_ports::{Passkeys, StorageError, Unique};

use super::{
    tables::{Tables, insert_new, must_exist},
    unit::MemoryUnit,
};

impl Tables {
    /// The passkeys of an account, oldest first.
    pub(super) fn passkeys_of(&self, user: UserId) -> Vec<Passkey> {
        let mut own: Vec<_> = self.passkeys.values().filter(|passkey| passkey.user_id == user).cloned().collect();
        own.sort_by_key(|passkey| (passkey.created_at, passkey.id));
        own
    }

    fn own_passkey(&mut self, user: UserId, id: PasskeyId) -> Option<&mut Passkey> {
        self.passkeys.get_mut(&id).filter(|passkey| passkey.user_id == user)
    }
}

impl Passkeys for MemoryUnit<'_> {
    fn insert(&mut self, passkey: &Passkey) -> Result<(), StorageError> {
        self.run(|tables| {
            must_exist(&tables.users, passkey.user_id)?;
            if tables.passkeys.values().any(|other| other.credential_id == passkey.credential_id) {
                return Err(StorageError::Taken(Unique::Passkey));
            }
            insert_new(&mut tables.passkeys, passkey.id, passkey.clone())
        })
    }

    fn list(&mut self, user: UserId) -> Result<Vec<Passkey>, StorageError> {
        self.run(|tables| Ok(tables.passkeys_of(user)))
    }

    fn owner(&mut self, credential: &CredentialId) -> Result<Option<UserId>, StorageError> {
        self.run(|tables| {
            let passkey = tables.passkeys.values().find(|passkey| passkey.credential_id == *credential);
            Ok(passkey.map(|passkey| passkey.user_id))
        })
    }

    fn count(&mut self, user: UserId) -> Result<i64, StorageError> {
        self.run(|tables| Ok(tables.passkeys.values().filter(|passkey| passkey.user_id == user).map(|_| 1).sum()))
    }

    fn rename(&mut self, user: UserId, id: PasskeyId, name: &str) -> Result<bool, StorageError> {
        self.run(|tables| {
            let own = tables.own_passkey(user, id);
            Ok(own.map(|passkey| name.clone_into(&mut passkey.name)).is_some())
        })
    }

    fn remove(&mut self, user: UserId, id: PasskeyId) -> Result<bool, StorageError> {
        self.run(|tables| {
            let is_own = tables.own_passkey(user, id).is_some();
            Ok(is_own && tables.passkeys.remove(&id).is_some())
        })
    }

    fn remove_all(&mut self, user: UserId) -> Result<usize, StorageError> {
        self.run(|tables| {
            let before = tables.passkeys.len();
            tables.passkeys.retain(|_, passkey| passkey.user_id != user);
            Ok(before - tables.passkeys.len())
        })
    }

    fn record_use(
        &mut self,
        user: UserId,
        id: PasskeyId,
        sign_count: u32,
        is_backed_up: bool,
        now: Instant,
    ) -> Result<bool, StorageError> {
        self.run(|tables| {
            let is_usable = |own: &&mut Passkey| sign_count > own.sign_count || (sign_count, own.sign_count) == (0, 0);
            let Some(own) = tables.own_passkey(user, id).filter(is_usable) else { return Ok(false) };
            own.sign_count = sign_count;
            own.is_backed_up = is_backed_up;
            own.use_count += 1;
            own.last_used_at = Some(now);
            Ok(true)
        })
    }
}
