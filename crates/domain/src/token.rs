//! Opaque tokens (cookies, refresh tokens, mailed links, temporary tokens) and the hashes that are stored in their place.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{UserId, id::Id as _};

/// Bytes of randomness in a token: 256 bits (R12 and R39 ask for 128).
pub const TOKEN_BYTES: usize = 32;

/// Bytes in front of the random ones in a token that names its account.
const SELECTOR_BYTES: usize = 8;

/// A bearer secret of 256 random bits in base64url. Where the account is known, its id comes first, as a selector for
/// the look-up. Never logged: `Debug` is masked.
#[derive(Clone)]
pub struct OpaqueToken(Zeroizing<String>);

impl OpaqueToken {
    /// Encodes random bytes as a token.
    pub fn from_bytes(bytes: &[u8; TOKEN_BYTES]) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Encodes random bytes as a token with the id of its account.
    pub fn with_user(user: UserId, bytes: &[u8; TOKEN_BYTES]) -> Self {
        Self::from_slice(&[&user.number().to_be_bytes()[..], bytes].concat())
    }

    /// Encodes bytes of another layout as a token.
    pub(crate) fn from_slice(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Parses what a client sent; `None` if it does not have the form of a token.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let is_token = [TOKEN_BYTES, SELECTOR_BYTES + TOKEN_BYTES].contains(&bytes.len());
        is_token.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The account id in the token, if there is one. The token is still to be verified.
    pub fn user(&self) -> Option<UserId> {
        let bytes = URL_SAFE_NO_PAD.decode(self.0.as_bytes()).ok()?;
        let selector = bytes.get(..SELECTOR_BYTES).filter(|_| bytes.len() == SELECTOR_BYTES + TOKEN_BYTES)?;
        selector.try_into().ok().map(|number| UserId::from_number(i64::from_be_bytes(number)))
    }

    /// The secret itself, for the response to its holder.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The hash that is stored and looked up. A plain hash is enough, because nobody can guess 256 bits.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.0.as_bytes())
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpaqueToken(***)")
    }
}

/// SHA-256 of a secret as sent: an [`OpaqueToken`], or the random part of a refresh token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// SHA-256 of a secret.
    pub fn of(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }
}

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
    fn a_token_may_name_its_account() {
        let user = UserId::from_number(42);
        let token = OpaqueToken::with_user(user, &[7; TOKEN_BYTES]);
        assert_eq!(OpaqueToken::parse(token.expose()).unwrap().user(), Some(user));
        assert_eq!(OpaqueToken::from_bytes(&[7; TOKEN_BYTES]).user(), None);
    }

    #[test]
    fn what_was_never_handed_out_is_no_token() {
        for text in ["", "short", "not/base64url+++++++++++++++++++++++++++++++", &"a".repeat(400)] {
            assert!(OpaqueToken::parse(text).is_none(), "{text}");
        }
    }
}
