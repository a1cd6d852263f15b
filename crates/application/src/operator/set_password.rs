//! Sets the password of an account.

use selfsame_domain::{Action, Password, RequestContext, User, UserId};
use selfsame_ports::Mail;

use super::users::ManageUserError;
use crate::{Core, identifiers::prove::end_what_a_password_guards};

/// Sets the password of an account, for a user who cannot be reached by mail. No use case reads one (R26).
#[derive(Clone, Debug)]
pub struct SetPassword {
    /// Whose.
    pub user: UserId,
    /// The new password.
    pub password: Password,
}

impl SetPassword {
    /// Holds the password against the rules (R17, R18) and sets it. Ends what a reset ends: every sign-in, and resets and
    /// address changes under way (R21, R22). Tells the account's addresses (R25), and forgets the wrong passwords that were
    /// tried. A disabled account stays disabled.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let user = core.storage.read()?.user(self.user)?.ok_or(ManageUserError::NotFound)?;
        core.check_new_password(&user, &self.password).map_err(ManageUserError::Invalid)?;
        let hash = core.passwords.hash(&self.password)?;
        let (user, ()) = core.change_as_operator(self.user, Action::PasswordSet, |work, account| {
            let now = core.clock.now();
            account.change_password(true, now);
            work.accounts().set_password(account.id, &hash)?;
            end_what_a_password_guards(work, account.id, None, now)?;
            Ok(core.notify(work, account, &Mail::PasswordChanged)?)
        })?;
        core.forget_wrong_passwords(&user, &RequestContext::default());
        Ok(user)
    }
}
