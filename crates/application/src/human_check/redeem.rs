//! Exchanges the solutions of a challenge for a token.

use selfsame_domain::{Instant, proof_of_work::Difficulty};

use super::{Purpose, TOKEN_LIFE};
use crate::{Core, Fault, fault::faults};

/// Submits the solutions.
#[derive(Clone, Debug)]
pub struct RedeemChallenge {
    /// The challenge.
    pub token: String,
    /// One number for each salt.
    pub solutions: Vec<u64>,
}

/// A token that shows that a challenge was solved.
#[derive(Clone, Debug)]
pub struct RedeemedChallenge {
    /// The token.
    pub token: String,
    /// Until when it counts.
    pub expires_at: Instant,
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedeemChallengeError {
    /// Not a challenge of this server, expired, redeemed before, or not solved.
    #[error("the challenge is not solved")]
    Unsolved,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RedeemChallengeError: selfsame_ports::StorageError);

impl RedeemChallenge {
    /// Checks the work, which costs little, and takes the challenge, which counts once.
    pub fn execute(&self, core: &Core) -> Result<RedeemedChallenge, RedeemChallengeError> {
        let is_solved = core.is_signed(Purpose::Challenge, &self.token)
            && Difficulty::SHIPPED.is_solved(&self.token, &self.solutions);
        if !is_solved || !core.take_use(Purpose::Challenge, &self.token)? {
            return Err(RedeemChallengeError::Unsolved);
        }
        let expires_at = core.clock.now() + TOKEN_LIFE;
        Ok(RedeemedChallenge { token: core.signed(Purpose::Token, expires_at), expires_at })
    }
}
