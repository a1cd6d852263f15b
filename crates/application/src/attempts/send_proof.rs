//! Mails the proof that an attempt waits for; again, if need be.

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

/// Asks for the mail.
#[derive(Clone, Debug)]
pub struct SendProof {
    /// For which attempt.
    pub attempt: AttemptRef,
    /// Who asks.
    pub context: RequestContext,
}

/// The mail is on its way, as far as the client may know.
#[derive(Clone, Debug)]
pub struct ProofSent {
    /// The attempt.
    pub attempt: Attempt,
    /// Where it went, masked.
    pub masked_email: String,
    /// The temporary token to go on with, in place of the one that was used; none in a browser.
    pub temporary_token: Option<OpaqueToken>,
}

/// Why no mail was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendProofError {
    /// No such attempt of this client, or it is over.
    #[error("no such attempt")]
    UnknownAttempt,
    /// The attempt does not wait for a proof of its address.
    #[error("nothing to prove")]
    NothingToProve,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(SendProofError: StorageError);

impl SendProof {
    /// Enqueues the mail of a fresh code and link; earlier ones are void then (R12). For an address that has a proven
    /// account nothing is mailed, and neither the answer nor the work tells that (R1).
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
            // A temporary token is good for one mail, though two may come at once.
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
    /// Who has proven the address already.
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

    /// Makes the proof that an attempt waits for and mails it. It is made, but not mailed, for an address that has an account:
    /// so that its codes are refused like all others (R1).
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
