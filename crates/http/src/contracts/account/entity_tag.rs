//! Entity tags of an account, and what a client's conditions make of them (RFC 9110 section 13, R68).

use actix_web::{
    HttpRequest,
    http::header::{EntityTag, Header as _, IF_MATCH, IfMatch, IfNoneMatch},
};
use selfsame_domain::{User, UserId};

/// The strong tag of an account at a version. The id is in it, because all accounts share one address.
pub(super) fn entity_tag(id: UserId, version: i64) -> EntityTag {
    EntityTag::new_strong(format!("{id}-{version}"))
}

/// Whether the client has this representation already.
pub(super) fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

/// Which representations a client is willing to change.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// Any.
    None,
    /// One of these. None of them, if the header held nothing that is a tag.
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

    /// The version that the change has to start from, if the account is as the client wants it; else the tag it has.
    pub(super) fn expected_version(&self, user: &User) -> Result<Option<i64>, EntityTag> {
        let Self::OneOf(tags) = self else { return Ok(None) };
        let current = entity_tag(user.id, user.version);
        if tags.iter().any(|tag| tag.strong_eq(&current)) { Ok(Some(user.version)) } else { Err(current) }
    }
}
