//! Continues a sign-up or sign-in by a code: a mailed one, which proves the address, one in a text message, which proves the
//! number, or one of a second factor. When nothing more is required, the user is signed in.

use std::time::Duration;

use selfsame_domain::{
    Attempt, Code, EmailAddress, Factor, Purpose, RequestContext, SameChannel, Session, User, UserId,
};
use selfsame_ports::StorageError;

use crate::{
    Core, Fault,
    attempts::{AttemptRef, Holder, SignedIn},
    core::Work,
    fault::faults,
    identifiers::{
        proofs::CodeRefusal,
        prove::{Evidence, rivals},
    },
    second_factors::check::{SecondFactorRefusal, TextFor},
    sign_in::start::{Locked, Started},
};

/// Submits the code.
#[derive(Clone)]
pub struct VerifyAttempt {
    /// The attempt.
    pub attempt: AttemptRef,
    /// What the code is for.
    pub step: Step,
    /// As the user typed it.
    pub code: String,
    /// Who will hold the sign-in.
    pub holder: Holder,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Whatever the attempt requires next.
    Next,
    /// A mailed code, for the address.
    Email,
    /// A code in a text message, for the number that the sign-in began with.
    Phone,
    /// A one-time password, a code in a text message for the second factor, or a backup code.
    SecondFactor,
}

impl Step {
    /// Whether a code for this step is one for a factor.
    pub(super) fn is_for(self, factor: Factor) -> bool {
        match self {
            Self::Next => true,
            Self::Email => factor == Factor::Email,
            Self::Phone => factor == Factor::Phone,
            Self::SecondFactor => factor.is_second(),
        }
    }
}

/// The code was right.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "made once for a code and taken apart at once")]
pub enum AttemptVerified {
    /// Signed in.
    Completed(Box<SignedIn>),
    /// More must be proven. The client continues the attempt with what it holds.
    Incomplete {
        /// The attempt.
        attempt: Attempt,
        /// The account.
        user: User,
    },
}

