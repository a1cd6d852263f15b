//! Tokens of other issuers without cryptography: those that were made here are valid for five minutes, and no others.

use std::sync::{Mutex, PoisonError};

use selfsame_domain::Instant;
use selfsame_ports::{ForeignClaims, ForeignTokenError, ForeignTokens};

/// Tokens are `foreign.<number>`.
#[derive(Default)]
pub struct FakeForeignTokens(Mutex<Vec<ForeignClaims>>);

impl FakeForeignTokens {
    /// A token with these claims.
    pub fn issue(&self, claims: ForeignClaims) -> String {
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        issued.push(claims);
        format!("foreign.{}", issued.len() - 1)
    }
}

impl ForeignTokens for FakeForeignTokens {
    fn verify(&self, token: &str, now: Instant) -> Result<ForeignClaims, ForeignTokenError> {
        let number: usize = token.strip_prefix("foreign.").and_then(|number| number.parse().ok()).unwrap_or(usize::MAX);
        let issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let claims = issued.get(number).ok_or(ForeignTokenError::Invalid)?;
        let is_over = now >= claims.issued_at + chrono::Duration::minutes(5);
        if is_over { Err(ForeignTokenError::Expired) } else { Ok(claims.clone()) }
    }
}
