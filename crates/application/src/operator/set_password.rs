//! Sets the password of an account.

use selfsame_domain::{Action, Password, RequestContext, User, UserId};
use selfsame_ports::Mail;

use super::users::{FindUser, ManageUserError};
use crate::{Core, core::Event, identifiers::prove::end_what_a_password_guards};

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
        let user = FindUser { query: self.user.to_string() }.execute(core)?;
        core.check_new_password(&user, &self.password).map_err(ManageUserError::Invalid)?;
        let hash = core.passwords.hash(&self.password)?;
        let context = RequestContext::default();
        let user = core.unit(|unit| {
            let mut user = unit.users().lock(self.user)?.ok_or(ManageUserError::NotFound)?;
            let now = core.clock.now();
            user.password = Some(hash.clone());
            user.password_changed_at = Some(now);
            user.touch(now);
            unit.users().save(&user)?;
            end_what_a_password_guards(unit, user.id, None, now)?;
            core.record(unit, user.id, Event::operator(Action::PasswordSet, &context))?;
            core.notify(unit, &user, &Mail::PasswordChanged)?;
            Ok::<_, ManageUserError>(user)
        })?;
        core.forgive_password_budgets(&user, &context);
        Ok(user)
    }
}
