//! Proves the account's own address, by the link or the code that was mailed to it.

use selfsame_domain::{Attempt, Challenge, Code, Factor, Factors, OpaqueToken, Purpose, RequestContext, User};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    attempts::{Holder, SignedIn},
    core::Work,
    fault::faults,
    identifiers::{
        proofs::CodeRefusal,
        prove::{Evidence, rivals},
    },
    sign_in::start::{Locked, Started},
};

/// What the mail brought.
#[derive(Clone)]
pub enum EmailProof {
    /// The token of the link, from anybody: it names the account.
    Link {
        /// The token.
        token: String,
        /// The cookie of the browser in which the link was followed, if it sent one: it may be the one that registered.
        cookie: Option<OpaqueToken>,
    },
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
    /// Lets its holder set the password, where the account has none any more: the one from before the proof was chosen by
    /// whoever registered, who may not be the reader of the mail (R2).
    pub set_password: Option<OpaqueToken>,
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
        let (user_id, identifier) = (challenge.user_id, challenge.identifier_id.ok_or(VerifyEmailError::Invalid)?);
        let evidence = self.evidence(core, &challenge)?;
        let now = core.clock.now();
        let (user, started, set_password) = core.unit(&self.context, |work| {
            let rivals = rivals(work, challenge.user_id, &challenge.target)?;
            let mut locked = core.lock_to_sign_in(work, user_id, None, rivals)?;
            let account = locked.usable(user_id).ok_or(VerifyEmailError::Invalid)?;
            let had_password = account.has_password();
            let epoch = account.credential_epoch;
            let is_proven = work.proofs().consume_challenge(challenge.id, now)?
                && core.prove_identifier(work, &mut locked, user_id, identifier, &evidence)?;
            if !is_proven {
                return Err(VerifyEmailError::Invalid);
            }
            let attempt = open_attempt(core, work, &challenge)?.filter(|attempt| attempt.credential_epoch == epoch);
            let started = match &attempt {
                Some(attempt) => self.complete(core, work, &mut locked, attempt)?,
                None => None,
            };
            locked.save(work)?;
            let user = User::clone(locked.get(user_id).ok_or(VerifyEmailError::Invalid)?);
            let must_set = had_password && !user.has_password();
            let set_password = if must_set { Some(core.issue_set_password(work, &user)?) } else { None };
            Ok((user, started, set_password))
        })?;
        let signed_in = started.map(|(started, attempt)| core.hand_over(started, user.clone(), attempt)).transpose()?;
        Ok(EmailVerified { user, signed_in: signed_in.map(Box::new), set_password })
    }

    /// The attempt that the proof belonged to goes no further by its code; the sign-in that it ends in starts, if one is
    /// asked for.
    fn complete(
        &self,
        core: &Core,
        work: &mut Work<'_>,
        locked: &mut Locked,
        attempt: &Attempt,
    ) -> Result<Option<(Started, Attempt)>, StorageError> {
        let started = match (&self.sign_in, attempt.user_id) {
            (Some(holder), Some(user)) => {
                // The link shows that the address is the reader's, and nothing of what came before it.
                let methods = Factors::of([Factor::Email]);
                Some(core.start_sign_in(work, locked, user, holder, None, methods)?)
            }
            _ => None,
        };
        let sign_in_id = started.as_ref().map(Started::id);
        let done = Attempt { completed_at: Some(core.clock.now()), sign_in_id, ..attempt.clone() };
        if !work.proofs().save_attempt(&done)? {
            return Err(StorageError::Conflict);
        }
        Ok(started.map(|started| (started, done)))
    }

    fn challenge(&self, core: &Core) -> Result<Challenge, VerifyEmailError> {
        match &self.proof {
            EmailProof::Code { code, caller } => {
                let user = caller.principal.user_id;
                let live = core.storage.read()?.challenges(user, Purpose::VerifyEmail)?;
                let primary = caller.user.primary_email().map(|email| email.canonical.as_str());
                let asked = live.into_iter().find(|challenge| Some(challenge.target.as_str()) == primary);
                Ok(core.check_code(asked, user, Purpose::VerifyEmail, Code::parse(code).as_ref())??)
            }
            EmailProof::Link { token, .. } => Ok(core.live_link(token, Purpose::VerifyEmail)??),
        }
    }

    /// A link is from the client that registered if it was followed in the browser that holds the attempt.
    fn evidence(&self, core: &Core, challenge: &Challenge) -> Result<Evidence<'_>, VerifyEmailError> {
        let cookie = match &self.proof {
            EmailProof::Code { caller, .. } => return Ok(Evidence::OwnClient(Some(&caller.principal))),
            EmailProof::Link { cookie, .. } => cookie.as_ref(),
        };
        let (Some(session), Some(attempt)) = (core.stored_session(cookie)?, challenge.attempt_id) else {
            return Ok(Evidence::Link);
        };
        let attempt = core.storage.read()?.attempt(attempt)?;
        let is_own = attempt.is_some_and(|attempt| attempt.session_id == Some(session.id));
        Ok(if is_own { Evidence::OwnClient(None) } else { Evidence::Link })
    }
}

/// The sign-up or sign-in that the proof belonged to, if it can still be completed.
fn open_attempt(core: &Core, work: &mut Work<'_>, challenge: &Challenge) -> Result<Option<Attempt>, StorageError> {
    let Some(id) = challenge.attempt_id else { return Ok(None) };
    let attempt = work.proofs().lock_attempt(id)?.filter(|attempt| attempt.is_open(core.clock.now()));
    Ok(attempt.map(|attempt| attempt.satisfying(Factor::Email)))
}
