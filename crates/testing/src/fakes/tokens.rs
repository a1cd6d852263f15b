//! Access tokens without cryptography worth the name: readable, but not to be changed unnoticed.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use selfsame_domain::{Instant, id::Id as _};
use selfsame_ports::{AccessClaims, AccessTokenError, AccessTokens, IdTokenHint, NewAccessToken, NewIdToken};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Tokens are `fake.<claims>.<digest>`; those of the audiences it was made with are taken.
pub struct FakeTokens {
    audiences: Vec<String>,
    issued: AtomicU64,
}

impl FakeTokens {
    /// A signer that takes tokens for these audiences.
    pub fn new<A: Into<String>>(audiences: impl IntoIterator<Item = A>) -> Self {
        Self { audiences: audiences.into_iter().map(Into::into).collect(), issued: AtomicU64::new(0) }
    }
}

fn digest(claims: &str) -> String {
    BASE64.encode(Sha256::digest(format!("the key of the fake|{claims}")))
}

/// The claims of a token that was not changed.
fn read(token: &str) -> Option<Value> {
    let (claims, tag) = token.strip_prefix("fake.")?.split_once('.')?;
    let is_ours = tag == digest(claims);
    let claims = BASE64.decode(claims).ok().filter(|_| is_ours)?;
    serde_json::from_slice(&claims).ok()
}

impl AccessTokens for FakeTokens {
    fn issue(&self, token: &NewAccessToken, now: Instant) -> Result<(String, Instant), AccessTokenError> {
        let ttl = Duration::from_secs(token.ttl.as_secs());
        let exp = (now + ttl).timestamp();
        let claims = json!({
            "jti": self.issued.fetch_add(1, Ordering::Relaxed),
            "sub": token.user_id.number(),
            "sid": token.sign_in_id.number(),
            "aud": token.audience,
            "scope": token.scope,
            "client_id": token.client_id,
            "exp": exp,
        });
        let claims = BASE64.encode(claims.to_string());
        let text = format!("fake.{claims}.{}", digest(&claims));
        let expires_at = Instant::from_timestamp(exp, 0).ok_or(AccessTokenError::Signing)?;
        Ok((text, expires_at))
    }

    fn verify(&self, token: &str, now: Instant) -> Result<AccessClaims, AccessTokenError> {
        let claims = read(token).ok_or(AccessTokenError::Invalid)?;
        let number = |claim: &str| claims[claim].as_i64().ok_or(AccessTokenError::Invalid);
        let text = |claim: &str| claims[claim].as_str().map(str::to_owned);
        if !self.audiences.iter().any(|audience| claims["aud"] == **audience) {
            return Err(AccessTokenError::Invalid);
        }
        let expires_at = Instant::from_timestamp(number("exp")?, 0).ok_or(AccessTokenError::Invalid)?;
        if now >= expires_at {
            return Err(AccessTokenError::Expired);
        }
        Ok(AccessClaims {
            user_id: selfsame_domain::UserId::from_number(number("sub")?),
            sign_in_id: selfsame_domain::SignInId::from_number(number("sid")?),
            scope: text("scope"),
            client_id: text("client_id"),
            expires_at,
        })
    }

    fn sign(&self, kind: &str, document: &[u8]) -> Result<String, AccessTokenError> {
        let document = BASE64.encode(document);
        Ok(format!("{kind}.{document}.{}", digest(&document)))
    }

    fn issue_id_token(&self, token: &NewIdToken, now: Instant) -> Result<String, AccessTokenError> {
        let claims = json!({
            "iss": self.issuer(),
            "sub": token.user_id.to_string(),
            "sid": token.sign_in_id.to_string(),
            "aud": token.client_id,
            "nonce": token.nonce,
            "auth_time": token.authenticated_at.timestamp(),
            "acr": token.acr,
            "amr": token.amr,
            "iat": now.timestamp(),
            "exp": (now + token.ttl).timestamp(),
        });
        let claims = BASE64.encode(claims.to_string());
        Ok(format!("fake.{claims}.{}", digest(&claims)))
    }

    fn read_id_token(&self, token: &str) -> Option<IdTokenHint> {
        let claims = read(token).filter(|claims| claims["iss"] == self.issuer())?;
        Some(IdTokenHint {
            user_id: claims["sub"].as_str()?.parse().ok()?,
            sign_in_id: claims["sid"].as_str()?.parse().ok()?,
            client_id: claims["aud"].as_str()?.to_owned(),
        })
    }

    fn issuer(&self) -> &'static str {
        "http://localhost:8080"
    }

    fn jwks(&self) -> Value {
        json!({ "keys": [] })
    }
}
