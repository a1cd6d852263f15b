//! Ends every sign-in of an account.

use selfsame_domain::{Action, UserId};

use super::users::ManageUserError;
use crate::Core;

/// Ends every sign-in of an account, for instance after the loss of a device.
#[derive(Clone, Copy, Debug)]
pub struct RevokeSignIns {
    /// The account.
    pub user: UserId,
}

impl RevokeSignIns {
    /// Ends every sign-in with its cookie use, access tokens and refresh tokens, and attempts in progress. Returns the
    /// number of sign-ins.
    pub fn execute(&self, core: &Core) -> Result<usize, ManageUserError> {
        let (_, ended) = core.change_as_operator(self.user, Action::SignInsRevoked, |work, account| {
            // Attempts in progress, and changes that a sign-in requested, end too.
            account.credential_epoch += 1;
            Ok(work.sessions().end_sign_ins_of(account.id, None, core.clock.now())?)
        })?;
        Ok(ended)
    }
}
