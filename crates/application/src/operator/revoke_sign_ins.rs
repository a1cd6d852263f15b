//! Ends every sign-in of an account.

use selfsame_domain::{Action, UserId};

use super::users::ManageUserError;
use crate::Core;

/// Ends every sign-in of an account, for a user whose device was lost or whose account was misused.
#[derive(Clone, Copy, Debug)]
pub struct RevokeSignIns {
    /// Which.
    pub user: UserId,
}

impl RevokeSignIns {
    /// Ends cookie use, access tokens and refresh tokens of every sign-in at once, and sign-ins under way. Answers how many were ended.
    pub fn execute(&self, core: &Core) -> Result<usize, ManageUserError> {
        let (_, ended) = core.change_as_operator(self.user, Action::SignInsRevoked, |work, account| {
            // Sign-ins under way, and changes that a sign-in began, end too.
            account.credential_epoch += 1;
            Ok(work.sessions().end_sign_ins_of(account.id, None, core.clock.now())?)
        })?;
        Ok(ended)
    }
}
