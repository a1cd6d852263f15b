//! Time-based one-time passwords: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which every authenticator app has.
//!
//! The algorithm is a dozen lines over HMAC. A crate for it would bring a clock and a secret type of its own, and does not
//! tell which step of two consecutive codes is the later one.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::{Code, Instant, SignInId, UserId};

/// Bytes of a secret: 160 bits, the length of the hash (RFC 4226 section 4, R29).
pub const TOTP_SECRET_BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;

/// A confirmed authenticator app. An account has at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totp {
    /// Whose it is.
    pub user_id: UserId,
    /// The secret, sealed by the vault.
    pub sealed: Vec<u8>,
    /// The time step of the last code that was accepted. Codes of this step and of earlier ones are refused (R29).
    pub last_step: i64,
    /// When it was confirmed.
    pub created_at: Instant,
}

/// An authenticator app that was not confirmed yet. It has no effect (R28). An account has at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingTotp {
    /// Whose it is.
    pub user_id: UserId,
    /// The sign-in that began the enrolment. No other may confirm it.
    pub sign_in_id: SignInId,
    /// The secret, sealed by the vault.
    pub sealed: Vec<u8>,
    /// When the enrolment began.
    pub created_at: Instant,
}

/// The shared secret of an authenticator app. `Debug` is masked, the memory is wiped.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<[u8; TOTP_SECRET_BYTES]>);

impl TotpSecret {
    /// A secret of random bytes.
    pub fn from_bytes(bytes: [u8; TOTP_SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the bytes that the vault opened; `None` if there are not [`TOTP_SECRET_BYTES`] of them.
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }

    /// The bytes, for the vault.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The secret for typing: base32 (RFC 4648) without padding.
    pub fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(self.as_bytes()))
    }

    /// The `otpauth` URL that authenticator apps read from a QR code. `issuer` and `account` are what they show.
    pub fn to_url(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account, secret) = (percent_encoded(issuer), percent_encoded(account), self.to_base32());
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            *secret
        ))
    }

    /// The code of a time step.
    pub fn code_at(&self, step: i64) -> Zeroizing<String> {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(self.as_bytes()) else { return Zeroizing::default() };
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        // Dynamic truncation (RFC 4226 section 5.3).
        let offset = usize::from(hash[19] & 0x0f);
        let number = hash[offset..offset + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        Zeroizing::new(format!("{:0DIGITS$}", (number & 0x7fff_ffff) % 1_000_000))
    }

    /// The step of a code: the one of `now`, or one beside it for a clock that is not exact (R29). Only steps after `last`
    /// count, so that a code is accepted once.
    pub fn step_of(&self, code: &Code, now: Instant, last: i64) -> Option<i64> {
        // Every step is compared, so that the time shows nothing.
        steps_around(now).into_iter().filter(|step| self.has(code, *step) && *step > last).max()
    }

    /// The later step of two consecutive codes, of which one is that of `now`.
    pub fn step_of_pair(&self, first: &Code, second: &Code, now: Instant) -> Option<i64> {
        let [before, at, after] = steps_around(now);
        let is_pair = |(one, two): (i64, i64)| self.has(first, one) & self.has(second, two);
        [(before, at), (at, after)].into_iter().filter(|steps| is_pair(*steps)).map(|(_, two)| two).max()
    }

    fn has(&self, code: &Code, step: i64) -> bool {
        self.code_at(step).as_bytes().ct_eq(code.expose().as_bytes()).into()
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(***)")
    }
}

/// Whether a typed code has the form of a one-time password.
pub fn is_totp_code(code: &Code) -> bool {
    code.expose().len() == DIGITS
}

/// The time step of an instant.
pub fn step_at(instant: Instant) -> i64 {
    instant.timestamp().div_euclid(STEP_SECONDS)
}

fn steps_around(now: Instant) -> [i64; 3] {
    let step = step_at(now);
    [step - 1, step, step + 1]
}

/// Everything but the unreserved characters of RFC 3986, because apps do not agree on the others.
fn percent_encoded(text: &str) -> String {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte| if is_unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc_secret() -> TotpSecret {
        TotpSecret::from_bytes(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(seconds, 0).unwrap()
    }

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    /// The last six digits of the eight in RFC 6238 appendix B: both are remainders of one number.
    #[test]
    fn r29_codes_are_those_of_rfc_6238() {
        for (seconds, digits) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(*rfc_secret().code_at(step_at(at(seconds))), digits[2..], "{seconds}");
        }
    }

    #[test]
    fn r29_codes_of_rfc_4226_are_those_of_its_counters() {
        let codes =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (step, digits) in (0..).zip(codes) {
            assert_eq!(*rfc_secret().code_at(step), digits);
        }
    }

    #[test]
    fn r29_a_code_counts_one_step_early_or_late_and_no_further() {
        let now = at(1_111_111_111);
        let step = step_at(now);
        let accepted = |offset: i64| rfc_secret().step_of(&code(&rfc_secret().code_at(step + offset)), now, 0);
        assert_eq!([-2, -1, 0, 1, 2].map(accepted), [None, Some(step - 1), Some(step), Some(step + 1), None]);
    }

    #[test]
    fn r29_a_code_of_the_last_step_or_of_an_earlier_one_is_refused() {
        let now = at(1_111_111_111);
        let step = step_at(now);
        let current = code(&rfc_secret().code_at(step));
        assert_eq!(rfc_secret().step_of(&current, now, step - 1), Some(step));
        assert_eq!(rfc_secret().step_of(&current, now, step), None);
        assert_eq!(rfc_secret().step_of(&current, now, step + 1), None);
    }

    #[test]
    fn two_codes_are_accepted_if_they_are_consecutive_and_one_is_of_now() {
        let now = at(1_111_111_111);
        let step = step_at(now);
        let of = |offset: i64| code(&rfc_secret().code_at(step + offset));
        let pair = |one, two| rfc_secret().step_of_pair(&of(one), &of(two), now);
        assert_eq!((pair(-1, 0), pair(0, 1)), (Some(step), Some(step + 1)));
        for (one, two) in [(0, 0), (0, -1), (-1, 1), (-2, -1), (1, 2)] {
            assert_eq!(pair(one, two), None, "{one} {two}");
        }
    }

    #[test]
    fn the_url_is_one_that_authenticator_apps_read() {
        let url = rfc_secret().to_url("R&D: Ü", "ada@example.com");
        let expected = "otpauth://totp/R%26D%3A%20%C3%9C:ada%40example.com\
            ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=R%26D%3A%20%C3%9C&algorithm=SHA1&digits=6&period=30";
        assert_eq!(*url, expected);
        assert_eq!(format!("{:?}", rfc_secret()), "TotpSecret(***)");
    }
}
