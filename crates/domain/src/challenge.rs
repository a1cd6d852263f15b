//! Mailed proofs of possession: a short code, a link token, or both, bound to account, address, purpose and flow (R7, R12, R15).

use std::fmt;

use zeroize::Zeroizing;

use crate::{AttemptId, ChallengeId, IdentifierId, Instant, TokenHash, UserId};

/// What a proof is good for. A proof for one purpose proves nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The account's own address.
    VerifyEmail,
    /// The right to set a new password.
    ResetPassword,
    /// A new address that takes the place of the primary.
    ChangeEmail,
}

impl Purpose {
    /// The stored word, which is also part of a code's MAC.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
        }
    }
}

/// A short decimal code, typed by hand.
#[derive(Clone)]
pub struct Code(Zeroizing<String>);

impl Code {
    /// A code of `digits` digits from a random number. The bias of the remainder is below 10^-9 for ten digits or fewer.
    pub fn from_random(random: u64, digits: u32) -> Self {
        let number = random % 10_u64.pow(digits.min(10));
        Self(Zeroizing::new(format!("{number:0width$}", width = digits.min(10) as usize)))
    }

    /// Reads what was typed; blanks and dashes between the digits do not count.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let is_code = (4..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        is_code.then(|| Self(Zeroizing::new(digits)))
    }

    /// The digits, for the one who is to read them.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(***)")
    }
}

/// One proof that was asked for. At most one of a user, purpose and target is live: a new one voids the older one (R12).
///
/// It counts no tries: wrong codes are counted by the rate limits, for the account and the purpose, so that no new code
/// brings new guesses (R35).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Its row.
    pub id: ChallengeId,
    /// What it is good for.
    pub purpose: Purpose,
    /// Whose it is.
    pub user_id: UserId,
    /// The identifier to be proven, if the account has it already.
    pub identifier_id: Option<IdentifierId>,
    /// What is proven: the canonical form of the address. A proof of one target says nothing of another.
    pub target: String,
    /// The address that the proof was sent to, as it was written to; the proof is good for no other.
    pub address: String,
    /// The attempt it belongs to, if it is part of one.
    pub attempt_id: Option<AttemptId>,
    /// MAC of the code, with the challenge's id in it.
    pub code_mac: Option<[u8; 32]>,
    /// Until when the code is good.
    pub code_expires_at: Instant,
    /// Hash of the link token.
    pub link_hash: Option<TokenHash>,
    /// Until when the link is good.
    pub link_expires_at: Instant,
    /// When it was asked for.
    pub created_at: Instant,
}
