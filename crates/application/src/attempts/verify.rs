//! The code of a sign-up or sign-in that is under way: the address is proven, and the user is signed in.

use selfsame_domain::{Attempt, Code, RequestContext};
use selfsame_ports::StorageError;

use crate::{
    Core, Fault,
    attempts::{AttemptRef, Holder, SignedIn},
    fault::faults,
    identifiers::proofs::CodeRefusal,
    identifiers::prove::{Prover, lock_usable},
};

/// Brings the code.
#[derive(Clone)]
pub struct VerifyAttempt {
    /// Of which attempt.
    pub attempt: AttemptRef,
    /// As typed.
    pub code: String,
    /// Who will hold the sign-in.
    pub holder: Holder,
    /// Who asks.
    pub context: RequestContext,
}

/// Why the attempt is not completed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyAttemptError {
    /// No such attempt of this client, or it is over.
    #[error("no such attempt")]
    UnknownAttempt,
    /// The code is wrong or used up.
    #[error("wrong code")]
    InvalidCode,
    /// The code is too old.
    #[error("the code has expired")]
    ExpiredCode,
    /// The code was tried too often; ask for another.
    #[error("too many tries")]
    TooManyTries,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(VerifyAttemptError: StorageError);

impl From<CodeRefusal> for VerifyAttemptError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Invalid | CodeRefusal::NotAsked => Self::InvalidCode,
            CodeRefusal::Expired => Self::ExpiredCode,
            CodeRefusal::TooManyTries => Self::TooManyTries,
        }
    }
}

impl VerifyAttempt {
    /// Checks the code, then does everything that follows from it in one unit. Of any number of parallel uses one succeeds.
    pub fn execute(&self, core: &Core) -> Result<SignedIn, VerifyAttemptError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let attempt = core.open_attempt(&self.attempt)?.ok_or(VerifyAttemptError::UnknownAttempt)?;
        let code = Code::parse(&self.code);
        let challenge = core
            .check_code::<VerifyAttemptError>(|unit| unit.challenges().live_of_attempt(attempt.id), code.as_ref())??;
        let session = match &self.holder {
            Holder::Browser(cookie) => core.stored_session(cookie.as_ref())?,
            Holder::Tokens { .. } => None,
        };
        let now = core.clock.now();
        let (started, user, attempt) = core.unit(|unit| {
            let mut user = lock_usable(unit, attempt.user_id)?.ok_or(VerifyAttemptError::UnknownAttempt)?;
            let identifier = challenge.identifier_id.ok_or(VerifyAttemptError::InvalidCode)?;
            let is_proven = unit.challenges().consume(challenge.id, now)?
                && core.prove_identifier(unit, &mut user, identifier, &Prover::bound(None, &self.context))?;
            if !is_proven {
                return Err(VerifyAttemptError::InvalidCode);
            }
            let started = core.start_sign_in(unit, &user, &self.holder, session.as_ref(), &self.context)?;
            let done =
                Attempt { step: None, completed_at: Some(now), sign_in_id: Some(started.id()), ..attempt.clone() };
            if !unit.attempts().save(&done)? {
                return Err(VerifyAttemptError::UnknownAttempt);
            }
            Ok((started, user, done))
        })?;
        Ok(core.hand_over(started, user, attempt)?)
    }
}
