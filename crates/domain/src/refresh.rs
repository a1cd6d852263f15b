//! Refresh tokens: one chain for each sign-in, of which the newest link alone is good (R47).
//!
//! A token names its account and its sign-in, so that it is looked up by them, and its place in the chain. It is proven
//! by a tag that takes the server's key, and by a random part of which the sign-in keeps the hash: neither a copy of the
//! database nor the key alone makes a token. So the sign-in stores one hash and one number, however long it lives.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Instant, OpaqueToken, SignInId, TokenHash, UserId, id::Id as _};

/// Bytes of a token before its tag: account, sign-in, generation, random part.
const BODY: usize = 8 + 8 + 8 + 16;
/// Bytes of the tag.
const TAG: usize = 16;

/// What a sign-in keeps of its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshChain {
    /// Hash of the random part that all tokens of the chain share.
    pub hash: TokenHash,
    /// How often the token was rotated: the generation of the one that is good.
    pub generation: i64,
    /// When the good one was handed out.
    pub rotated_at: Instant,
}

/// A refresh token, taken apart. It has no `Debug`, which would show it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// Whose.
    pub user_id: UserId,
    /// Of which sign-in.
    pub sign_in_id: SignInId,
    /// Its place in the chain, from 0.
    pub generation: i64,
    /// The random part of the chain.
    pub nonce: [u8; 16],
}

impl RefreshToken {
    /// What the tag is made of.
    pub fn body(&self) -> [u8; BODY] {
        let mut body = [0; BODY];
        body[..8].copy_from_slice(&self.user_id.number().to_be_bytes());
        body[8..16].copy_from_slice(&self.sign_in_id.number().to_be_bytes());
        body[16..24].copy_from_slice(&self.generation.to_be_bytes());
        body[24..].copy_from_slice(&self.nonce);
        body
    }

    /// The token as its client holds it. Of `mac`, which the server's key makes of [`RefreshToken::body`], the first half
    /// is the tag.
    pub fn encode(&self, mac: &[u8; 32]) -> OpaqueToken {
        OpaqueToken::from_slice(&[&self.body()[..], &mac[..TAG]].concat())
    }

    /// Takes apart what a client sent, and answers the tag that it bears, which is still to be checked.
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

    /// The next one of the chain.
    #[must_use]
    pub fn successor(&self) -> Self {
        Self { generation: self.generation + 1, ..self.clone() }
    }

    /// The hash of the random part, which the sign-in keeps.
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
