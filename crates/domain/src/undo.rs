//! Points to which an account can be brought back.

use crate::{Instant, UserId};

/// The identifiers and credentials of an account before a change. The link of the notice of the change leads back to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoPoint {
    /// The account.
    pub user_id: UserId,
    /// The last place in the account's audit chain before the change. It orders the points of an account, whatever the clock
    /// did in between.
    pub sequence: i64,
    /// The state, sealed by the vault.
    pub sealed: Vec<u8>,
    /// When the change was made.
    pub created_at: Instant,
    /// When it can no longer be undone.
    pub expires_at: Instant,
}
