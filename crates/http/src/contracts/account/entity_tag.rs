//! The entity tag of an account, and the condition `If-Match` (RFC 9110 section 13, R68).

use actix_web::{
    HttpRequest,
    http::header::{EntityTag, Header as _, IF_MATCH, IfMatch},
};
use selfsame_domain::{User, UserId};

use super::{Account, reasons};
use crate::rejection::Rejection;

/// The strong tag of a version of an account. It includes the id, because all accounts have the same URL.
pub(super) fn entity_tag(id: UserId, version: i64) -> EntityTag {
    EntityTag::new_strong(format!("{id}-{version}"))
}

/// The condition of a change.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// There is none.
    None,
    /// The account must have one of these tags. Empty if the header has no valid tag.
    OneOf(Vec<EntityTag>),
}

impl Condition {
    pub(super) fn of(request: &HttpRequest) -> Self {
        if !request.headers().contains_key(IF_MATCH) {
            return Self::None;
        }
        match IfMatch::parse(request) {
            Ok(IfMatch::Any) => Self::None,
            Ok(IfMatch::Items(tags)) => Self::OneOf(tags),
            Err(_) => Self::OneOf(Vec::new()),
        }
    }

    /// The version that the change is based on, if the account meets the condition.
    pub(super) fn expected_version(&self, user: &User) -> Result<Option<i64>, Rejection<Account>> {
        let Self::OneOf(tags) = self else { return Ok(None) };
        let current = entity_tag(user.id, user.version);
        if tags.iter().any(|tag| tag.strong_eq(&current)) {
            Ok(Some(user.version))
        } else {
            Err(reasons::version_mismatch(user, user.version))
        }
    }
}
