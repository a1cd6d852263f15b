//! Removes the authenticator app.

use selfsame_domain::{Action, Difference, Factor, RequestContext, SecondFactorPolicy, User};
use selfsame_ports::{Mail, StorageError};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    sessions::principal::StepUpRequired,
    undo::hold::Removed,
};

/// Requests the removal.
#[derive(Clone, Debug)]
pub struct RemoveTotp {
    /// Whether the user was told that this also sets the policy to `none` and removes the backup codes. Otherwise the last
    /// factor stays while the policy is enforced (R34).
    pub resets_policy: bool,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the app was not removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoveTotpError {
    /// No authenticator app is enrolled.
    #[error("no authenticator app is enrolled")]
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

faults!(RemoveTotpError: StorageError);

impl RemoveTotp {
    /// Removes the app, and the backup codes with the last second factor. Every verified address gets a notice (R25).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<User, RemoveTotpError> {
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RemoveTotpError::Unauthenticated)?;
            if !account.has_totp() {
                return Err(RemoveTotpError::NotEnrolled);
            }
            core.require_step_up_to_change(caller, &account)?;
            may_remove(&account, self.resets_policy)?;
            let policy = account.second_factor_policy;
            core.require_hold(work, &account, Removed::Totp)?;
            let before = core.before_change(work, &account)?;
            work.second_factors().remove_totp(account.id)?;
            account.unenrol(Factor::Totp, core.clock.now());
            if self.resets_policy {
                account.second_factor_policy = SecondFactorPolicy::None;
                account.backup_codes_left = 0;
            }
            if account.backup_codes_left == 0 {
                work.second_factors().set_backup_codes(account.id, &[])?;
            }
            core.notify(work, &account, &Mail::AuthenticatorRemoved, &before)?;
            let event = Event::of_user(Action::TotpRemoved, account.id, caller.principal.sign_in_id);
            let changes = difference(policy, account.second_factor_policy);
            core.record(work, &mut account, event.with(changes));
            account.save(work)?;
            Ok(account.into_user())
        })
    }
}

/// Whether an account has an authenticator app that it may lose.
pub(crate) fn may_remove(account: &User, resets_policy: bool) -> Result<(), RemoveTotpError> {
    if !account.has_totp() {
        return Err(RemoveTotpError::NotEnrolled);
    }
    if account.is_last_demanded(Factor::Totp) && !resets_policy { Err(RemoveTotpError::LastFactor) } else { Ok(()) }
}

/// The change of the policy, for the audit trail.
fn difference(old: SecondFactorPolicy, new: SecondFactorPolicy) -> Vec<Difference> {
    let pointer = "/second_factor_policy".to_owned();
    let differs = (old != new).then(|| Difference { pointer, old: old.as_str().into(), new: new.as_str().into() });
    differs.into_iter().collect()
}
