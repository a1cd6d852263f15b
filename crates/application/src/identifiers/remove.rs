//! Removes an e-mail address or a phone number from the caller's account.

use selfsame_domain::{
    Action, Difference, IdentifierId, IdentifierKind, RemovalRefused, RequestContext, User, profile,
};
use selfsame_ports::{Mail, StorageError};
use serde_json::json;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    identifiers::{proofs::mask, prove::void_resets, send_code::own},
    sessions::principal::StepUpRequired,
};

/// Removes it.
#[derive(Clone, Debug)]
pub struct RemoveIdentifier {
    /// Which identifier.
    pub id: IdentifierId,
    /// Its kind.
    pub kind: IdentifierKind,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why nothing was removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoveIdentifierError {
    /// Not an identifier of this account: one answer for those of others too (R62).
    #[error("no such identifier")]
    Unknown,
    /// The primary e-mail address (R11).
    #[error("the primary address cannot be removed")]
    Primary,
    /// The only e-mail address that is proven (R11).
    #[error("the last verified address cannot be removed")]
    LastVerified,
    /// The phone number that is the second factor.
    #[error("the number of the second factor cannot be removed")]
    SecondFactor,
    /// The operator lets no user change the identifiers of this kind.
    #[error("users cannot change this")]
    ReadOnly,
    /// The caller must prove who they are again (R10).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RemoveIdentifierError: StorageError);

impl From<RemovalRefused> for RemoveIdentifierError {
    fn from(refused: RemovalRefused) -> Self {
        match refused {
            RemovalRefused::Unknown => Self::Unknown,
            RemovalRefused::Primary => Self::Primary,
            RemovalRefused::LastVerified => Self::LastVerified,
            RemovalRefused::SecondFactor => Self::SecondFactor,
        }
    }
}

impl RemoveIdentifier {
    /// Removes it with its pending proofs, voids pending resets (R24), and tells all verified addresses, the removed one
    /// included (R25).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<User, RemoveIdentifierError> {
        own(&caller.user, self.id, self.kind).ok_or(RemoveIdentifierError::Unknown)?;
        check_right(core, self.kind)?;
        core.require_step_up(caller)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RemoveIdentifierError::Unauthenticated)?;
            own(&account, self.id, self.kind).ok_or(RemoveIdentifierError::Unknown)?;
            let before = User::clone(&account);
            let state = core.before_change(work, &before)?;
            let removed = account.remove_identifier(self.id)?;
            core.require_hold_of_identifiers(work, &before, &account)?;
            let now = core.clock.now();
            account.touch(now);
            let (pointer, action) = match self.kind {
                IdentifierKind::Email => ("/emails", Action::EmailRemoved),
                IdentifierKind::Phone => ("/phone_numbers", Action::PhoneRemoved),
            };
            let mut changes = profile::differences(&before, &account);
            changes.push(Difference { pointer: pointer.into(), old: json!(mask(&removed)), new: json!(null) });
            let event = Event::of_user(action, account.id, caller.principal.sign_in_id);
            core.record_within_budget(work, &mut account, event.with(changes))?;
            let is_told = core.may_notify_of(&mut account, self.kind);
            account.save(work)?;
            void_resets(work, account.id, now)?;
            if is_told {
                core.notify(work, &before, &Mail::ContactRemoved { masked: mask(&removed) }, &state)?;
            }
            Ok(account.into_user())
        })
    }
}

/// Whether the identifier may be removed from an account that has it.
pub(crate) fn may_remove(
    core: &Core,
    user: &User,
    id: IdentifierId,
    kind: IdentifierKind,
) -> Result<(), RemoveIdentifierError> {
    check_right(core, kind)?;
    user.clone().remove_identifier(id)?;
    Ok(())
}

/// Whether users may remove identifiers of a kind.
fn check_right(core: &Core, kind: IdentifierKind) -> Result<(), RemoveIdentifierError> {
    if core.policy.fields.of_kind(kind).forbids().is_some() { Err(RemoveIdentifierError::ReadOnly) } else { Ok(()) }
}
