//! Removes the password of a signed-in user who has another way in.

use selfsame_domain::{Action, Factor, Password, RequestContext, User};
use selfsame_ports::{Mail, PasswordError, StorageError};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    password::{
        change::{OwnSignIn, PasswordChanged, budget},
        current::CurrentPasswordError,
        rules::keep_password,
    },
    sessions::principal::StepUpRequired,
    undo::hold::Removed,
};

/// Asks for an account that is not signed in to with a password.
#[derive(Clone, Debug)]
pub struct RemovePassword {
    /// The current password.
    pub current_password: Password,
    /// What happens to the caller's own sign-in.
    pub own_sign_in: OwnSignIn,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the password was not removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemovePasswordError {
    /// Nobody could sign in to the account any more: it has no passkey.
    #[error("the account has no other way to sign in")]
    NoAlternative,
    /// The current password is wrong, or the account has none.
    #[error("wrong password")]
    WrongPassword,
    /// The caller must prove who they are again.
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RemovePasswordError: StorageError, PasswordError);

impl From<CurrentPasswordError> for RemovePasswordError {
    fn from(error: CurrentPasswordError) -> Self {
        match error {
            CurrentPasswordError::Wrong => Self::WrongPassword,
            CurrentPasswordError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl RemovePassword {
    /// Asks for a recent proof (R10), for another way in, and for the current password (R20); removes the password with all
    /// consequences of a change (R21, R25).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<PasswordChanged, RemovePasswordError> {
        core.require_step_up(caller)?;
        let budget = budget(core, caller.user.id);
        core.spend(&budget)?;
        let credentials = core.storage.read()?.credentials(caller.user.id)?;
        let credentials = credentials.ok_or(RemovePasswordError::Unauthenticated)?;
        may_remove(&credentials.user)?;
        // A full queue costs no try (R82).
        core.check_current_password(&caller.principal, &credentials, &self.current_password, &self.context)
            .map_err(RemovePasswordError::from)
            .inspect_err(|error| {
                if matches!(error, RemovePasswordError::Fault(Fault::Unavailable(_))) {
                    core.refund(&budget);
                }
            })?;
        let epoch = credentials.user.credential_epoch;
        let replaced = core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RemovePasswordError::Unauthenticated)?;
            if account.credential_epoch != epoch {
                return Err(RemovePasswordError::WrongPassword);
            }
            // The passkeys may have changed without a new epoch.
            may_remove(&account)?;
            core.require_hold(work, &account, Removed::Whole)?;
            let before = core.before_change(work, &account)?;
            keep_password(work, &account)?;
            account.change_password(false, core.clock.now());
            work.accounts().remove_password(account.id)?;
            let replaced = core.end_after_password_change(work, &account, caller, self.own_sign_in)?;
            if core.may_notify(&mut account, |budgets| &mut budgets.password_notices) {
                core.notify(work, &account, &Mail::PasswordRemoved, &before)?;
            }
            let event = Event::of_user(Action::PasswordRemoved, account.id, caller.sign_in.id);
            core.record(work, &mut account, event);
            account.save(work)?;
            Ok::<_, RemovePasswordError>(replaced)
        })?;
        Ok(replaced.hand_over(core)?)
    }
}

/// Whether an account has a password that it may lose, because it can be signed in to without one. A mailbox alone is no
/// way in: it resets a password.
pub(crate) fn may_remove(user: &User) -> Result<(), RemovePasswordError> {
    if !user.enrolled.contains(Factor::Passkey) {
        Err(RemovePasswordError::NoAlternative)
    } else if !user.has_password() {
        Err(RemovePasswordError::WrongPassword)
    } else {
        Ok(())
    }
}
