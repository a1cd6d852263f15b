//! Mails the proof that an attempt requires; may be repeated, each time after a longer pause.

use std::time::Duration;

use selfsame_domain::{Attempt, AttemptId, EmailAddress, Factor, Instant, OpaqueToken, RequestContext, User, UserId};
use selfsame_ports::{Leased, StorageError};
use serde::{Deserialize, Serialize};

use crate::{
    Core, Fault,
    account::Account,
    attempts::AttemptRef,
    core::Work,
    fault::faults,
    identifiers::proofs::mask_email,
    limits::Rate,
    mail::job::{Job, JobError, finish},
    sign_up::start::owner_of,
};

/// Requests the mail.
#[derive(Clone, Debug)]
pub struct SendProof {
    /// The attempt.
    pub attempt: AttemptRef,
    /// An address of the application. The link leads there if the operator's list has it, otherwise to the page of this
    /// server (R58).
    pub redirect_to: Option<String>,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(15);

/// The mails of an attempt so far: the state of its step in progress.
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
    /// Whether a mail was requested now. If not, one was requested a short time ago, or a budget is spent.
    pub is_sent: bool,
    /// Whether a mail was requested now or before.
    pub was_sent: bool,
    /// The time until another mail can be requested.
    pub next_in: Duration,
    /// The same as an instant.
    pub next_at: Instant,
    /// The attempt.
    pub attempt: Attempt,
    /// The recipient's address, masked.
    pub masked_email: String,
    /// The new temporary token, which replaces the one that was used; none in a browser.
    pub temporary_token: Option<OpaqueToken>,
}

/// Why the request was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendProofError {
    /// No open attempt of this client.
    #[error("no such attempt")]
    UnknownAttempt,
    /// The attempt does not require a proof of its address.
    #[error("nothing to prove")]
    NothingToProve,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SendProofError: StorageError);

impl SendProof {
    /// Enqueues a mail with a new code and link; earlier ones become void (R12). Within the pause after an earlier mail,
    /// or while a budget of mails is spent, it enqueues none and says when another can be requested: a client that
    /// repeats its request gains nothing. Wrong codes have a budget of their own. For an address that has a proven
    /// account no mail is sent, and neither the result nor the work shows that (R1).
    pub fn execute(&self, core: &Core) -> Result<ProofSent, SendProofError> {
        let attempt = core.open_attempt(&self.attempt)?.ok_or(SendProofError::UnknownAttempt)?;
        let address = attempt.email.as_deref().filter(|_| attempt.next() == Some(Factor::Email));
        let email = address.and_then(|address| EmailAddress::parse(address).ok());
        let email = email.ok_or(SendProofError::NothingToProve)?;
        let masked_email = mask_email(email.address());
        let not_sent = |attempt: Attempt, next_in: Duration| ProofSent {
            is_sent: false,
            was_sent: core.mailed(&attempt).number > 0,
            next_in,
            next_at: core.clock.now() + next_in,
            attempt,
            masked_email: masked_email.clone(),
            temporary_token: None,
        };
        let pause = core.pause_of(&attempt);
        if !pause.is_zero() {
            return Ok(not_sent(attempt, pause));
        }
        let budgets =
            [core.limits.mail_per_ip.of_ip(&self.context), core.limits.mail_per_address.of(email.canonical())];
        match core.spend(&budgets) {
            Err(Fault::Limited(wait)) => return Ok(not_sent(attempt, wait)),
            spent => spent?,
        }
        core.unit(&self.context, |work| {
            // A temporary token allows one mail, and a pause none, also when two requests come at once.
            let locked = work.proofs().lock_attempt(attempt.id)?;
            let locked = locked.filter(|locked| locked.token_hash == attempt.token_hash);
            let mut attempt = locked.ok_or(SendProofError::UnknownAttempt)?;
            let pause = core.pause_of(&attempt);
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
            let redirect_to = self.redirect_to.clone().filter(|app| core.policy.app_urls.allowed(app).is_some());
            let job = Job::ProveAttempt { attempt: attempt.id, redirect_to };
            core.enqueue_job(work, &job, attempt.expires_at)?;
            let sent = not_sent(attempt.clone(), core.pause_of(&attempt));
            Ok(ProofSent { is_sent: true, temporary_token, ..sent })
        })
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
    /// The time until another mail can be requested for an attempt.
    fn pause_of(&self, attempt: &Attempt) -> Duration {
        if !self.limits.enabled {
            return Duration::ZERO;
        }
        self.mailed(attempt).pause(self.limits.mail_per_attempt, self.clock.now())
    }

    /// Notes in the attempt that a mail is requested. The attempt is still to be written.
    pub(crate) fn note_mail(&self, attempt: &mut Attempt) -> Result<(), Fault> {
        let mailed = Mailed { number: self.mailed(attempt).number.saturating_add(1), at: Some(self.clock.now()) };
        let plain = serde_json::to_vec(&mailed).map_err(|error| Fault::Internal(error.to_string()))?;
        attempt.sealed = Some(self.vault.seal(&seal_context(attempt.id), &plain)?);
        Ok(())
    }

    /// The mails of an attempt so far. What cannot be read counts as none: it was sealed with a key that is gone.
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
        self.unit(&RequestContext::default(), |work| {
            if let Some(open) = &open {
                self.make_proof(work, open, true, redirect_to)?;
            }
            finish(work, job)
        })
    }
}
