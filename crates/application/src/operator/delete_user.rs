//! Removes an account.

use selfsame_domain::{Action, User, UserId};

use super::users::ManageUserError;
use crate::{Core, account::Event};

/// Removes an account and everything that refers to it, immediately and permanently. Its audit trail stays, without
/// addresses and values.
#[derive(Clone, Copy, Debug)]
pub struct DeleteUser {
    /// The account.
    pub user: UserId,
}

impl DeleteUser {
    /// Removes it with its sign-ins, proofs and picture. Returns the account as it was.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let event = || Event::operator(Action::UserDeleted);
        core.delete_account(self.user, event, |_| true, None)?.ok_or(ManageUserError::NotFound)
    }
}
