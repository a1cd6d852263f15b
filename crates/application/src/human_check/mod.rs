//! A proof of work before a sign-up or sign-in, for contracts whose clients solve one. Nothing is stored for a challenge or
//! a token but how often it was used: both have a MAC of this server.

pub mod issue;
pub mod redeem;
pub mod spend;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use selfsame_domain::Instant;
use subtle::ConstantTimeEq as _;

use crate::{Core, Fault, limits::Budget};

/// How long a challenge may be solved.
const CHALLENGE_LIFE: Duration = Duration::minutes(5);
/// How long a token counts.
const TOKEN_LIFE: Duration = Duration::minutes(15);
/// How often a token counts: a form sends it with each of its steps and retries.
const TOKEN_USES: u32 = 20;

/// What a signed text is for.
#[derive(Clone, Copy)]
enum Purpose {
    Challenge,
    Token,
}

impl Purpose {
    fn context(self) -> &'static str {
        match self {
            Self::Challenge => "human check challenge",
            Self::Token => "human check token",
        }
    }

    fn budget(self, text: &str) -> Budget {
        let per_use = |life: Duration| life.to_std().unwrap_or_default();
        match self {
            Self::Challenge => Budget::of_uses("human_check_challenge", text, 1, per_use(CHALLENGE_LIFE)),
            Self::Token => Budget::of_uses("human_check_token", text, TOKEN_USES, per_use(TOKEN_LIFE)),
        }
    }
}

impl Core {
    /// A random text that this server knows again until it expires.
    fn signed(&self, purpose: Purpose, expires_at: Instant) -> String {
        let body = [&expires_at.timestamp_millis().to_be_bytes()[..], &self.random::<16>()].concat();
        let mac = self.vault.mac(purpose.context(), &body);
        URL_SAFE_NO_PAD.encode([&body[..], &mac[..16]].concat())
    }

    /// Whether this is a text of this server for a purpose, which has not expired.
    fn is_signed(&self, purpose: Purpose, text: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(text) else { return false };
        let Some((body, tag)) = bytes.split_at_checked(24).filter(|(_, tag)| tag.len() == 16) else { return false };
        let is_own = bool::from(self.vault.mac(purpose.context(), body)[..16].ct_eq(tag));
        let expiry = body.first_chunk::<8>().map(|expiry| i64::from_be_bytes(*expiry));
        is_own && expiry.is_some_and(|expiry| self.clock.now().timestamp_millis() < expiry)
    }

    /// Takes one use of a text. `false` if there is none left.
    fn take_use(&self, purpose: Purpose, text: &str) -> Result<bool, Fault> {
        self.take_even_if_unlimited(&purpose.budget(text))
    }
}
