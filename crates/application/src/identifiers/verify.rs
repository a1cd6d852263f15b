//! Proves an account's address by the mailed link or code.

use std::time::Duration;

use selfsame_domain::{
    Attempt, Challenge, Code, Factor, Factors, Identifier, IdentifierKind, OpaqueToken, Purpose, RequestContext, User,
};
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

/// The proof from the mail.
#[derive(Clone)]
pub enum EmailProof {
    /// The token of the link, from anybody. It contains the account's id.
    Link {
        /// The token.
        token: String,
        /// The cookie of the browser that followed the link, if it sent one. It may be the browser that registered.
        cookie: Option<OpaqueToken>,
        /// Who follows it, if they are signed in with a token.
        caller: Option<Box<Caller>>,
    },
    /// The code, from the signed-in owner of the address.
    Code {
        /// As the user typed it.
        code: String,
        /// The account.
        caller: Box<Caller>,
    },
}

/// Submits the proof.
#[derive(Clone)]
pub struct VerifyEmail {
    /// The proof from the mail.
    pub proof: EmailProof,
    /// The client to sign in, if the contract does that.
    pub sign_in: Option<Holder>,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The address was proven.
#[derive(Clone, Debug)]
pub struct EmailVerified {
    /// The account as it is now.
    pub user: User,
    /// The sign-in, if one was asked for.
    pub signed_in: Option<Box<SignedIn>>,
    /// A token that sets the password, if the account no longer has one: the earlier password was set by the client
    /// that registered, which may not belong to the reader of the mail (R2).
    pub set_password: Option<OpaqueToken>,
    /// Whether it had been proven before, by this link or otherwise, so that nothing was done.
    pub was_proven: bool,
}

/// Why the address was not proven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyEmailError {
    /// Wrong, already used, or void since another was sent.
    #[error("the proof is not valid")]
    Invalid,
    /// The link was used already, and the address is verified.
    #[error("the address is verified already")]
    AlreadyVerified,
    /// Expired.
    #[error("the proof has expired")]
    Expired,
    /// Too many wrong codes were tried; the time until one more may be tried.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// The code came in a sign-in that ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(VerifyEmailError: StorageError);

impl From<CodeRefusal> for VerifyEmailError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Invalid | CodeRefusal::NotAsked => Self::Invalid,
            CodeRefusal::Used => Self::AlreadyVerified,
            CodeRefusal::Expired => Self::Expired,
            CodeRefusal::TooManyTries(wait) => Self::TooManyTries(wait),
        }
    }
}

