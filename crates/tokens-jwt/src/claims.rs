//! Header and claims of a token: exactly these fields, each of its type.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{Instant, SignInId, UserId};
use selfsame_ports::AccessClaims;
use serde::{Deserialize, Deserializer, Serialize};

/// The header of a token of this server. A token with any other field, such as `jku`, `jwk`, `x5u`, `x5c` or `crit`, is
/// refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Heading {
    pub(crate) typ: String,
    pub(crate) alg: String,
    pub(crate) kid: String,
}

impl Heading {
    /// Parses the header of an unverified token.
    pub(crate) fn of(token: &str) -> Option<Self> {
        let (header, _) = token.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()
    }
}

/// The claims of a token of this server; all but the last two are required. Instants are whole seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) aud: String,
    pub(crate) exp: i64,
    /// Equal to `iat`, for verifiers that check it.
    pub(crate) nbf: i64,
    pub(crate) iat: i64,
    pub(crate) jti: String,
    pub(crate) sid: String,
    #[serde(default, deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    #[serde(default, deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
}

impl Claims {
    /// The claims for the core. `None` if an id or an instant is not valid.
    pub(crate) fn facts(&self) -> Option<AccessClaims> {
        Some(AccessClaims {
            user_id: id::<UserId>(&self.sub)?,
            sign_in_id: id::<SignInId>(&self.sid)?,
            scope: self.scope.clone(),
            client_id: self.client_id.clone(),
            expires_at: Instant::from_timestamp(self.exp, 0)?,
        })
    }
}

/// An optional claim that is text if it is present; `null` is refused.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    String::deserialize(from).map(Some)
}

/// Parses a positive decimal number in the form that this server writes: `+1` and `01` are refused.
fn id<T: std::str::FromStr + ToString>(text: &str) -> Option<T> {
    let id: T = text.parse().ok()?;
    (id.to_string() == text && !text.starts_with(['-', '0'])).then_some(id)
}
