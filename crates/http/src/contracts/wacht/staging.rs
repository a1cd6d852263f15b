//! The staging mode: the session token is in a query parameter, because the page cannot use cookies.

use actix_web::HttpRequest;
use selfsame_domain::OpaqueToken;

use super::WachtMode;
use crate::credentials::Credentials;

/// The query parameter with the session token.
const DEVELOPMENT_SESSION: &str = "__dev_session__";

/// The credentials of a request. In staging the query parameter takes precedence over the cookie.
pub(super) fn credentials(request: &HttpRequest, from_headers: Credentials, mode: WachtMode) -> Credentials {
    match (mode, &from_headers) {
        (WachtMode::Staging, Credentials::None | Credentials::UnknownCookie | Credentials::Cookie(_)) => {
            development_session(request).map_or(from_headers, Credentials::Cookie)
        }
        _ => from_headers,
    }
}

/// The token in the query. The SDK sends an empty one until it has received a token.
fn development_session(request: &HttpRequest) -> Option<OpaqueToken> {
    let mut pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    pairs.find(|(name, _)| name == DEVELOPMENT_SESSION).and_then(|(_, token)| OpaqueToken::parse(&token))
}
