//! Ends the freeze of an account.

use selfsame_domain::{Action, User, UserId};

use super::users::ManageUserError;
use crate::Core;

/// Ends the freeze of an account after an undo, without a reset of the password: the operator knows whose it is.
#[derive(Clone, Copy, Debug)]
pub struct UnfreezeUser {
    /// The account.
    pub user: UserId,
}

impl UnfreezeUser {
    /// The user may sign in again, with the password and the factors that the undo restored. Idempotent.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let (user, ()) = core.change_as_operator(self.user, Action::AccountUnfrozen, |_, account| {
            if account.frozen_at.take().is_some() {
                account.touch(core.clock.now());
            }
            Ok(())
        })?;
        Ok(user)
    }
}
