//! Links and unlinks identities of other issuers for the operator.

use selfsame_domain::{Action, ExternalIdentity, RequestContext, User, UserId, external_identity::is_subject};

use super::users::ManageUserError;
use crate::{
    Core, Fault,
    account::{Account, Event},
    issuers::{admit::change, identities::LinkedIdentity},
};

/// Lets an identity stand for an account.
#[derive(Clone, Debug)]
pub struct LinkIdentity {
    /// The account.
    pub user: UserId,
    /// `iss` of a configured issuer.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
}

/// Ends that.
#[derive(Clone, Debug)]
pub struct UnlinkIdentity {
    /// `iss`, configured or not.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
    /// Whether it is forgotten, so that its next token counts as the first one.
    pub forget: bool,
}

/// Asks for the identities of an account.
#[derive(Clone, Copy, Debug)]
pub struct ShowIdentities {
    /// The account.
    pub user: UserId,
}

impl LinkIdentity {
    /// Links it, also after it was unlinked. Refused while it stands for another account. Idempotent.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        if core.policy.issuer(&self.issuer).is_none() {
            return Err(ManageUserError::UnknownIssuer);
        }
        if !is_subject(&self.subject) {
            return Err(ManageUserError::InvalidSubject);
        }
        core.unit(&RequestContext::default(), |work| {
            let mut account = Account::lock(work, self.user)?.ok_or(ManageUserError::NotFound)?;
            let created_at = core.clock.now();
            let known = work.external_identities().find(&self.issuer, &self.subject)?;
            let identity = match known {
                Some((known, _)) if known.user_id == Some(account.id) => return Ok(account.into_user()),
                Some((known, _)) if known.user_id.is_some() => return Err(ManageUserError::IdentityTaken),
                Some((known, _)) => {
                    let identity = ExternalIdentity { user_id: Some(account.id), created_at, ..known };
                    work.external_identities().save(&identity)?;
                    identity
                }
                None => {
                    let identity = ExternalIdentity {
                        id: core.id(),
                        issuer: self.issuer.clone(),
                        subject: self.subject.clone(),
                        user_id: Some(account.id),
                        sign_in_id: None,
                        tokens_not_before: None,
                        created_at,
                    };
                    work.external_identities().insert(&identity)?;
                    identity
                }
            };
            let event = Event::operator(Action::IdentityLinked).with(change(&identity, true));
            core.record(work, &mut account, event);
            account.save(work)?;
            Ok(account.into_user())
        })
    }
}

impl UnlinkIdentity {
    /// Unlinks it: its sign-in ends and its tokens are refused, unless it is forgotten. An identity whose account was removed
    /// can be forgotten too. Returns the account that it stood for.
    pub fn execute(&self, core: &Core) -> Result<Option<UserId>, ManageUserError> {
        core.unit(&RequestContext::default(), |work| {
            let known = work.external_identities().find(&self.issuer, &self.subject)?;
            let user = known.ok_or(ManageUserError::UnknownIdentity)?.0.user_id;
            let account = match user {
                Some(user) => Account::lock(work, user)?,
                None => None,
            };
            // As it is while the account is locked.
            let known = work.external_identities().find(&self.issuer, &self.subject)?;
            let (identity, _) = known.filter(|(known, _)| known.user_id == user).ok_or(Fault::Contended)?;
            let id = identity.id;
            if let Some(mut account) = account {
                core.unlink(work, &mut account, identity, None)?;
                account.save(work)?;
            }
            if self.forget {
                work.external_identities().remove(id)?;
            }
            Ok(user)
        })
    }
}

impl ShowIdentities {
    /// Reads them, the one that was linked first first.
    pub fn execute(self, core: &Core) -> Result<Vec<LinkedIdentity>, ManageUserError> {
        Ok(core.linked_identities(self.user)?)
    }
}
