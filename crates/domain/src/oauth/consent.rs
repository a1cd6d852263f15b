//! What users have allowed applications.

use super::{Scope, Scopes};
use crate::{Instant, UserId};

/// The consent of a user for an application. It is remembered until the user withdraws it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The account.
    pub user_id: UserId,
    /// The application.
    pub client_id: String,
    /// Everything that was allowed so far.
    pub scopes: Scopes,
    /// When something was first allowed.
    pub created_at: Instant,
    /// When something more was last allowed.
    pub updated_at: Instant,
}

/// The application that acts in a sign-in, and what it may do there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizedClient {
    /// The application.
    pub id: String,
    /// What it may do.
    pub scopes: Scopes,
}

impl AuthorizedClient {
    /// Whether it may do what a scope allows.
    pub fn may(&self, needed: Scope) -> bool {
        self.scopes.allow(needed)
    }
}
