//! Ids of rows: positive integers of 53 bits, which JavaScript reads exactly (one contract sends them as JSON numbers).
//! The other contracts send them as decimal strings.
//!
//! The high 32 bits are seconds since 2020-01-01T00:00:00Z, the low 21 bits are random: ids are ordered by time,
//! without node numbers and without coordination. Two ids of one second collide once in two million; storage reports a
//! conflict then, and the unit runs again with new ids.

use std::{fmt, str::FromStr};

use crate::Instant;

/// 2020-01-01T00:00:00Z in Unix seconds.
const EPOCH: i64 = 1_577_836_800;
const RANDOM_BITS: u32 = 21;

/// Makes the number of an id at `now` from 32 random bits, of which the low 21 are used.
pub fn compose(now: Instant, random: u32) -> i64 {
    let seconds = (now.timestamp() - EPOCH).clamp(0, i64::from(u32::MAX));
    let random = i64::from(random & ((1 << RANDOM_BITS) - 1));
    // The lowest number is 1: an id is positive also at the epoch.
    ((seconds << RANDOM_BITS) | random).max(1)
}

/// The second in which an id was made.
pub fn instant_of(id: i64) -> Instant {
    Instant::from_timestamp((id >> RANDOM_BITS) + EPOCH, 0).unwrap_or_default()
}

/// The operations of every type of id, so that one helper can make all of them.
pub trait Id: Copy {
    /// Wraps a number that was stored, or has just been made.
    fn from_number(number: i64) -> Self;
    /// The number, as stored and as sent.
    fn number(self) -> i64;
}

/// A text is not the decimal string of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is a positive number without a sign or leading zeros")]
pub struct NotAnId;

/// The number of a decimal string. It has one spelling, so that two paths never name one resource.
fn parse(text: &str) -> Result<i64, NotAnId> {
    if !text.starts_with(|first| matches!(first, '1'..='9')) {
        return Err(NotAnId);
    }
    text.parse().map_err(|_not_a_number| NotAnId)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl Id for $name {
            fn from_number(number: i64) -> Self { Self(number) }
            fn number(self) -> i64 { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            /// Parses the decimal string of the wire.
            fn from_str(text: &str) -> Result<Self, NotAnId> { parse(text).map(Self) }
        }
    )*};
}

ids! {
    /// An account.
    UserId,
    /// An e-mail address or a phone number of an account.
    IdentifierId,
    /// A browser session, anonymous or not.
    SessionId,
    /// One account signed in on one client. Its cookie use, access tokens and refresh tokens end with it.
    SignInId,
    /// A sign-up or sign-in in progress.
    AttemptId,
    /// A mailed proof of possession: a code, a link, or both.
    ChallengeId,
    /// A message that waits to be sent.
    OutboxId,
    /// A passkey of an account.
    PasskeyId,
    /// A browser or an application that needs no second factor for a while.
    DeviceId,
    /// An event that other services are told of.
    WebhookEventId,
    /// An export of an account.
    ExportId,
    /// An identity of another issuer.
    ExternalIdentityId,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn r60_an_id_has_one_spelling() {
        assert_eq!("123".parse(), Ok(UserId(123)));
        for text in ["", "0", "007", "+7", "-7", " 7", "7 ", "7.0", "1e3", "seven", "99999999999999999999"] {
            assert_eq!(text.parse::<UserId>(), Err(NotAnId), "{text:?}");
        }
    }

    #[test]
    fn an_id_fits_the_53_bits_of_a_javascript_number_for_a_century() {
        assert!(compose(at("2156-01-01T00:00:00Z"), u32::MAX) < 1 << 53);
    }

    #[test]
    fn an_id_tells_when_it_was_made() {
        assert_eq!(instant_of(compose(at("2026-01-01T00:00:01Z"), 7)), at("2026-01-01T00:00:01Z"));
    }

    #[test]
    fn a_later_id_is_greater() {
        assert!(compose(at("2026-01-01T00:00:00Z"), u32::MAX) < compose(at("2026-01-01T00:00:01Z"), 0));
    }

    #[test]
    fn an_id_is_positive_whatever_the_clock_says() {
        assert!(compose(at("1999-01-01T00:00:00Z"), 0) > 0);
    }
}
