//! Sends the proof that an attempt requires, by mail or text message; may be repeated, each time after a longer pause.

use std::time::Duration;

use selfsame_domain::{
    Attempt, AttemptId, EmailAddress, Factor, IdentifierKind, Instant, OpaqueToken, PhoneNumber, RequestContext, User,
    UserId,
};
use selfsame_ports::{Leased, StorageError};
use serde::{Deserialize, Serialize};

use crate::{
    Core, Fault,
    account::Account,
    attempts::{AttemptRef, verify::Step},
    core::Work,
    fault::faults,
    identifiers::proofs::mask_email,
    limits::{Budget, Rate},
    mail::job::{Job, JobError, context_of, finish},
    sign_up::start::owner_of,
};

/// Requests the mail or the text message.
#[derive(Clone, Debug)]
pub struct SendProof {
    /// The attempt.
    pub attempt: AttemptRef,
    /// What the code is for; the attempt must require it next.
    pub step: Step,
    /// An address of the application. The link leads there if the operator's list has it, otherwise to the page of this
    /// server (R58).
    pub redirect_to: Option<String>,
    /// The last four digits of the number that is the second factor, if the client has asked for them. They must be right.
    pub last_digits: Option<String>,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(15);

/// The messages of a step of an attempt so far.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Mailed {
    /// Their number.
    number: u32,
    /// When the last was requested.
    at: Option<Instant>,
}

impl Mailed {
    /// The time until another may be requested, as of `now`.
    fn pause(self, rate: Rate, now: Instant) -> Duration {
        let Some(doublings) = self.number.checked_sub(rate.burst) else { return Duration::ZERO };
        let pause = rate.every.saturating_mul(1 << doublings.min(16)).min(LONGEST_PAUSE.max(rate.every));
        let since = self.at.map(|at| (now - at).to_std().unwrap_or_default());
        since.map_or(Duration::ZERO, |since| pause.saturating_sub(since))
    }
}

/// What came of the request. The client does not learn more.
#[derive(Clone, Debug)]
pub struct ProofSent {
    /// Whether a message was requested now. If not, one was requested a short time ago, or a budget is spent.
    pub is_sent: bool,
    /// Whether a message was requested now or before.
    pub was_sent: bool,
    /// The time until another message can be requested.
    pub next_in: Duration,
    /// The same as an instant.
    pub next_at: Instant,
    /// The attempt.
    pub attempt: Attempt,
    /// Whether it goes to an address or to a number.
    pub kind: IdentifierKind,
    /// The recipient's address or number, masked.
    pub masked: String,
    /// The new temporary token, which replaces the one that was used; none in a browser.
    pub temporary_token: Option<OpaqueToken>,
}

/// Why the request was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendProofError {
    /// No open attempt of this client.
    #[error("no such attempt")]
    UnknownAttempt,
    /// Neither an address nor a number is to be proven next.
    #[error("nothing to prove")]
    NothingToProve,
    /// The last digits are not those of the number that is the second factor.
    #[error("wrong last digits")]
    WrongDigits,
    /// Too many wrong codes or digits of the second factor were tried; the time until one more may be tried.
    #[error("too many tries of a second factor")]
    TooManyTries(Duration),
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SendProofError: StorageError);

/// Where a proof goes.
struct Recipient {
    kind: IdentifierKind,
    masked: String,
    budgets: Vec<Budget>,
    /// The pause between two messages of the step.
    rate: Rate,
}

