//! Removes an account.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{Action, AuditHead, Picture, RequestContext, User, UserId};

use super::users::ManageUserError;
use crate::{
    Core,
    account::{Account, Event},
};

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
        let user = core.unit(&RequestContext::default(), |work| {
            let mut account = Account::lock(work, self.user)?.ok_or(ManageUserError::NotFound)?;
            core.record(work, &mut account, Event::operator(Action::UserDeleted));
            work.audit().erase_details(account.id)?;
            account.delete(work)?;
            Ok::<_, ManageUserError>(account.into_user())
        })?;
        // The end of the trail is logged, because the account's row no longer stores it.
        let AuditHead { sequence, mac } = user.audit_head;
        let mac = URL_SAFE_NO_PAD.encode(mac);
        tracing::info!(user = %user.id, sequence, mac, "the audit trail of a deleted account ends here");
        if let Some(Picture::Stored(name)) = &user.picture {
            core.delete_files([name.clone()]);
        }
        Ok(user)
    }
}
