//! ID tokens (OpenID Connect Core section 2). Their `typ` is not that of access tokens, and their audience is the client, so
//! that neither is accepted as the other (R46).

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Header;
use selfsame_domain::{Instant, oauth::SigningAlgorithm};
use selfsame_ports::{AccessTokenError, IdTokenHint, NewIdToken};
use serde::{Deserialize, Serialize};

use crate::{claims::Heading, ring::Ring, signature_only};

/// `typ` of an ID token.
const TYPE: &str = "JWT";

/// The claims of an ID token. Instants are whole seconds since 1970.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    exp: i64,
    iat: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    acr: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    amr: &'a [&'static str],
    at_hash: String,
    sid: String,
}

/// The claims that are read back.
#[derive(Deserialize)]
struct Hint {
    iss: String,
    sub: String,
    aud: String,
    sid: String,
}

/// Signs a token with the active key of the ring.
pub(crate) fn issue(ring: &Ring, issuer: &str, token: &NewIdToken, now: Instant) -> Result<String, AccessTokenError> {
    let ttl = i64::try_from(token.ttl.as_secs()).map_err(|_| AccessTokenError::Signing)?;
    let iat = now.timestamp();
    let claims = Claims {
        iss: issuer,
        sub: token.user_id.to_string(),
        aud: &token.client_id,
        exp: iat.checked_add(ttl).ok_or(AccessTokenError::Signing)?,
        iat,
        auth_time: token.authenticated_at.timestamp(),
        nonce: token.nonce.as_deref(),
        acr: token.acr,
        amr: &token.amr,
        at_hash: at_hash(&token.access_token),
        sid: token.sign_in_id.to_string(),
    };
    let key = ring.active();
    let mut header = Header::new(key.algorithm);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.id.clone());
    jsonwebtoken::encode(&header, &claims, &key.signing).map_err(|_| AccessTokenError::Signing)
}

/// The left half of the hash of the access token (OpenID Connect Core section 3.1.3.6). The hash is that of the algorithm of the
/// ID token: SHA-256 for ES256 and RS256.
fn at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    let (left, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

/// Reads a token of this server, expired or not, with the ring of the algorithm that its header names.
pub(crate) fn read(
    ring_of: impl FnOnce(SigningAlgorithm) -> Option<Arc<Ring>>,
    issuer: &str,
    token: &str,
) -> Option<IdTokenHint> {
    let heading = Heading::of(token).filter(|heading| heading.typ == TYPE)?;
    let ring = ring_of(SigningAlgorithm::parse(&heading.alg)?)?;
    let key = ring.find(&heading.kid)?;
    let claims = jsonwebtoken::decode::<Hint>(token, &key.verifying, &signature_only(key.algorithm)).ok()?.claims;
    (claims.iss == issuer).then_some(())?;
    Some(IdTokenHint { user_id: claims.sub.parse().ok()?, sign_in_id: claims.sid.parse().ok()?, client_id: claims.aud })
}
