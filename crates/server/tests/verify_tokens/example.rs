use std::{
    error::Error,
    time::{Duration, Instant},
};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::Deserialize;

/// What a service needs of a token.
#[derive(Debug, Deserialize)]
pub struct Claims {
    pub sub: String,
    pub sid: String,
    pub scope: Option<String>,
    pub client_id: Option<String>,
}

pub struct Verifier {
    issuer: String,
    validation: Validation,
    keys: JwkSet,
    fetched_at: Option<Instant>,
}

impl Verifier {
    /// `Verifier::new("https://account.example.com", "selfsame-session")`
    pub fn new(issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = 30;
        Self { issuer: issuer.to_owned(), validation, keys: JwkSet { keys: Vec::new() }, fetched_at: None }
    }

    pub fn verify(&mut self, token: &str) -> Result<Claims, Box<dyn Error>> {
        let header = decode_header(token)?;
        if header.typ.as_deref() != Some("at+jwt") {
            return Err("not an access token".into());
        }
        let kid = header.kid.ok_or("no key id")?;
        self.fetch_keys(&kid)?;
        let key = DecodingKey::from_jwk(self.keys.find(&kid).ok_or("an unknown key")?)?;
        let claims = decode::<Claims>(token, &key, &self.validation)?.claims;
        if claims.scope.is_some() || claims.client_id.is_some() {
            return Err("a token with limited rights".into());
        }
        Ok(claims)
    }

    /// Fetches the key set when it is five minutes old, and for an unknown key at most once a minute.
    fn fetch_keys(&mut self, kid: &str) -> Result<(), Box<dyn Error>> {
        let longest = if self.keys.find(kid).is_some() { 300 } else { 60 };
        if self.fetched_at.is_none_or(|at| at.elapsed() >= Duration::from_secs(longest)) {
            self.fetched_at = Some(Instant::now());
            let url = format!("{}/.well-known/jwks.json", self.issuer);
            self.keys = reqwest::blocking::get(url)?.error_for_status()?.json()?;
        }
        Ok(())
    }
}
