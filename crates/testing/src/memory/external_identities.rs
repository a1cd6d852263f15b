//! Identities of other issuers in memory.

use selfsame_domain::{ExternalIdentity, ExternalIdentityId, Instant, SignIn, SignInId, UserId};
use selfsame_ports::{ExternalIdentities, StorageError};

use super::{
    tables::{Tables, insert_new, may_exist},
    unit::MemoryUnit,
};

impl Tables {
    pub(super) fn identity(&self, issuer: &str, subject: &str) -> Option<&ExternalIdentity> {
        self.external_identities.values().find(|known| known.issuer == issuer && known.subject == subject)
    }

    /// The identities of an account, the one that was linked first first.
    pub(super) fn identities_of(&self, user: UserId) -> Vec<ExternalIdentity> {
        let own = self.external_identities.values().filter(|identity| identity.user_id == Some(user));
        let mut own: Vec<_> = own.cloned().collect();
        own.sort_by_key(|identity| (identity.created_at, identity.id));
        own
    }

    /// Refuses tokens of an account's identities, but for that of one sign-in.
    pub(super) fn refuse_tokens(&mut self, user: UserId, except: Option<SignInId>, now: Instant) {
        let own = self.external_identities.values_mut().filter(|identity| identity.user_id == Some(user));
        for identity in own.filter(|identity| identity.sign_in_id.is_none() || identity.sign_in_id != except) {
            identity.tokens_not_before = Some(now);
        }
    }

    fn parents_exist(&self, identity: &ExternalIdentity) -> Result<(), StorageError> {
        may_exist(&self.users, identity.user_id)?;
        may_exist(&self.sign_ins, identity.sign_in_id)
    }
}

impl ExternalIdentities for MemoryUnit<'_> {
    fn find(
        &mut self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<(ExternalIdentity, Option<SignIn>)>, StorageError> {
        self.run(|tables| {
            let found = tables.identity(issuer, subject).cloned();
            Ok(found.map(|identity| {
                let sign_in = identity.sign_in_id.and_then(|id| tables.sign_ins.get(&id)).cloned();
                (identity, sign_in)
            }))
        })
    }

    fn insert(&mut self, identity: &ExternalIdentity) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.parents_exist(identity)?;
            if tables.identity(&identity.issuer, &identity.subject).is_some() {
                return Err(StorageError::Conflict);
            }
            insert_new(&mut tables.external_identities, identity.id, identity.clone())
        })
    }

    fn save(&mut self, identity: &ExternalIdentity) -> Result<(), StorageError> {
        self.run(|tables| {
            tables.parents_exist(identity)?;
            if let Some(known) = tables.external_identities.get_mut(&identity.id) {
                *known = identity.clone();
            }
            Ok(())
        })
    }

    fn remove(&mut self, id: ExternalIdentityId) -> Result<bool, StorageError> {
        self.run(|tables| Ok(tables.external_identities.remove(&id).is_some()))
    }

    fn of_user(&mut self, user: UserId) -> Result<Vec<ExternalIdentity>, StorageError> {
        self.run(|tables| Ok(tables.identities_of(user)))
    }
}
