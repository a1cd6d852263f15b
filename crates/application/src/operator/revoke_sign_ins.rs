//! Ends every sign-in of an account.

use selfsame_domain::{Action, RequestContext, UserId};

use super::users::ManageUserError;
use crate::{Core, core::Event};

/// Ends every sign-in of an account, for a user whose device was lost or whose account was misused.
#[derive(Clone, Copy, Debug)]
pub struct RevokeSignIns {
    /// Which.
    pub user: UserId,
}

impl RevokeSignIns {
    /// Ends cookie use, access tokens and refresh tokens of every sign-in at once. Answers how many were ended.
    pub fn execute(&self, core: &Core) -> Result<usize, ManageUserError> {
        core.unit(|unit| {
            let user = unit.users().lock(self.user)?.ok_or(ManageUserError::NotFound)?;
            let ended = unit.sessions().end_sign_ins_of(user.id, None, core.clock.now())?;
            core.record(unit, user.id, Event::operator(Action::SignInsRevoked, &RequestContext::default()))?;
            Ok(ended)
        })
    }
}
