//! Opaque tokens (cookies, refresh tokens, mailed links, temporary tokens) and the hashes that are stored in their place.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Bytes of randomness in a token: 256 bits (R12 and R39 ask for 128).
pub const TOKEN_BYTES: usize = 32;

/// A bearer secret of 256 bits, 43 characters of base64url on the wire. Never logged: its `Debug` is masked.
#[derive(Clone)]
pub struct OpaqueToken(Zeroizing<String>);

impl OpaqueToken {
    /// Writes random bytes as a token.
    pub fn from_bytes(bytes: &[u8; TOKEN_BYTES]) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads what a client sent; `None` if no such token was ever handed out.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == TOKEN_BYTES).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret itself, for the one who is to hold it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up. A plain hash will do: nobody guesses 256 bits.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpaqueToken(***)")
    }
}

/// SHA-256 of an [`OpaqueToken`] as sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_keeps_its_secret_to_itself() {
        let token = OpaqueToken::from_bytes(&[7; TOKEN_BYTES]);
        assert_eq!(token.expose().len(), 43);
        assert_eq!(OpaqueToken::parse(token.expose()).unwrap().hash(), token.hash());
        assert!(!format!("{token:?}").contains(token.expose()));
    }

    #[test]
    fn what_was_never_handed_out_is_no_token() {
        for text in ["", "short", "not/base64url+++++++++++++++++++++++++++++++", &"a".repeat(400)] {
            assert!(OpaqueToken::parse(text).is_none(), "{text}");
        }
    }
}
