//! The layout of a sealed text:
//!
//! | bytes | |
//! |---|---|
//! | 1 | version, 1 |
//! | 1 | length of the key id |
//! | n | key id |
//! | 12 | nonce |
//! | rest | ciphertext and tag |

use aws_lc_rs::aead::{NONCE_LEN, Nonce};

const VERSION: u8 = 1;

/// A parsed sealed text.
pub(crate) struct Envelope<'a> {
    pub(crate) key_id: &'a str,
    pub(crate) nonce: &'a [u8],
    pub(crate) text: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// `None` if the bytes do not have this layout.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[version, length], rest) = bytes.split_first_chunk()?;
        if version != VERSION {
            return None;
        }
        let (key_id, rest) = rest.split_at_checked(length.into())?;
        let (nonce, text) = rest.split_at_checked(NONCE_LEN)?;
        let key_id = str::from_utf8(key_id).ok()?;
        Some(Self { key_id, nonce, text })
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let head = head(self.key_id);
        [&head, self.nonce, self.text].concat()
    }

    pub(crate) fn nonce(&self) -> Option<Nonce> {
        Nonce::try_assume_unique_for_key(self.nonce).ok()
    }
}

/// The additional authenticated data: version, key id and context.
pub(crate) fn bound(key_id: &str, context: &str) -> Vec<u8> {
    let mut bound = head(key_id);
    bound.extend_from_slice(context.as_bytes());
    bound
}

fn head(key_id: &str) -> Vec<u8> {
    // Ids have at most 64 bytes: `SealingKey` checks that.
    let length = u8::try_from(key_id.len()).unwrap_or(u8::MAX);
    let mut head = vec![VERSION, length];
    head.extend_from_slice(key_id.as_bytes());
    head
}
