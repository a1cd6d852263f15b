//! Removes an account.

use selfsame_domain::{Action, Picture, RequestContext, User, UserId};

use super::users::ManageUserError;
use crate::{Core, core::Event};

/// Removes an account and everything that hangs on it, at once and for good. Its audit trail stays.
#[derive(Clone, Copy, Debug)]
pub struct DeleteUser {
    /// Which.
    pub user: UserId,
}

impl DeleteUser {
    /// Removes it with its sign-ins, proofs and picture. Answers the account as it was.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let user = core.unit(|unit| {
            let user = unit.users().lock(self.user)?.ok_or(ManageUserError::NotFound)?;
            core.record(unit, user.id, Event::operator(Action::UserDeleted, &RequestContext::default()))?;
            unit.users().delete(user.id)?;
            Ok::<_, ManageUserError>(user)
        })?;
        if let Some(Picture::Stored(name)) = &user.picture {
            core.delete_files([name.clone()]);
        }
        Ok(user)
    }
}