/// Why the attempt was not continued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyAttemptError {
    /// No open attempt of this client, or one that does not require this next.
    #[error("no such attempt")]
    UnknownAttempt,
    /// The code is wrong or was used already.
    #[error("wrong code")]
    InvalidCode,
    /// The code has expired.
    #[error("the code has expired")]
    ExpiredCode,
    /// Too many wrong mailed codes were tried; the time until one more may be tried. The link of the mail is still valid.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// The same for codes of a second factor, which have no link.
    #[error("too many tries of a second factor")]
    TooManySecondFactorTries(Duration),
    /// The code was right, but the second factor of the account is the same phone (R32).
    #[error(transparent)]
    SameChannel(#[from] SameChannel),
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

impl From<SecondFactorRefusal> for VerifyAttemptError {
    fn from(refusal: SecondFactorRefusal) -> Self {
        match refusal {
            SecondFactorRefusal::Invalid => Self::InvalidCode,
            SecondFactorRefusal::TooManyTries(wait) => Self::TooManySecondFactorTries(wait),
        }
    }
}

/// What a unit did.
struct Done {
    /// The sign-in, unless more is required.
    started: Option<Started>,
    user: User,
    attempt: Attempt,
}

impl VerifyAttempt {
    /// Checks the code, then continues the attempt in one unit. Of parallel uses one succeeds.
    pub fn execute(&self, core: &Core) -> Result<AttemptVerified, VerifyAttemptError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let attempt = core.open_attempt(&self.attempt)?.ok_or(VerifyAttemptError::UnknownAttempt)?;
        let next = attempt.next().ok_or(VerifyAttemptError::UnknownAttempt)?;
        if !self.step.is_for(next) {
            return Err(VerifyAttemptError::UnknownAttempt);
        }
        let user_id = attempt.user_id.ok_or(VerifyAttemptError::UnknownAttempt);
        let done = match next {
            Factor::Email => self.by_mail(core, &attempt, user_id?)?,
            Factor::Phone => self.by_text(core, &attempt)?,
            factor if factor.is_second() => self.by_second_factor(core, &attempt, user_id?)?,
            _ => return Err(VerifyAttemptError::UnknownAttempt),
        };
        let Done { started, user, attempt } = done;
        match started {
            Some(started) => Ok(AttemptVerified::Completed(Box::new(core.hand_over(started, &user, attempt)?))),
            None => Ok(AttemptVerified::Incomplete { attempt, user }),
        }
    }

    fn by_mail(&self, core: &Core, attempt: &Attempt, user_id: UserId) -> Result<Done, VerifyAttemptError> {
        let email = attempt.email.as_deref().and_then(|address| EmailAddress::parse(address).ok());
        let email = email.ok_or(VerifyAttemptError::UnknownAttempt)?;
        let challenge = core.storage.read()?.challenge_of_attempt(attempt.id)?;
        let code = Code::parse(&self.code);
        let challenge = core.check_code(challenge, email.canonical(), Purpose::VerifyEmail, code.as_ref())??;
        let identifier = challenge.identifier_id.ok_or(VerifyAttemptError::InvalidCode)?;
        let session = core.session_of(&self.holder)?;
        let attempt = attempt.satisfying(Factor::Email);
        core.unit(&self.context, |work| {
            let rivals = rivals(work, user_id, &challenge.target)?;
            let mut locked = core.lock_to_sign_in(work, user_id, session.as_ref(), rivals)?;
            check_epoch(&mut locked, user_id, &attempt)?;
            let is_proven = work.proofs().consume_challenge(challenge.id, core.clock.now())?
                && core.prove_identifier(work, &mut locked, user_id, identifier, &Evidence::OwnClient(None))?;
            if !is_proven {
                return Err(VerifyAttemptError::InvalidCode);
            }
            self.go_on(core, work, &mut locked, session.as_ref(), &attempt)
        })
    }

    /// The number of a sign-in, whose account is known from now on.
    fn by_text(&self, core: &Core, attempt: &Attempt) -> Result<Done, VerifyAttemptError> {
        let number = attempt.phone_number.as_deref().ok_or(VerifyAttemptError::UnknownAttempt)?;
        let challenge = core.storage.read()?.challenge_of_attempt(attempt.id)?;
        let code = Code::parse(&self.code);
        let challenge = core.check_code(challenge, number, Purpose::SignIn, code.as_ref())??;
        let (user_id, own) = (challenge.user_id, challenge.identifier_id.ok_or(VerifyAttemptError::InvalidCode)?);
        let session = core.session_of(&self.holder)?;
        let attempt = Attempt { user_id: Some(user_id), ..attempt.satisfying(Factor::Phone) };
        core.unit(&self.context, |work| {
            let mut locked = core.lock_to_sign_in(work, user_id, session.as_ref(), [])?;
            check_epoch(&mut locked, user_id, &attempt)?;
            let number = locked.get(user_id).and_then(|account| account.identifier(own));
            let is_own = number.is_some_and(|number| number.is_verified() && number.canonical == challenge.target);
            if !is_own || !work.proofs().consume_challenge(challenge.id, core.clock.now())? {
                return Err(VerifyAttemptError::InvalidCode);
            }
            self.go_on(core, work, &mut locked, session.as_ref(), &attempt)
        })
    }

    fn by_second_factor(&self, core: &Core, attempt: &Attempt, user_id: UserId) -> Result<Done, VerifyAttemptError> {
        let is_phone_proven = attempt.satisfied.contains(Factor::Phone);
        let text = if is_phone_proven { TextFor::Nothing } else { TextFor::Attempt(attempt.id) };
        let user = core.storage.read()?.user(user_id)?.ok_or(VerifyAttemptError::UnknownAttempt)?;
        let session = core.session_of(&self.holder)?;
        let done = core.try_second_factor(&user, &self.code, text, |proven| {
            core.unit(&self.context, |work| {
                let mut locked = core.lock_to_sign_in(work, user_id, session.as_ref(), [])?;
                check_epoch(&mut locked, user_id, attempt)?;
                let account = locked.usable(user_id).ok_or(VerifyAttemptError::UnknownAttempt)?;
                if !proven.consume(core, work, account, None)? {
                    return Ok(None);
                }
                let attempt = attempt.satisfying(proven.factor());
                self.go_on(core, work, &mut locked, session.as_ref(), &attempt).map(Some)
            })
        })?;
        Ok(done?)
    }

    /// Completes the attempt if nothing more is required of the account as it is now (R27), otherwise saves it.
    fn go_on(
        &self,
        core: &Core,
        work: &mut Work<'_>,
        locked: &mut Locked,
        session: Option<&Session>,
        attempt: &Attempt,
    ) -> Result<Done, VerifyAttemptError> {
        let user_id = attempt.user_id.ok_or(VerifyAttemptError::UnknownAttempt)?;
        let account = locked.usable(user_id).ok_or(VerifyAttemptError::UnknownAttempt)?;
        let attempt = attempt.requiring(account.second_step(&attempt.satisfied)?);
        let (started, attempt) = if attempt.next().is_some() {
            (None, attempt)
        } else {
            let methods = attempt.satisfied.clone();
            let started = core.start_sign_in(work, locked, user_id, &self.holder, session, methods)?;
            let completed_at = Some(core.clock.now());
            let done = Attempt { completed_at, sign_in_id: Some(started.id()), ..attempt };
            (Some(started), done)
        };
        if !work.proofs().save_attempt(&attempt)? {
            return Err(VerifyAttemptError::UnknownAttempt);
        }
        locked.save(work)?;
        let user = User::clone(locked.get(user_id).ok_or(VerifyAttemptError::UnknownAttempt)?);
        Ok(Done { started, user, attempt })
    }
}

/// Checks that the credentials were not changed since the attempt began, and that the account may be used.
fn check_epoch(locked: &mut Locked, user: UserId, attempt: &Attempt) -> Result<(), VerifyAttemptError> {
    let account = locked.usable(user).ok_or(VerifyAttemptError::UnknownAttempt)?;
    if account.credential_epoch == attempt.credential_epoch { Ok(()) } else { Err(VerifyAttemptError::UnknownAttempt) }
}