impl SendProof {
    /// Enqueues the job that sends a new code, for an address with a link; earlier ones become void (R12). Within the pause
    /// after an earlier one, or while a budget is spent, it enqueues nothing and says when another can be requested. A client
    /// that repeats it gains nothing. Wrong codes have a budget of their own. Neither the result nor the work shows whether
    /// somebody else has the address, or anybody the number (R1).
    pub fn execute(&self, core: &Core) -> Result<ProofSent, SendProofError> {
        let attempt = core.open_attempt(&self.attempt)?.ok_or(SendProofError::UnknownAttempt)?;
        let Recipient { kind, masked, budgets, rate } = self.recipient(core, &attempt)?;
        let not_sent = |attempt: Attempt, next_in: Duration| ProofSent {
            is_sent: false,
            was_sent: core.mailed(&attempt).number > 0,
            next_in,
            next_at: core.clock.now() + next_in,
            attempt,
            kind,
            masked: masked.clone(),
            temporary_token: None,
        };
        let pause = core.pause_of(&attempt, rate);
        if !pause.is_zero() {
            return Ok(not_sent(attempt, pause));
        }
        match core.spend(&budgets) {
            Err(Fault::Limited(wait)) => return Ok(not_sent(attempt, wait)),
            spent => spent?,
        }
        core.unit(&self.context, |work| {
            // A temporary token allows one message, and a pause none, also when two requests come at once.
            let locked = work.proofs().lock_attempt(attempt.id)?;
            let locked = locked.filter(|locked| locked.token_hash == attempt.token_hash);
            let mut attempt = locked.ok_or(SendProofError::UnknownAttempt)?;
            let pause = core.pause_of(&attempt, rate);
            if !pause.is_zero() {
                return Ok(not_sent(attempt, pause));
            }
            let temporary_token = attempt.token_hash.is_some().then(|| core.token());
            if let Some(token) = &temporary_token {
                attempt.token_hash = Some(token.hash());
            }
            core.note_mail(&mut attempt)?;
            if !work.proofs().save_attempt(&attempt)? {
                return Err(SendProofError::UnknownAttempt);
            }
            core.enqueue_job(work, &self.job(core, attempt.id, kind), attempt.expires_at)?;
            let sent = not_sent(attempt.clone(), core.pause_of(&attempt, rate));
            Ok(ProofSent { is_sent: true, temporary_token, ..sent })
        })
    }

    /// Where the proof goes, masked, without sending it.
    pub fn masked(&self, core: &Core) -> Result<String, SendProofError> {
        let attempt = core.open_attempt(&self.attempt)?.ok_or(SendProofError::UnknownAttempt)?;
        Ok(self.recipient(core, &attempt)?.masked)
    }

    fn job(&self, core: &Core, attempt: AttemptId, kind: IdentifierKind) -> Job {
        match kind {
            IdentifierKind::Email => {
                let redirect_to = self.redirect_to.clone().filter(|app| core.policy.app_urls.allowed(app).is_some());
                Job::ProveAttempt { attempt, redirect_to }
            }
            IdentifierKind::Phone => Job::TextAttempt { attempt, context: self.context.clone() },
        }
    }

    /// Where the proof of the next factor goes.
    fn recipient(&self, core: &Core, attempt: &Attempt) -> Result<Recipient, SendProofError> {
        let limits = &core.limits;
        let to_number = |number: &str| Recipient {
            kind: IdentifierKind::Phone,
            masked: PhoneNumber::mask(number),
            budgets: core.budgets_of_text_request(number, &self.context).into(),
            rate: limits.sms_pause_per_number,
        };
        match attempt.next().filter(|factor| self.step.is_for(*factor)) {
            Some(Factor::Email) => {
                let email = attempt.email.as_deref().and_then(|address| EmailAddress::parse(address).ok());
                let email = email.ok_or(SendProofError::NothingToProve)?;
                Ok(Recipient {
                    kind: IdentifierKind::Email,
                    masked: mask_email(email.address()),
                    budgets: vec![
                        limits.mail_per_ip.of_ip(&self.context),
                        limits.mail_per_address.of(email.canonical()),
                    ],
                    rate: limits.mail_per_attempt,
                })
            }
            Some(Factor::Phone) => attempt.phone_number.as_deref().map(to_number).ok_or(SendProofError::NothingToProve),
            Some(factor) if factor.is_second() => {
                let user = attempt.user_id.map(|user| core.storage.read()?.user(user)).transpose()?.flatten();
                let user = user.ok_or(SendProofError::NothingToProve)?;
                let is_usable = user.second_factors_beside(&attempt.satisfied).contains(Factor::Sms);
                let number = user.second_factor_phone().filter(|_| is_usable && core.policy.sends_sms);
                let number = number.ok_or(SendProofError::NothingToProve)?;
                self.check_last_digits(core, user.id, &number.canonical)?;
                Ok(to_number(&number.canonical))
            }
            _ => Err(SendProofError::NothingToProve),
        }
    }

