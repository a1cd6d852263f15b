//! Completes a sign-up or sign-in by its mailed code: the address is proven, and the user is signed in.

use std::time::Duration;

use selfsame_domain::{Attempt, Code, EmailAddress, Factor, Purpose, RequestContext, User};
use selfsame_ports::StorageError;

use crate::{
    Core, Fault,
    attempts::{AttemptRef, Holder, SignedIn},
    fault::faults,
    identifiers::{
        proofs::CodeRefusal,
        prove::{Evidence, rivals},
    },
};

/// Submits the code.
#[derive(Clone)]
pub struct VerifyAttempt {
    /// The attempt.
    pub attempt: AttemptRef,
    /// As the user typed it.
    pub code: String,
    /// Who will hold the sign-in.
    pub holder: Holder,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the attempt was not completed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyAttemptError {
    /// No open attempt of this client.
    #[error("no such attempt")]
    UnknownAttempt,
    /// The code is wrong or was used already.
    #[error("wrong code")]
    InvalidCode,
    /// The code has expired.
    #[error("the code has expired")]
    ExpiredCode,
    /// Too many wrong codes were tried; the time until one more may be tried. The link of the mail is still valid.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(VerifyAttemptError: StorageError);

impl From<CodeRefusal> for VerifyAttemptError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Invalid | CodeRefusal::Used | CodeRefusal::NotAsked => Self::InvalidCode,
            CodeRefusal::Expired => Self::ExpiredCode,
            CodeRefusal::TooManyTries(wait) => Self::TooManyTries(wait),
        }
    }
}

impl VerifyAttempt {
    /// Checks the code, then completes the attempt in one unit. Of parallel uses one succeeds.
    pub fn execute(&self, core: &Core) -> Result<SignedIn, VerifyAttemptError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let attempt = core.open_attempt(&self.attempt)?.ok_or(VerifyAttemptError::UnknownAttempt)?;
        let user_id = attempt.user_id.ok_or(VerifyAttemptError::UnknownAttempt)?;
        let email = attempt.email.as_deref().and_then(|address| EmailAddress::parse(address).ok());
        let email = email.ok_or(VerifyAttemptError::UnknownAttempt)?;
        let challenge = core.storage.read()?.challenge_of_attempt(attempt.id)?;
        let code = Code::parse(&self.code);
        let challenge = core.check_code(challenge, email.canonical(), Purpose::VerifyEmail, code.as_ref())??;
        let identifier = challenge.identifier_id.ok_or(VerifyAttemptError::InvalidCode)?;
        let session = core.session_of(&self.holder)?;
        let attempt = attempt.satisfying(Factor::Email);
        let now = core.clock.now();
        let (started, user, attempt) = core.unit(&self.context, |work| {
            let rivals = rivals(work, user_id, &challenge.target)?;
            let mut locked = core.lock_to_sign_in(work, user_id, session.as_ref(), rivals)?;
            let account = locked.usable(user_id).ok_or(VerifyAttemptError::UnknownAttempt)?;
            if account.credential_epoch != attempt.credential_epoch {
                return Err(VerifyAttemptError::UnknownAttempt);
            }
            let is_proven = work.proofs().consume_challenge(challenge.id, now)?
                && core.prove_identifier(work, &mut locked, user_id, identifier, &Evidence::OwnClient(None))?;
            if !is_proven {
                return Err(VerifyAttemptError::InvalidCode);
            }
            let methods = attempt.satisfied.clone();
            let started = core.start_sign_in(work, &mut locked, user_id, &self.holder, session.as_ref(), methods)?;
            let done = Attempt { completed_at: Some(now), sign_in_id: Some(started.id()), ..attempt.clone() };
            if !work.proofs().save_attempt(&done)? {
                return Err(VerifyAttemptError::UnknownAttempt);
            }
            locked.save(work)?;
            let user = locked.get(user_id).ok_or(VerifyAttemptError::UnknownAttempt)?;
            Ok((started, User::clone(user), done))
        })?;
        Ok(core.hand_over(started, user, attempt)?)
    }
}
