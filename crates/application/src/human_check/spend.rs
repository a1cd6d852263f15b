//! Takes one use of the token of a solved challenge.

use super::Purpose;
use crate::{Core, Fault, fault::faults};

/// Submits the token.
#[derive(Clone, Debug)]
pub struct SpendChallengeToken {
    /// As the client sent it.
    pub token: String,
}

/// Why the token does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpendChallengeTokenError {
    /// Not a token of this server, expired, or used too often.
    #[error("a solved challenge is needed")]
    Unsolved,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SpendChallengeTokenError: selfsame_ports::StorageError);

impl SpendChallengeToken {
    /// Takes one use. Of parallel uses no more count than a token has.
    pub fn execute(&self, core: &Core) -> Result<(), SpendChallengeTokenError> {
        if core.is_signed(Purpose::Token, &self.token) && core.take_use(Purpose::Token, &self.token)? {
            Ok(())
        } else {
            Err(SpendChallengeTokenError::Unsolved)
        }
    }
}