    /// Wrong digits are charged like wrong codes: otherwise whoever knows the password could find out the number (R35).
    fn check_last_digits(&self, core: &Core, user: UserId, number: &str) -> Result<(), SendProofError> {
        let Some(digits) = &self.last_digits else { return Ok(()) };
        let budget = core.second_factor_budget(user, Factor::Sms);
        match core.spend(&budget) {
            Err(Fault::Limited(wait)) => return Err(SendProofError::TooManyTries(wait)),
            spent => spent?,
        }
        if number.get(number.len().saturating_sub(4)..) != Some(digits.trim()) {
            return Err(SendProofError::WrongDigits);
        }
        core.refund(&budget);
        Ok(())
    }
}

/// The context in which the state of an attempt is sealed.
fn seal_context(id: AttemptId) -> String {
    format!("attempt:{id}")
}

/// An attempt whose address is to be proven.
pub(crate) struct OpenProof {
    attempt: Attempt,
    user_id: UserId,
    /// The account that has proven the address, if any.
    pub(crate) owner: Option<User>,
    canonical: String,
}

impl OpenProof {
    /// The canonical form of the address.
    pub(crate) fn canonical(&self) -> &str {
        &self.canonical
    }
}

impl Core {
    /// The time until another message can be requested for a step of an attempt.
    fn pause_of(&self, attempt: &Attempt, rate: Rate) -> Duration {
        if !self.limits.enabled {
            return Duration::ZERO;
        }
        self.mailed(attempt).pause(rate, self.clock.now())
    }

    /// Notes in the attempt that a message is requested. The attempt is still to be written.
    pub(crate) fn note_mail(&self, attempt: &mut Attempt) -> Result<(), Fault> {
        let mailed = Mailed { number: self.mailed(attempt).number.saturating_add(1), at: Some(self.clock.now()) };
        let plain = serde_json::to_vec(&mailed).map_err(|error| Fault::Internal(error.to_string()))?;
        attempt.sealed = Some(self.vault.seal(&seal_context(attempt.id), &plain)?);
        Ok(())
    }

    /// The messages of a step of an attempt so far. What cannot be read counts as none: it was sealed with a key that is gone.
    fn mailed(&self, attempt: &Attempt) -> Mailed {
        let opened =
            attempt.sealed.as_deref().and_then(|sealed| self.vault.open(&seal_context(attempt.id), sealed).ok());
        opened.and_then(|plain| serde_json::from_slice(&plain).ok()).unwrap_or_default()
    }

    /// The attempt, if its address can still be proven.
    pub(crate) fn open_proof(&self, id: AttemptId) -> Result<Option<OpenProof>, StorageError> {
        let now = self.clock.now();
        let attempt = self.storage.read()?.attempt(id)?.filter(|attempt| attempt.is_open(now));
        let Some(attempt) = attempt else { return Ok(None) };
        let email = attempt.email.as_deref().and_then(|address| EmailAddress::parse(address).ok());
        let Some((email, user_id)) = email.zip(attempt.user_id) else { return Ok(None) };
        let owner = owner_of(self, &email)?.filter(|owner| owner.id != user_id);
        Ok(Some(OpenProof { attempt, user_id, owner, canonical: email.canonical().to_owned() }))
    }

    /// Makes the proof that an attempt requires and mails it. For an address that has an account it is made and not
    /// mailed, so that codes are refused in the same way (R1).
    pub(crate) fn make_proof(
        &self,
        work: &mut Work<'_>,
        open: &OpenProof,
        may_mail: bool,
        redirect_to: Option<&str>,
    ) -> Result<(), Fault> {
        let Some(account) = Account::lock_usable(work, open.user_id)? else { return Ok(()) };
        if account.credential_epoch != open.attempt.credential_epoch {
            return Ok(());
        }
        let is_mailed = may_mail && open.owner.is_none();
        self.prove_by_mail_to(work, &account, Some(open.attempt.id), is_mailed, redirect_to)
    }

    /// The worker's part of [`SendProof`].
    pub(crate) fn prove_attempt(&self, id: AttemptId, redirect_to: Option<&str>, job: &Leased) -> Result<(), JobError> {
        let open = self.open_proof(id)?;
        self.unit(&context_of(job), |work| {
            if let Some(open) = &open {
                self.make_proof(work, open, true, redirect_to)?;
            }
            finish(work, job)
        })
    }
}
