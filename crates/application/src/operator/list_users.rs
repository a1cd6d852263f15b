//! Lists accounts, page by page.

use selfsame_domain::{User, UserId};

use super::users::ManageUserError;
use crate::Core;

/// Most accounts of a page.
pub const MAX_PAGE: u16 = 1000;

/// Lists accounts by ascending id, which is the order of their creation.
#[derive(Clone, Copy, Debug)]
pub struct ListUsers {
    /// The last account of the previous page; none for the first page.
    pub after: Option<UserId>,
    /// The greatest number of accounts; 1 to [`MAX_PAGE`].
    pub limit: u16,
}

/// A page of accounts.
#[derive(Clone, Debug)]
pub struct UserPage {
    /// In ascending order of their ids.
    pub users: Vec<User>,
    /// The value of [`ListUsers::after`] for the next page; none if this is the last one.
    pub next: Option<UserId>,
}

impl ListUsers {
    /// Reads one page.
    pub fn execute(&self, core: &Core) -> Result<UserPage, ManageUserError> {
        let limit = self.limit.clamp(1, MAX_PAGE);
        // One more than requested shows whether there is another page.
        let mut users = core.storage.read()?.list_users(self.after, i64::from(limit) + 1)?;
        let has_more = users.len() > usize::from(limit);
        users.truncate(limit.into());
        let next = users.last().filter(|_| has_more).map(|user| user.id);
        Ok(UserPage { users, next })
    }
}
