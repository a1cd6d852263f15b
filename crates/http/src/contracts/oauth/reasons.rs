//! The errors of the contract, by the codes of RFC 6749 section 5.2 and RFC 6750.

use super::OAuth;
use crate::{body::InvalidBody, failure::Failure, reason::Reason, rejection::Rejection};

/// The form has no token, or it is there twice.
pub(super) const INVALID_REQUEST: Reason = Reason::new(400, "invalid_request", "The request cannot be read.");
/// No route of this contract needs a credential.
pub(super) const INVALID_TOKEN: Reason = Reason::new(401, "invalid_token", "The access token is not valid.");

/// The code of a failure.
pub(super) fn code(failure: Failure) -> &'static str {
    match failure {
        Failure::BadRequest
        | Failure::CrossOrigin
        | Failure::NotFound
        | Failure::MethodNotAllowed
        | Failure::RequestTimeout
        | Failure::BodyTooLarge
        | Failure::UriTooLong
        | Failure::UnsupportedMediaType
        | Failure::HeadersTooLarge => INVALID_REQUEST.code,
        Failure::AccountFrozen | Failure::CredentialTooNew(_) => "access_denied",
        Failure::TooManyRequests(_) | Failure::Unavailable => "temporarily_unavailable",
        Failure::Internal => "server_error",
    }
}

/// The rejection of a form with invalid fields, which names the first.
pub(super) fn invalid_body(invalid: &InvalidBody) -> Rejection<OAuth> {
    let rejection = Rejection::from(INVALID_REQUEST);
    match invalid.members.first() {
        Some(first) => rejection.with_message(format!("The parameter {} must be given, and once.", first.member)),
        None => rejection,
    }
}
