//! The header of a token (RFC 7515 section 4.1).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::options::TokenType;

/// Fields that bring a key or a rule of their own. A header with one of them is refused (R45).
const REFUSED: [&str; 7] = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"];

/// The fields that matter.
#[derive(Deserialize)]
pub(crate) struct Heading {
    alg: String,
    pub(crate) kid: String,
    #[serde(default)]
    typ: Option<String>,
}

impl Heading {
    /// Parses the header of an unverified token; `None` if it is not acceptable from any issuer.
    pub(crate) fn of(token: &str) -> Option<Self> {
        let (header, _) = token.split_once('.')?;
        let fields: Map<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if REFUSED.iter().any(|name| fields.contains_key(*name)) {
            return None;
        }
        serde_json::from_value(Value::Object(fields)).ok()
    }

    /// Whether it names this algorithm.
    pub(crate) fn is_signed_by(&self, algorithm: Algorithm) -> bool {
        self.alg.parse() == Ok(algorithm)
    }

    /// Whether it names this type. Types are media types, so case does not matter, and `application/` may be there (RFC 7515
    /// section 4.1.9).
    pub(crate) fn is_of(&self, kind: TokenType) -> bool {
        let typ = self.typ.as_deref().map(str::to_ascii_lowercase);
        let typ = typ.as_deref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
        match kind {
            TokenType::AccessToken => typ == Some("at+jwt"),
            TokenType::Jwt => matches!(typ, None | Some("jwt")),
        }
    }
}
