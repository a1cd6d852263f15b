//! Identifiers of rows: 53-bit positive integers, so that they survive JavaScript as numbers (one contract shows them as
//! JSON numbers) and serve as decimal strings elsewhere.
//!
//! Above 21 random bits stand 32 bits of seconds since 2020-01-01T00:00:00Z: ordered by time, no node numbers, no
//! coordination. Two ids of one second collide once in two million; storage reports that as a conflict and the unit
//! runs again with fresh ids.

use std::{fmt, num::ParseIntError, str::FromStr};

use crate::Instant;

/// 2020-01-01T00:00:00Z in Unix seconds.
const EPOCH: i64 = 1_577_836_800;
const RANDOM_BITS: u32 = 21;

/// Puts together the number of an id made at `now` from 32 bits of randomness, of which the low 21 are used.
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

/// What every id is able to do, so that one helper can mint any of them.
pub trait Id: Copy {
    /// Wraps a stored or freshly composed number.
    fn from_number(number: i64) -> Self;
    /// The number, as stored and as sent.
    fn number(self) -> i64;
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
            type Err = ParseIntError;
            /// Reads the decimal string of the wire.
            fn from_str(text: &str) -> Result<Self, ParseIntError> { text.parse().map(Self) }
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
    /// One account signed in on one client; ends its cookie use, access tokens and refresh tokens when it ends.
    SignInId,
    /// A sign-up or sign-in that is under way.
    AttemptId,
    /// A mailed proof of possession: a code, a link, or both.
    ChallengeId,
    /// A message that waits to be sent.
    OutboxId,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
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
