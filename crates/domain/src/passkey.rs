//! Passkeys: public keys of WebAuthn credentials that prove who the user is, with user verification.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Instant, PasskeyId, Rule, UserId, text};

/// Greatest length of a credential id, in bytes (WebAuthn Level 3, section 5.8.3).
pub const CREDENTIAL_ID_MAX: usize = 1023;

/// The name of a passkey for which the user gave none.
pub const DEFAULT_NAME: &str = "Passkey";

/// The id that an authenticator gave to a credential. It is unique over all accounts (R37).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// Wraps the bytes of an authenticator; `None` if they are none or more than [`CREDENTIAL_ID_MAX`].
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        (1..=CREDENTIAL_ID_MAX).contains(&bytes.len()).then_some(Self(bytes))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text of the wire: base64url without padding.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CredentialId({})", self.to_text())
    }
}

/// A registered credential of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Id of its row.
    pub id: PasskeyId,
    /// The account it belongs to.
    pub user_id: UserId,
    /// The authenticator's id of it.
    pub credential_id: CredentialId,
    /// The public key, in the form of the adapter that verifies signatures. Opaque to the core.
    pub public_key: String,
    /// The name that the user gave it.
    pub name: String,
    /// The transports that the browser reported (WebAuthn section 5.8.4), as sent.
    pub transports: Vec<String>,
    /// The signature counter of the last use; 0 for authenticators without one.
    pub sign_count: u32,
    /// Whether the credential may be copied to other devices.
    pub is_backup_eligible: bool,
    /// Whether it was copied at its last use.
    pub is_backed_up: bool,
    /// When it was registered.
    pub created_at: Instant,
    /// When it was last used.
    pub last_used_at: Option<Instant>,
    /// How often it was used.
    pub use_count: i64,
}

impl Passkey {
    /// Whether it is part of the device that registered it, as opposed to a security key.
    pub fn is_platform(&self) -> bool {
        self.transports.iter().any(|transport| transport == "internal")
    }
}

/// The name of a passkey as stored, by the rules of [`text::name`]; [`DEFAULT_NAME`] for an empty one.
pub fn name(typed: &str) -> Result<String, Rule> {
    if typed.trim().is_empty() { Ok(DEFAULT_NAME.to_owned()) } else { text::name(typed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_id_has_between_1_and_1023_bytes() {
        for (length, is_valid) in [(0, false), (1, true), (1023, true), (1024, false)] {
            assert_eq!(CredentialId::from_bytes(vec![7; length]).is_some(), is_valid, "{length}");
        }
    }

    #[test]
    fn a_passkey_without_a_name_gets_one() {
        assert_eq!(name("  "), Ok(DEFAULT_NAME.to_owned()));
        assert_eq!(name(" My phone "), Ok("My phone".to_owned()));
        assert_eq!(name("a\u{0}b"), Err(Rule::ForbiddenCharacter));
        assert_eq!(name(&"x".repeat(101)), Err(Rule::TooLong { max: 100 }));
    }
}
