//! Proof Key for Code Exchange (RFC 7636), by `S256` only: `plain` would show the verifier (RFC 9700 section 2.1.1).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The challenge of an authorization request: SHA-256 of the verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Parses a challenge of the method `S256`: 32 bytes in base64url. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hash = URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
        is_hash.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the challenge of a verifier, which has 43 to 128 unreserved characters (section 4.1).
    pub fn matches(&self, verifier: &str) -> bool {
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_verifier = (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved);
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        is_verifier && bool::from(hash.as_bytes().ct_eq(self.0.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_rfc_7636_matches_and_no_other_verifier_does() {
        let challenge = CodeChallenge::parse(CHALLENGE).unwrap();
        assert!(challenge.matches(VERIFIER));
        for wrong in [CHALLENGE, "", "short", &VERIFIER[1..], &format!("{VERIFIER}x"), &VERIFIER.repeat(4)] {
            assert!(!challenge.matches(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_hash_is_no_challenge() {
        for text in ["", "abc", &CHALLENGE[1..], &format!("{CHALLENGE}="), &"a".repeat(128)] {
            assert_eq!(CodeChallenge::parse(text), None, "{text}");
        }
    }
}
