//! Issues a challenge.

use selfsame_domain::{Instant, proof_of_work::Difficulty};

use super::{CHALLENGE_LIFE, Purpose};
use crate::Core;

/// Requests a challenge.
#[derive(Clone, Copy, Debug)]
pub struct IssueChallenge;

/// A challenge to solve.
#[derive(Clone, Debug)]
pub struct IssuedChallenge {
    /// From which the work follows.
    pub token: String,
    /// How much work it is.
    pub difficulty: Difficulty,
    /// Until when it may be solved.
    pub expires_at: Instant,
}

impl IssueChallenge {
    /// Makes one. Nothing is stored.
    pub fn execute(self, core: &Core) -> IssuedChallenge {
        let expires_at = core.clock.now() + CHALLENGE_LIFE;
        let token = core.signed(Purpose::Challenge, expires_at);
        IssuedChallenge { token, difficulty: Difficulty::SHIPPED, expires_at }
    }
}
