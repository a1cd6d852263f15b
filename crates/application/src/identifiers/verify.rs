//! Proves the account's own address, by the link or the code that was mailed to it.

use selfsame_domain::{Attempt, Code, OpaqueToken, Purpose, RequestContext, User};
use selfsame_ports::{StorageError, UnitOfWork};

use crate::{
    Caller, Core, Fault,
    attempts::{Holder, SignedIn},
    fault::faults,
    identifiers::proofs::CodeRefusal,
    identifiers::prove::{Prover, lock_usable},
};

/// What the mail brought.
#[derive(Clone)]
pub enum EmailProof {
    /// The token of the link, from anybody: it names the account.
    Link(String),
    /// The code, from the caller whose address it is.
    Code {
        /// As typed.
        code: String,
        /// Whose.
        caller: Box<Caller>,
    },
}

/// Brings the proof.
#[derive(Clone)]
pub struct VerifyEmail {
    /// What the mail brought.
    pub proof: EmailProof,
    /// Who is to be signed in by it, if the contract does that.
    pub sign_in: Option<Holder>,
    /// Who asks.
    pub context: RequestContext,
}

/// The address is proven.
#[derive(Clone, Debug)]
pub struct EmailVerified {
    /// The account as it is now.
    pub user: User,
    /// The sign-in, if one was asked for.
    pub signed_in: Option<Box<SignedIn>>,
}

/// Why the address is not proven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyEmailError {
    /// Wrong, used up, or void since another was sent.
    #[error("the proof is not valid")]
    Invalid,
    /// Too old.
    #[error("the proof has expired")]
    Expired,
    /// The code was tried too often; ask for another.
    #[error("too many tries")]
    TooManyTries,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(VerifyEmailError: StorageError);

impl From<CodeRefusal> for VerifyEmailError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Invalid | CodeRefusal::NotAsked => Self::Invalid,
            CodeRefusal::Expired => Self::Expired,
            CodeRefusal::TooManyTries => Self::TooManyTries,
        }
    }
}

impl VerifyEmail {
    /// Uses the proof up and marks the address. Of any number of parallel uses one succeeds (R12).
    pub fn execute(&self, core: &Core) -> Result<EmailVerified, VerifyEmailError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let challenge = self.challenge(core)?;
        let identifier = challenge.identifier_id.ok_or(VerifyEmailError::Invalid)?;
        let prover = match &self.proof {
            EmailProof::Code { caller, .. } => Prover::bound(Some(caller), &self.context),
            EmailProof::Link(_) => Prover::unknown(&self.context),
        };
        let now = core.clock.now();
        let (user, started) = core.unit(|unit| {
            let mut user = lock_usable(unit, challenge.user_id)?.ok_or(VerifyEmailError::Invalid)?;
            let is_proven = unit.challenges().consume(challenge.id, now)?
                && core.prove_identifier(unit, &mut user, identifier, &prover)?;
            if !is_proven {
                return Err(VerifyEmailError::Invalid);
            }
            let attempt = complete_attempt(core, unit, challenge.attempt_id)?;
            let started = match (&self.sign_in, attempt) {
                (Some(holder), Some(attempt)) => {
                    Some((core.start_sign_in(unit, &user, holder, None, &self.context)?, attempt))
                }
                _ => None,
            };
            Ok((user, started))
        })?;
        let signed_in = started.map(|(started, attempt)| core.hand_over(started, user.clone(), attempt)).transpose()?;
        Ok(EmailVerified { user, signed_in: signed_in.map(Box::new) })
    }

    fn challenge(&self, core: &Core) -> Result<selfsame_domain::Challenge, VerifyEmailError> {
        match &self.proof {
            EmailProof::Code { code, caller } => {
                let code = Code::parse(code);
                Ok(core.check_code::<VerifyEmailError>(
                    |unit| unit.challenges().live(caller.user.id, Purpose::VerifyEmail),
                    code.as_ref(),
                )??)
            }
            EmailProof::Link(token) => {
                core.live_link::<VerifyEmailError>(token, Purpose::VerifyEmail)?.map_err(VerifyEmailError::from)
            }
        }
    }
}

/// The sign-up or sign-in that a link belonged to goes no further by its code.
fn complete_attempt(
    core: &Core,
    unit: &mut dyn UnitOfWork,
    id: Option<selfsame_domain::AttemptId>,
) -> Result<Option<Attempt>, StorageError> {
    let Some(id) = id else { return Ok(None) };
    let Some(attempt) = unit.attempts().lock(id)? else {
        return Ok(None);
    };
    let done = Attempt { step: None, completed_at: Some(core.clock.now()), ..attempt };
    Ok(unit.attempts().save(&done)?.then_some(done))
}

impl Core {
    /// The live challenge that a link's token names, if it is for this purpose and in time.
    pub(crate) fn live_link<E: crate::core::Retry + From<Fault>>(
        &self,
        token: &str,
        purpose: Purpose,
    ) -> Result<Result<selfsame_domain::Challenge, CodeRefusal>, E> {
        let Some(token) = OpaqueToken::parse(token) else {
            return Ok(Err(CodeRefusal::Invalid));
        };
        let found = self.unit::<_, E>(|unit| Ok(unit.challenges().by_link(&token.hash())?))?;
        Ok(match found {
            Some((challenge, true)) if challenge.purpose == purpose && self.clock.now() < challenge.link_expires_at => {
                Ok(challenge)
            }
            Some((challenge, true)) if challenge.purpose == purpose => Err(CodeRefusal::Expired),
            _ => Err(CodeRefusal::Invalid),
        })
    }
}
