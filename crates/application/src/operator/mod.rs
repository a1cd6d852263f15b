//! The operator's use cases, which the command line runs.

pub mod audit;
mod delete_user;
mod end_everything;
pub mod export;
pub mod identities;
mod invite;
mod list_users;
pub mod outbox;
mod reset_factors;
mod revoke_sign_ins;
mod set_password;
mod unfreeze_user;
pub mod users;
mod verify_address;
pub mod webhooks;

pub use delete_user::DeleteUser;
pub use end_everything::{EndEverything, EndedStep};
pub use list_users::{ListUsers, MAX_PAGE, UserPage};
pub use reset_factors::{FactorsReset, ResetFactors};
pub use revoke_sign_ins::RevokeSignIns;
pub use set_password::SetPassword;
pub use unfreeze_user::UnfreezeUser;
pub use verify_address::VerifyAddress;

use selfsame_domain::{Action, RequestContext, User, UserId};

use self::users::ManageUserError;
use crate::{
    Core,
    account::{Account, Event},
    core::Work,
};

impl Core {
    /// Changes an account for the operator: locks it, changes it, and records the change (R79) unless nothing changed.
    /// Returns the account after the change, and the result of `change`.
    fn change_as_operator<T>(
        &self,
        user: UserId,
        action: Action,
        mut change: impl FnMut(&mut Work<'_>, &mut Account) -> Result<T, ManageUserError>,
    ) -> Result<(User, T), ManageUserError> {
        self.unit(&RequestContext::default(), |work| {
            let mut account = Account::lock(work, user)?.ok_or(ManageUserError::NotFound)?;
            let answer = change(work, &mut account)?;
            if *account.stored() != *account {
                self.record(work, &mut account, Event::operator(action));
                account.save(work)?;
            }
            Ok((account.into_user(), answer))
        })
    }
}
