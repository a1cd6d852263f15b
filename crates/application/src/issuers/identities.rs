//! The identities of other issuers that stand for the caller's account.

use selfsame_domain::{Action, ExternalIdentityId, Instant, RequestContext, SignInId, UserId};
use selfsame_ports::StorageError;

use super::admit::change;
use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    sessions::principal::StepUpRequired,
    undo::hold::Removed,
};

/// An identity that stands for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedIdentity {
    /// Its id.
    pub id: ExternalIdentityId,
    /// `iss`.
    pub issuer: String,
    /// The issuer's name; `iss` if it is not configured any more.
    pub name: String,
    /// `sub`.
    pub subject: String,
    /// When it was linked.
    pub linked_at: Instant,
}

/// Asks for all of them.
#[derive(Clone, Copy, Debug)]
pub struct ListIdentities;

/// Unlinks one.
#[derive(Clone, Debug)]
pub struct UnlinkIdentity {
    /// Which.
    pub id: ExternalIdentityId,
    /// For the audit trail.
    pub context: RequestContext,
}

/// Why nothing was unlinked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnlinkIdentityError {
    /// Not an identity of this account: one answer for this and for unknown ones (R62).
    #[error("no such identity")]
    UnknownIdentity,
    /// Nobody could sign in to the account without it.
    #[error("it is the only way in")]
    LastWayIn,
    /// The last proof is too old, or too weak.
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The caller's own sign-in has ended meanwhile.
    #[error("not signed in")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(UnlinkIdentityError: StorageError);

impl ListIdentities {
    /// Reads them, the one that was linked first first.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<Vec<LinkedIdentity>, Fault> {
        core.linked_identities(caller.user.id)
    }
}

impl Core {
    /// The identities of an account, the one that was linked first first.
    pub(crate) fn linked_identities(&self, user: UserId) -> Result<Vec<LinkedIdentity>, Fault> {
        let identities = self.storage.read()?.external_identities(user)?;
        let linked = identities.into_iter().map(|identity| LinkedIdentity {
            id: identity.id,
            name: self.policy.issuer(&identity.issuer).map_or(&identity.issuer, |issuer| &issuer.name).clone(),
            issuer: identity.issuer,
            subject: identity.subject,
            linked_at: identity.created_at,
        });
        Ok(linked.collect())
    }

    /// Ends the sign-in of an identity of a locked account, which is still to be saved, and refuses its tokens from now on.
    pub(crate) fn unlink(
        &self,
        work: &mut Work<'_>,
        account: &mut Account,
        mut identity: selfsame_domain::ExternalIdentity,
        by: Option<SignInId>,
    ) -> Result<(), StorageError> {
        let now = self.clock.now();
        if let Some(sign_in) = identity.sign_in_id.take() {
            work.sessions().end_sign_in(account.id, sign_in, now)?;
        }
        identity.user_id = None;
        identity.refuse_until(now);
        work.external_identities().save(&identity)?;
        let event = match by {
            Some(sign_in) => Event::of_user(Action::IdentityUnlinked, account.id, sign_in),
            None => Event::operator(Action::IdentityUnlinked),
        };
        self.record(work, account, event.with(change(&identity, false)));
        Ok(())
    }
}

impl UnlinkIdentity {
    /// Unlinks it after a recent proof (R33). Its sign-in ends, and its tokens are refused until the operator links it again or
    /// forgets it. The only way in stays: an account keeps a password, a passkey, a proven address, a proven number that signs
    /// in, or another identity.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), UnlinkIdentityError> {
        core.require_step_up(caller)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(UnlinkIdentityError::Unauthenticated)?;
            let mut identities = work.external_identities().of_user(account.id)?;
            let place = identities.iter().position(|identity| identity.id == self.id);
            let identity = identities.remove(place.ok_or(UnlinkIdentityError::UnknownIdentity)?);
            core.require_hold(work, &account, Removed::Added(Some(identity.created_at)))?;
            if identities.is_empty() && !core.has_own_way_in(&account) {
                return Err(UnlinkIdentityError::LastWayIn);
            }
            core.unlink(work, &mut account, identity, Some(caller.principal.sign_in_id))?;
            Ok(account.save(work)?)
        })
    }
}

impl Core {
    /// Whether an account can be signed in to without another issuer; a proven address leads there by a reset.
    fn has_own_way_in(&self, account: &Account) -> bool {
        let has_proven = |kind| account.identifiers_of(kind).any(selfsame_domain::Identifier::is_verified);
        account.has_password()
            || account.has_passkey()
            || has_proven(selfsame_domain::IdentifierKind::Email)
            || self.policy.signs_in_by_phone() && has_proven(selfsame_domain::IdentifierKind::Phone)
    }
}
