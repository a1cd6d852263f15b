//! Mails the proof that an attempt requires; may be repeated.

use selfsame_domain::{Attempt, AttemptId, EmailAddress, Factor, OpaqueToken, RequestContext, User, UserId};
use selfsame_ports::{Leased, StorageError};

use crate::{
    Core, Fault,
    account::Account,
    attempts::AttemptRef,
    core::Work,
    fault::faults,
    identifiers::proofs::mask_email,
    mail::job::{Job, JobError, finish},
    sign_up::start::owner_of,
};

/// Requests the mail.
#[derive(Clone, Debug)]
pub struct SendProof {
    /// The attempt.
    pub attempt: AttemptRef,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The mail was requested. The client does not learn more.
#[derive(Clone, Debug)]
pub struct ProofSent {
    /// The attempt.
    pub attempt: Attempt,
    /// The recipient's address, masked.
    pub masked_email: String,
    /// The new temporary token, which replaces the one that was used; none in a browser.
    pub temporary_token: Option<OpaqueToken>,
}

/// Why no mail was sent.
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
    /// Enqueues a mail with a new code and link; earlier ones become void (R12). For an address that has a proven
    /// account no mail is sent, and neither the result nor the work shows that (R1).
    pub fn execute(&self, core: &Core) -> Result<ProofSent, SendProofError> {
        let attempt = core.open_attempt(&self.attempt)?.ok_or(SendProofError::UnknownAttempt)?;
        let address = attempt.email.as_deref().filter(|_| attempt.next() == Some(Factor::Email));
        let email = address.and_then(|address| EmailAddress::parse(address).ok());
        let email = email.ok_or(SendProofError::NothingToProve)?;
        core.spend(&[
            core.limits.mail_per_ip.of_ip(&self.context),
            core.limits.mail_per_address.of(email.canonical()),
        ])?;
        core.unit(&self.context, |work| {
            // A temporary token allows one mail, also when two requests come at once.
            let locked = work.proofs().lock_attempt(attempt.id)?;
            let locked = locked.filter(|locked| locked.token_hash == attempt.token_hash);
            let mut attempt = locked.ok_or(SendProofError::UnknownAttempt)?;
            let temporary_token = attempt.token_hash.is_some().then(|| core.token());
            if let Some(token) = &temporary_token {
                attempt.token_hash = Some(token.hash());
                if !work.proofs().save_attempt(&attempt)? {
                    return Err(SendProofError::UnknownAttempt);
                }
            }
            core.enqueue_job(work, &Job::ProveAttempt { attempt: attempt.id }, attempt.expires_at)?;
            Ok(ProofSent { masked_email: mask_email(email.address()), attempt, temporary_token })
        })
    }
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
    pub(crate) fn make_proof(&self, work: &mut Work<'_>, open: &OpenProof, may_mail: bool) -> Result<(), Fault> {
        let Some(account) = Account::lock_usable(work, open.user_id)? else { return Ok(()) };
        if account.credential_epoch != open.attempt.credential_epoch {
            return Ok(());
        }
        self.prove_by_mail(work, &account, Some(open.attempt.id), may_mail && open.owner.is_none())
    }

    /// The worker's part of [`SendProof`].
    pub(crate) fn prove_attempt(&self, id: AttemptId, job: &Leased) -> Result<(), JobError> {
        let open = self.open_proof(id)?;
        self.unit(&RequestContext::default(), |work| {
            if let Some(open) = &open {
                self.make_proof(work, open, true)?;
            }
            finish(work, job)
        })
    }
}
