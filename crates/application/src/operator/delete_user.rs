//! Removes an account.

use selfsame_domain::{Action, Picture, RequestContext, User, UserId};

use super::users::ManageUserError;
use crate::{
    Core,
    account::{Account, Event},
};

/// Removes an account and everything that hangs on it, at once and for good. Its audit trail stays.
#[derive(Clone, Copy, Debug)]
pub struct DeleteUser {
    /// Which.
    pub user: UserId,
}

impl DeleteUser {
    /// Removes it with its sign-ins, proofs and picture. Answers the account as it was.
    pub fn execute(&self, core: &Core) -> Result<User, ManageUserError> {
        let user = core.unit(&RequestContext::default(), |work| {
            let mut account = Account::lock(work, self.user)?.ok_or(ManageUserError::NotFound)?;
            core.record(work, &mut account, Event::operator(Action::UserDeleted))?;
            work.accounts().delete(account.id)?;
            Ok::<_, ManageUserError>(account.into_user())
        })?;
        if let Some(Picture::Stored(name)) = &user.picture {
            core.delete_files([name.clone()]);
        }
        Ok(user)
    }
}
