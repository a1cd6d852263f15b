//! The errors of the contract, by the codes of RFC 6749 section 5.2 and RFC 6750.

use actix_web::http::header::WWW_AUTHENTICATE;
use selfsame_application::oauth::{exchange_code::TokenError, introspect::IntrospectError};

use super::OAuth;
use crate::{
    body::InvalidBody,
    failure::Failure,
    reason::{Reason, reasons},
    rejection::Rejection,
};

/// A parameter is missing, or there twice.
pub(super) const INVALID_REQUEST: Reason = Reason::new(400, "invalid_request", "The request cannot be read.");
/// The access token is missing, invalid or expired.
pub(super) const INVALID_TOKEN: Reason = Reason::new(401, "invalid_token", "The access token is not valid.");

reasons! {
    /// The client is not registered, or authenticates although it is public.
    INVALID_CLIENT = 401 "invalid_client" "This client is not registered, or its credentials are wrong.";
    /// The code or the refresh token is not valid for this client, address and verifier.
    INVALID_GRANT = 400 "invalid_grant" "The code or refresh token is not valid, was used before, or is not this client's.";
    /// Another grant than `authorization_code` and `refresh_token`.
    UNSUPPORTED_GRANT_TYPE = 400 "unsupported_grant_type" "The grant_type must be authorization_code or refresh_token.";
    /// More than the user allowed.
    INVALID_SCOPE = 400 "invalid_scope" "The scope has more than was granted.";
}

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

/// The rejection of a client or resource server. HTTP asks for a challenge, and theirs is Basic (RFC 6749 section 5.2).
pub(super) fn invalid_client() -> Rejection<OAuth> {
    Rejection::from(INVALID_CLIENT).with_header(WWW_AUTHENTICATE, "Basic realm=\"oauth\"")
}

impl From<TokenError> for Rejection<OAuth> {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::UnknownClient => invalid_client(),
            TokenError::InvalidGrant => INVALID_GRANT.into(),
            TokenError::InvalidScope => INVALID_SCOPE.into(),
            TokenError::Fault(fault) => fault.into(),
        }
    }
}

impl From<IntrospectError> for Rejection<OAuth> {
    fn from(error: IntrospectError) -> Self {
        match error {
            IntrospectError::UnknownServer => invalid_client(),
            IntrospectError::Fault(fault) => fault.into(),
        }
    }
}
