//! Who is calling, as far as authorisation asks: whose account, in which sign-in, proven how and when, through which client.

use chrono::Duration;
use selfsame_domain::{Assurance, Instant, SessionId, SignInId, TokenHash, UserId};

/// The browser session that a caller came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browser {
    /// The session.
    pub session: SessionId,
    /// The hash of its cookie as it was sent.
    pub cookie: TokenHash,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Their account.
    pub user_id: UserId,
    /// The sign-in they act in.
    pub sign_in_id: SignInId,
    /// Their browser, if they came with its cookie.
    pub browser: Option<Browser>,
    /// When and how they proved who they are.
    pub assurance: Assurance,
    /// The client that acts for them, if it is not the account's own.
    pub client_id: Option<String>,
    /// What that client may do, as a list of scopes (RFC 6749 section 3.3); none for the account's own, which may do all.
    pub scope: Option<String>,
}

/// The last proof of who is there is too old for what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the proof of who is there is older than {} s", .max_age.num_seconds())]
pub struct StaleProof {
    /// How old it may be.
    pub max_age: Duration,
}

impl Principal {
    /// Whether they have proven who they are within `max_age` (R10, R33): asked by the use case that needs it, not by the
    /// contract that calls it.
    pub fn require_fresh(&self, now: Instant, max_age: Duration) -> Result<(), StaleProof> {
        if self.assurance.is_fresh(now, max_age) { Ok(()) } else { Err(StaleProof { max_age }) }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use selfsame_domain::{Factor, Factors, id::Id as _};

    use super::*;

    #[test]
    fn r10_a_proof_is_fresh_for_its_time_and_no_clock_that_went_back_makes_it_so() {
        let at = |seconds: i64| Instant::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
        let assurance = Assurance { authenticated_at: at(0), methods: Factors::of([Factor::Password]) };
        let principal = Principal {
            user_id: UserId::from_number(1),
            sign_in_id: SignInId::from_number(2),
            browser: None,
            assurance,
            client_id: None,
            scope: None,
        };
        let is_fresh = |seconds| principal.require_fresh(at(seconds), Duration::minutes(10)).is_ok();
        assert_eq!([0, 599, 600, -599, -600].map(is_fresh), [true, true, false, true, false]);
    }
}
