//! Entity tags, and the conditions `If-Match` and `If-None-Match` (RFC 9110 section 13, R68).

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ETag, EntityTag, Header as _, IF_MATCH, IF_NONE_MATCH, IfMatch, IfNoneMatch},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{User, UserId};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    Account, Call,
    reasons::{self, PRECONDITION_REQUIRED},
};
use crate::{call::HandlerResult, conditions::is_not_modified, failure::Failure, rejection::Rejection};

/// Bytes of a hash in a tag: enough that no two representations have the same tag.
const TAG_BYTES: usize = 18;

/// The strong tag of a version of an account. It includes the id, because all accounts have the same URL.
pub(super) fn entity_tag(id: UserId, version: i64) -> EntityTag {
    EntityTag::new_strong(format!("{id}-{version}"))
}

/// The strong tag of a representation without a version: a hash of its bytes.
pub(super) fn tag_of(representation: &impl Serialize) -> Result<EntityTag, Failure> {
    let bytes = serde_json::to_vec(representation).map_err(|_error| Failure::Internal)?;
    Ok(EntityTag::new_strong(URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..TAG_BYTES])))
}

/// The condition of a change.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

/// The tags in a header.
#[derive(Clone, Debug)]
enum Tags {
    /// `*`
    Any,
    /// Empty if the header has no valid tag.
    These(Vec<EntityTag>),
}

impl Condition {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let has = |name| request.headers().contains_key(name);
        Self {
            if_match: has(IF_MATCH).then(|| match IfMatch::parse(request) {
                Ok(IfMatch::Any) => Tags::Any,
                Ok(IfMatch::Items(tags)) => Tags::These(tags),
                Err(_) => Tags::These(Vec::new()),
            }),
            if_none_match: has(IF_NONE_MATCH).then(|| match IfNoneMatch::parse(request) {
                Ok(IfNoneMatch::Any) => Tags::Any,
                Ok(IfNoneMatch::Items(tags)) => Tags::These(tags),
                Err(_) => Tags::These(Vec::new()),
            }),
        }
    }

    /// Whether the current tag meets it: that of `If-Match` is compared strongly, that of `If-None-Match` weakly.
    fn is_met_by(&self, current: &EntityTag) -> bool {
        let is_matched = match &self.if_match {
            None | Some(Tags::Any) => true,
            Some(Tags::These(tags)) => tags.iter().any(|tag| tag.strong_eq(current)),
        };
        let is_unmatched = match &self.if_none_match {
            None => true,
            Some(Tags::Any) => false,
            Some(Tags::These(tags)) => tags.iter().all(|tag| !tag.weak_eq(current)),
        };
        is_matched && is_unmatched
    }

    /// Whether there is one.
    pub(super) fn is_some(&self) -> bool {
        self.if_match.is_some() || self.if_none_match.is_some()
    }

    /// Refuses the change of a resource with this tag if the condition is not met.
    pub(super) fn check(&self, current: &EntityTag) -> Result<(), Rejection<Account>> {
        if self.is_met_by(current) { Ok(()) } else { Err(reasons::changed(current)) }
    }

    /// The version that the change is based on, if the account meets the condition.
    pub(super) fn expected_version(&self, user: &User) -> Result<Option<i64>, Rejection<Account>> {
        self.check(&entity_tag(user.id, user.version))?;
        Ok(matches!(self.if_match, Some(Tags::These(_))).then_some(user.version))
    }
}

impl Call {
    /// The condition of a change of the account, which the operator may demand (428).
    pub(super) fn condition(&self) -> Result<Condition, Rejection<Account>> {
        let condition = Condition::of(self.request());
        if self.services().account.require_if_match && condition.if_match.is_none() {
            return Err(PRECONDITION_REQUIRED.into());
        }
        Ok(condition)
    }

    /// A representation with its tag; 304 if the client has it already.
    pub(super) fn respond_with_tag(&self, representation: &impl Serialize) -> HandlerResult {
        let tag = tag_of(representation).map_err(|failure| self.refuse(failure))?;
        if is_not_modified(self.request(), &tag) {
            return Ok(HttpResponse::NotModified().insert_header(ETag(tag)).finish());
        }
        Ok(HttpResponse::Ok().insert_header(ETag(tag)).json(representation))
    }
}
