//! A new password, for who knows the old one.

use selfsame_domain::{Action, Claim, OpaqueToken, Password, RequestContext, Rule, Violation, Violations};
use selfsame_ports::{Mail, PasswordError, StorageError, UnitOfWork, Verdict};

use crate::{
    Caller, Core, Fault,
    core::Event,
    fault::faults,
    identifiers::prove::{end_what_a_password_guards, lock_usable},
    limits::{Budget, Tried, email_name},
};

/// Brings the old and the new password.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The one in force. Not asked of an account that has none.
    pub current_password: Password,
    /// The one to be.
    pub new_password: Password,
    /// Whether the caller's own sign-in ends too, as RiverGen has it.
    pub end_own_sign_in: bool,
    /// Who asks.
    pub context: RequestContext,
}

/// The password is changed.
#[derive(Clone, Debug)]
pub struct PasswordChanged {
    /// The browser's new cookie; the earlier one is dead (R21).
    pub new_cookie: Option<OpaqueToken>,
}

/// Why the password is what it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangePasswordError {
    /// The current password is another one.
    #[error("wrong password")]
    WrongPassword,
    /// The new password breaks rules.
    #[error(transparent)]
    Invalid(Violations),
    /// The sign-in ended in the meantime.
    #[error("not signed in any more")]
    Unauthenticated,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ChangePasswordError: StorageError, PasswordError);

impl ChangePassword {
    /// Checks the current password (R20), sets the new one, ends every other sign-in with its refresh chain in the same
    /// unit (R21), and tells every verified address (R25).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<PasswordChanged, ChangePasswordError> {
        core.check_new_password(&caller.user, &self.new_password).map_err(ChangePasswordError::Invalid)?;
        let spent = self.check_current(core, caller)?;
        if self.current_password.expose() == self.new_password.expose() {
            return Err(ChangePasswordError::Invalid(Violation::new(Claim::Password, Rule::Unchanged).into()));
        }
        let hash = core.passwords.hash(&self.new_password).inspect_err(|_| core.refund(&spent))?;
        core.unit(|unit| {
            let mut user = lock_usable(unit, caller.user.id)?.ok_or(ChangePasswordError::Unauthenticated)?;
            if user.password_changed_at != caller.user.password_changed_at {
                return Err(ChangePasswordError::WrongPassword);
            }
            let now = core.clock.now();
            user.password = Some(hash.clone());
            user.password_changed_at = Some(now);
            user.touch(now);
            unit.users().save(&user)?;
            // None for who holds an earlier cookie: another has taken its place, and it is dead already (R40).
            let new_cookie = replace_cookie(core, unit, caller)?;
            let keep = (!self.end_own_sign_in).then_some(caller.sign_in.id);
            end_what_a_password_guards(unit, user.id, keep, now)?;
            core.record(
                unit,
                user.id,
                Event::of_user(Action::PasswordChanged, user.id, caller.sign_in.id, &self.context),
            )?;
            core.notify(unit, &user, &Mail::PasswordChanged)?;
            Ok(PasswordChanged { new_cookie })
        })
    }

    /// Answers what the change costs, to be given back if the new password cannot be hashed just now.
    fn check_current(&self, core: &Core, caller: &Caller) -> Result<Vec<Budget>, ChangePasswordError> {
        let Some(hash) = &caller.user.password else {
            return Ok(Vec::new());
        };
        let name = caller.user.primary_email().map(|email| email_name(&email.canonical)).unwrap_or_default();
        let device = caller.session.as_ref().map(|view| view.session.id);
        let tried = Tried { name: &name, owner: Some(caller.user.id), device };
        let budgets = core.password_budgets(Some(&tried), &self.context);
        let change = vec![core.limits.password_change_per_user.of_user(caller.user.id)];
        core.spend(&change)?;
        core.spend(budgets.all())?;
        let verdict = core.passwords.verify(&self.current_password, Some(hash)).inspect_err(|_| {
            core.refund(budgets.all());
            core.refund(&change);
        })?;
        if verdict == Verdict::Wrong {
            return Err(ChangePasswordError::WrongPassword);
        }
        core.forget(budgets.of_account());
        Ok(change)
    }
}

/// A new cookie for the browser, if it has the one that is in force.
fn replace_cookie(
    core: &Core,
    unit: &mut dyn UnitOfWork,
    caller: &Caller,
) -> Result<Option<OpaqueToken>, StorageError> {
    let Some((view, sent)) = caller.session.as_ref().zip(caller.cookie) else {
        return Ok(None);
    };
    let cookie = core.token();
    Ok(unit.sessions().replace_token(view.session.id, &sent, &cookie.hash())?.then_some(cookie))
}
