//! Removes the phone number from the second factors. The account keeps the number.

use selfsame_domain::{Action, Factor, RequestContext, User};
use selfsame_ports::{Mail, StorageError};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    identifiers::proofs::mask,
    sessions::principal::StepUpRequired,
    undo::hold::Removed,
};

/// Requests the removal. It is possible also where the operator allows no new enrolment.
#[derive(Clone, Debug)]
pub struct RemoveSms {
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the number was not removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoveSmsError {
    /// No number is enrolled.
    #[error("no number is enrolled")]
    NotEnrolled,
    /// The policy demands a second factor, and this is the last one (R34).
    #[error("the last second factor cannot be removed while the policy demands one")]
    LastFactor,
    /// The caller must prove who they are again (R33).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RemoveSmsError: StorageError);

impl RemoveSms {
    /// Removes it, and the backup codes with the last second factor. Every verified address gets a notice (R25).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<User, RemoveSmsError> {
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RemoveSmsError::Unauthenticated)?;
            if !account.has_sms() {
                return Err(RemoveSmsError::NotEnrolled);
            }
            core.require_step_up_to_change(caller, &account)?;
            may_remove(&account)?;
            let masked = account.second_factor_phone().map(mask).unwrap_or_default();
            core.require_hold(work, &account, removed(&account))?;
            let before = core.before_change(work, &account)?;
            account.unenrol_phone(core.clock.now());
            if !account.has_second_factor() {
                work.second_factors().set_backup_codes(account.id, &[])?;
            }
            core.notify(work, &account, &Mail::SmsFactorRemoved { masked }, &before)?;
            let event = Event::of_user(Action::SmsFactorRemoved, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event);
            account.save(work)?;
            Ok(account.into_user())
        })
    }
}

/// Whether an account has a number among its second factors that it may lose.
pub(crate) fn may_remove(account: &User) -> Result<(), RemoveSmsError> {
    if !account.has_sms() {
        Err(RemoveSmsError::NotEnrolled)
    } else if account.is_last_demanded(Factor::Sms) {
        Err(RemoveSmsError::LastFactor)
    } else {
        Ok(())
    }
}

/// What is removed: the number counts as added when it was proven.
pub(crate) fn removed(account: &User) -> Removed {
    Removed::Added(account.second_factor_phone().and_then(|own| own.verified_at))
}
