//! Refresh tokens: one chain for each sign-in, of which only the newest token is valid (R47).
//!
//! A token contains its account and its sign-in, by which it is looked up, and its generation in the chain. It is
//! authenticated by a tag under the server's key and by a random part whose hash the sign-in stores: neither a copy of
//! the database nor the key alone is enough to make a token. The sign-in stores one hash and one number, however long
//! it lives.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Instant, OpaqueToken, SignInId, TokenHash, UserId, id::Id as _};

/// Bytes of a token before its tag: account, sign-in, generation, random part.
const BODY: usize = 8 + 8 + 8 + 16;
/// Bytes of the tag.
const TAG: usize = 16;

/// What a sign-in stores of its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshChain {
    /// Hash of the random part that all tokens of the chain share.
    pub hash: TokenHash,
    /// The number of rotations, which is the generation of the valid token.
    pub generation: i64,
    /// When the valid token was issued.
    pub rotated_at: Instant,
}

/// A decoded refresh token. It has no `Debug`, which would print it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The account.
    pub user_id: UserId,
    /// The sign-in.
    pub sign_in_id: SignInId,
    /// Its generation in the chain, from 0.
    pub generation: i64,
    /// The random part of the chain.
    pub nonce: [u8; 16],
}

impl RefreshToken {
    /// The input of the tag.
    pub fn body(&self) -> [u8; BODY] {
        let mut body = [0; BODY];
        body[..8].copy_from_slice(&self.user_id.number().to_be_bytes());
        body[8..16].copy_from_slice(&self.sign_in_id.number().to_be_bytes());
        body[16..24].copy_from_slice(&self.generation.to_be_bytes());
        body[24..].copy_from_slice(&self.nonce);
        body
    }

    /// The token as it is issued. `mac` is the MAC of [`RefreshToken::body`] under the server's key; its first half is
    /// the tag.
    pub fn encode(&self, mac: &[u8; 32]) -> OpaqueToken {
        OpaqueToken::from_slice(&[&self.body()[..], &mac[..TAG]].concat())
    }

    /// Decodes what a client sent. The tag that is returned is still to be verified.
    pub fn decode(text: &str) -> Option<(Self, [u8; TAG])> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (body, tag) = bytes.split_at_checked(BODY)?;
        let number = |at: usize| body.get(at..at + 8)?.try_into().ok().map(i64::from_be_bytes);
        let token = Self {
            user_id: UserId::from_number(number(0)?),
            sign_in_id: SignInId::from_number(number(8)?),
            generation: number(16)?,
            nonce: body.get(24..)?.try_into().ok()?,
        };
        Some((token, tag.try_into().ok()?))
    }

    /// The next token of the chain.
    #[must_use]
    pub fn successor(&self) -> Self {
        Self { generation: self.generation + 1, ..self.clone() }
    }

    /// The hash of the random part, which the sign-in stores.
    pub fn chain_hash(&self) -> TokenHash {
        TokenHash::of(&self.nonce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_reads_back_with_its_tag() {
        let token = RefreshToken {
            user_id: UserId::from_number(7),
            sign_in_id: SignInId::from_number((1 << 53) - 1),
            generation: 3,
            nonce: [9; 16],
        };
        let text = token.encode(&[5; 32]);
        let (read, tag) = RefreshToken::decode(text.expose()).unwrap();
        assert!(read == token && tag == [5; 16]);
        assert!(RefreshToken::decode(&text.expose()[1..]).is_none());
        assert!(RefreshToken::decode("").is_none());
    }
}