impl VerifyEmail {
    /// Consumes the proof and marks the address as proven. Of parallel uses one succeeds (R12).
    pub fn execute(&self, core: &Core) -> Result<EmailVerified, VerifyEmailError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let challenge = match self.challenge(core) {
            Err(
                error @ (VerifyEmailError::Invalid | VerifyEmailError::AlreadyVerified | VerifyEmailError::Expired),
            ) => return self.done(&error).ok_or(error),
            challenge => challenge?,
        };
        let (user_id, identifier) = (challenge.user_id, challenge.identifier_id.ok_or(VerifyEmailError::Invalid)?);
        let evidence = self.evidence(core, &challenge)?;
        let now = core.clock.now();
        let (user, started, set_password) = core.unit(&self.context, |work| {
            let rivals = rivals(work, challenge.user_id, &challenge.target)?;
            let mut locked = core.lock_to_sign_in(work, user_id, None, rivals)?;
            let account = match &self.proof {
                EmailProof::Code { caller, .. } => {
                    locked.caller(work, caller)?.ok_or(VerifyEmailError::Unauthenticated)?
                }
                EmailProof::Link { .. } => locked.usable(user_id).ok_or(VerifyEmailError::Invalid)?,
            };
            let before = User::clone(account);
            let state = core.before_change(work, &before)?;
            let is_told = core.may_notify_of(account, IdentifierKind::Email);
            let had_password = account.has_password();
            let epoch = account.credential_epoch;
            let is_proven = work.proofs().consume_challenge(challenge.id, now)?
                && core.prove_identifier(work, &mut locked, user_id, identifier, &evidence)?;
            if !is_proven {
                return Err(VerifyEmailError::Invalid);
            }
            if let Some(proven) = before.identifier(identifier).filter(|claim| !claim.is_verified()) {
                core.tell_of_proof(work, &before, &state, proven, is_told)?;
            }
            let attempt = open_attempt(core, work, &challenge)?.filter(|attempt| attempt.credential_epoch == epoch);
            let started = match &attempt {
                Some(attempt) => self.complete(core, work, &mut locked, attempt)?,
                None => None,
            };
            locked.save(work)?;
            let user = User::clone(locked.get(user_id).ok_or(VerifyEmailError::Invalid)?);
            // The reader of the mailbox can set a password by a reset as well.
            let is_by_link = matches!(evidence, Evidence::Link);
            let must_set = !user.has_password() && (had_password || is_by_link);
            let set_password = if must_set { Some(core.issue_set_password(work, &user)?) } else { None };
            Ok((user, started, set_password))
        })?;
        let signed_in = started.map(|(started, attempt)| core.hand_over(started, &user, attempt)).transpose()?;
        Ok(EmailVerified { user, signed_in: signed_in.map(Box::new), set_password, was_proven: false })
    }

    /// Closes the attempt of the proof, so that its code completes nothing more, and starts its sign-in if one is
    /// requested.
    fn complete(
        &self,
        core: &Core,
        work: &mut Work<'_>,
        locked: &mut Locked,
        attempt: &Attempt,
    ) -> Result<Option<(Started, Attempt)>, Fault> {
        // The link proves that the address is the reader's, and nothing about who registered.
        let methods = Factors::of([Factor::Email]);
        let mut needs_more = |user| locked.usable(user).is_none_or(|account| account.second_step(&methods) != Ok(None));
        let started = match (&self.sign_in, attempt.user_id) {
            // The link does not take the place of a second factor (R27, R31).
            (Some(_), Some(user)) if needs_more(user) => None,
            (Some(holder), Some(user)) => Some(core.start_sign_in(work, locked, user, holder, None, methods)?),
            _ => None,
        };
        let sign_in_id = started.as_ref().map(Started::id);
        let done = Attempt { completed_at: Some(core.clock.now()), sign_in_id, ..attempt.clone() };
        if !work.proofs().save_attempt(&done)? {
            return Err(Fault::Contended);
        }
        Ok(started.map(|started| (started, done)))
    }

    /// The result for the account of the link, if it follows it and has proven the address already: the one of a link that
    /// was used, and every one of the account if it is not known which is meant. Mail scanners and double clicks may consume
    /// a link first. Changes nothing and starts no sign-in.
    fn done(&self, error: &VerifyEmailError) -> Option<EmailVerified> {
        let EmailProof::Link { token, caller: Some(caller), .. } = &self.proof else { return None };
        let is_own = OpaqueToken::parse(token)?.user() == Some(caller.user.id);
        let mut addresses = caller.user.identifiers_of(IdentifierKind::Email);
        let is_proven = *error == VerifyEmailError::AlreadyVerified
            || (caller.user.primary_email().is_some() && addresses.all(Identifier::is_verified));
        (is_own && is_proven).then(|| EmailVerified {
            user: caller.user.clone(),
            signed_in: None,
            set_password: None,
            was_proven: true,
        })
    }

    fn challenge(&self, core: &Core) -> Result<Challenge, VerifyEmailError> {
        match &self.proof {
            EmailProof::Code { code, caller } => {
                let user = caller.principal.user_id;
                let live = core.storage.read()?.challenges(user, Purpose::VerifyEmail)?;
                let primary = caller.user.primary_email().map(|email| email.canonical.as_str());
                let primary = primary.ok_or(VerifyEmailError::Invalid)?;
                let asked = live.into_iter().find(|challenge| challenge.target == primary);
                Ok(core.check_code(asked, primary, Purpose::VerifyEmail, Code::parse(code).as_ref())??)
            }
            EmailProof::Link { token, .. } => Ok(core.live_link(token, Purpose::VerifyEmail)??),
        }
    }

    /// Whether the link was followed in the browser that registered: the one that holds the attempt.
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

/// The attempt of the proof, if it can still be completed.
fn open_attempt(core: &Core, work: &mut Work<'_>, challenge: &Challenge) -> Result<Option<Attempt>, StorageError> {
    let Some(id) = challenge.attempt_id else { return Ok(None) };
    let attempt = work.proofs().lock_attempt(id)?.filter(|attempt| attempt.is_open(core.clock.now()));
    Ok(attempt.map(|attempt| attempt.satisfying(Factor::Email)))
}
