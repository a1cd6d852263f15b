//! The condition `If-None-Match` (RFC 9110 section 13.1.2).

use actix_web::{
    HttpRequest,
    http::header::{EntityTag, Header as _, IfNoneMatch},
};

/// Whether the client has this representation already, so that the response is 304.
pub(crate) fn is_not_modified(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}
