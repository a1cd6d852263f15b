//! Sets the password of an account.

use selfsame_domain::{Action, Password, RequestContext, User, UserId};
use selfsame_ports::Mail;

use super::users::ManageUserError;
use crate::{Core, account::Event, identifiers::prove::end_sign_ins_and_resets, password::rules::keep_password};

/// Sets the password of an account, for a user who cannot be reached by mail. No use case reads one (R26).
#[derive(Clone, Debug)]
pub struct SetPassword {
    /// The account.
    pub user: UserId,
    /// The new password.
    pub password: Password,
}

impl SetPassword {
    /// Checks the password against the rules (R17, R18) and sets it. Ends the same as a reset: every sign-in, pending
    /// resets and address changes (R21, R22). Notifies the account's addresses (R25), and makes its password budgets
    /// full. A disabled account stays disabled; a frozen one is frozen no longer.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let user = core.storage.read()?.user(self.user)?.ok_or(ManageUserError::NotFound)?;
        core.check_new_password(&user, &self.password).map_err(ManageUserError::Invalid)?;
        let hash = core.passwords.hash(&self.password)?;
        let (user, ()) = core.change_as_operator(self.user, Action::PasswordSet, |work, account| {
            let now = core.clock.now();
            let before = core.before_change(work, account)?;
            keep_password(work, account)?;
            account.change_password(true, now);
            work.accounts().set_password(account.id, &hash)?;
            end_sign_ins_and_resets(work, account.id, None, now)?;
            core.unfreeze(work, account, Event::operator);
            Ok(core.notify(work, account, &Mail::PasswordChanged, &before)?)
        })?;
        core.restore_password_budgets(&user, &RequestContext::default());
        Ok(user)
    }
}
