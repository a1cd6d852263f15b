//! Proofs of possession, by mail or text message: a short code, a link token, or both, bound to account, address, purpose and flow (R7, R12, R15).

use std::fmt;

use zeroize::Zeroizing;

use crate::{
    AttemptId, ChallengeId, IdentifierId, IdentifierKind, Instant, SignInId, TokenHash, UserId,
    typed::{decimal_digit, is_blank_or_dash},
};

/// What a proof may be used for. A proof for one purpose is never accepted for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The account's own address.
    VerifyEmail,
    /// The right to set a new password.
    ResetPassword,
    /// A new address that takes the place of the primary.
    ChangeEmail,
    /// The account's own phone number.
    VerifyPhone,
    /// A sign-in with the account's phone number.
    SignIn,
    /// The account's number as a second factor that is enrolled.
    SecondFactor,
    /// The account's number as a second factor that is to be enrolled.
    EnrolSecondFactor,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 7] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::ChangeEmail,
        Self::VerifyPhone,
        Self::SignIn,
        Self::SecondFactor,
        Self::EnrolSecondFactor,
    ];

    /// The purpose of a proof of an identifier of the account.
    pub fn verify(kind: IdentifierKind) -> Self {
        match kind {
            IdentifierKind::Email => Self::VerifyEmail,
            IdentifierKind::Phone => Self::VerifyPhone,
        }
    }

    /// The stored value, which is also part of a code's MAC.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
            Self::VerifyPhone => "verify_phone",
            Self::SignIn => "sign_in",
            Self::SecondFactor => "second_factor",
            Self::EnrolSecondFactor => "enrol_second_factor",
        }
    }
}

/// A short decimal code, typed by hand.
#[derive(Clone)]
pub struct Code(Zeroizing<String>);

impl Code {
    const MAX_DIGITS: usize = 10;

    /// A code of `digits` digits from a random number. The bias of the remainder is below 10^-9 for ten digits or fewer.
    pub fn from_random(random: u64, digits: u32) -> Self {
        let number = random % 10_u64.pow(digits.min(10));
        Self(Zeroizing::new(format!("{number:0width$}", width = digits.min(10) as usize)))
    }

    /// Reads what was typed or pasted: decimal digits of any script. Blanks, line breaks, dashes and invisible marks around
    /// and between them do not count.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut digits = Zeroizing::new(String::with_capacity(Self::MAX_DIGITS));
        for c in typed.chars().filter(|c| !is_blank_or_dash(*c)) {
            if digits.len() == Self::MAX_DIGITS {
                return None;
            }
            digits.push(decimal_digit(c)?);
        }
        (digits.len() >= 4).then_some(Self(digits))
    }

    /// The digits, for the mail to the recipient.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(***)")
    }
}

/// One requested proof. At most one is live for each user, purpose and target: a new one voids the older one (R12).
///
/// It does not count tries. The rate limits count wrong codes by account and purpose, so that a new code does not allow
/// new guesses (R35).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Id of its row.
    pub id: ChallengeId,
    /// What it may be used for.
    pub purpose: Purpose,
    /// The account it belongs to.
    pub user_id: UserId,
    /// The identifier to be proven, if it is already one of the account's.
    pub identifier_id: Option<IdentifierId>,
    /// What is proven: the canonical form of the address. A proof of one target is never accepted for another.
    pub target: String,
    /// The address that the proof was sent to, in the spelling that was used. The proof is valid for no other address.
    pub address: String,
    /// The attempt that it is part of, if any.
    pub attempt_id: Option<AttemptId>,
    /// The sign-in that requested it, if the proof is void once that has ended.
    pub sign_in_id: Option<SignInId>,
    /// MAC of the code and the challenge's id.
    pub code_mac: Option<[u8; 32]>,
    /// When the code expires.
    pub code_expires_at: Instant,
    /// Hash of the link token.
    pub link_hash: Option<TokenHash>,
    /// When the link expires.
    pub link_expires_at: Instant,
    /// When it was requested.
    pub created_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_code_is_its_decimal_digits() {
        for typed in [
            "123456",
            "123 456",
            "123-456",
            "123456\n",
            "\r\n\t123456 ",
            "123\u{a0}456",
            "123\u{202f}456",
            "123\u{3000}456",
            "123\u{2013}456",
            "123\u{2011}456",
            "123\u{2212}456",
            "\u{200b}123456\u{200b}",
            "1\u{200b}2\u{ad}3\u{2060}456",
            "\u{feff}123456",
            "\u{202a}123456\u{202c}",
            "\u{2068}123456\u{2069}",
            "１２３４５６",
            "١٢٣٤٥٦",
            "१२३-४५६",
            "۱۲۳۴۵۶",
            "১২৩৪৫৬",
            "๑๒๓๔๕๖",
            "၁၂၃၄၅၆",
            "１２３－４５６",
            "123\u{2014}456",
            "123\u{2009}456",
            "123\u{2060}456\u{200e}",
            "123456\u{85}",
            "1 2 3 4 5 6\r\n",
        ] {
            assert_eq!(Code::parse(typed).unwrap().expose(), "123456", "{}", typed.escape_unicode());
        }
    }

    #[test]
    fn what_is_not_4_to_10_digits_is_no_code() {
        for typed in [
            "",
            " ",
            "123",
            "12345678901",
            "12345a",
            "123.456",
            "12345²",
            "-\u{200b}-",
            "1234\0",
            "Ⅰ2345",
            "123456.",
            "code 123456",
            "123,456",
            "123/456",
            "１２３",
            "一二三四",
            "①②③④",
            "+123456",
            "123456\u{1b}",
        ] {
            assert!(Code::parse(typed).is_none(), "{}", typed.escape_unicode());
        }
    }
}
