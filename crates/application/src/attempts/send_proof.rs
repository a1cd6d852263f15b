//! Mails the proof that an attempt waits for; again, if need be.

use selfsame_domain::{Attempt, EmailAddress, OpaqueToken, Purpose, RequestContext, User};
use selfsame_ports::{Mail, StorageError, UnitOfWork};

use crate::{
    Core, Fault,
    attempts::AttemptRef,
    fault::faults,
    identifiers::proofs::{NewProof, mask_email},
    identifiers::prove::lock_usable,
    limits::Budget,
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
    /// Mails a fresh code and link; earlier ones are void (R12). For an address that has a proven account nothing is
    /// mailed, and the answer is the same (R1).
    pub fn execute(&self, core: &Core) -> Result<ProofSent, SendProofError> {
        let attempt = core.open_attempt(&self.attempt)?.ok_or(SendProofError::UnknownAttempt)?;
        if attempt.step.is_none() {
            return Err(SendProofError::NothingToProve);
        }
        let email = EmailAddress::parse(&attempt.email).map_err(|_| SendProofError::NothingToProve)?;
        core.spend(&[
            Budget::of_ip("mail", &self.context, core.limits.mail_per_ip),
            Budget::new("mail", email.canonical(), core.limits.mail_per_address),
        ])?;
        let is_taken = owner_of(core, &email)?.is_some_and(|owner| owner.id != attempt.user_id);
        core.unit(|unit| {
            let user = lock_usable(unit, attempt.user_id)?.ok_or(SendProofError::UnknownAttempt)?;
            let mut attempt = unit.attempts().lock(attempt.id)?.ok_or(SendProofError::UnknownAttempt)?;
            let temporary_token = attempt.token_hash.is_some().then(|| core.token());
            if let Some(token) = &temporary_token {
                attempt.token_hash = Some(token.hash());
                unit.attempts().save(&attempt)?;
            }
            core.prove_by_mail(unit, &user, Some(&attempt), !is_taken)?;
            Ok(ProofSent { masked_email: mask_email(&attempt.email), attempt, temporary_token })
        })
    }
}

impl Core {
    /// Makes a proof of the account's primary address and, if `is_mailed`, mails it. One that is not mailed makes an
    /// address that has an account look like any other, down to how its codes are refused (R1). The account was locked, or
    /// made, in this unit. Its name is not in the mail: nobody has proven yet that it is the reader's.
    pub(crate) fn prove_by_mail(
        &self,
        unit: &mut dyn UnitOfWork,
        user: &User,
        attempt: Option<&Attempt>,
        is_mailed: bool,
    ) -> Result<(), Fault> {
        let Some(email) = user.primary_email() else { return Ok(()) };
        let new = NewProof {
            purpose: Purpose::VerifyEmail,
            user_id: user.id,
            identifier_id: Some(email.id),
            address: &email.value,
            attempt_id: attempt.map(|attempt| attempt.id),
            code_ttl: Some(self.policy.code_ttl),
            link_ttl: self.policy.link_ttl,
        };
        let proof = self.issue_proof(unit, &new)?;
        let mail = Mail::VerifyEmail {
            code: proof.code()?.expose().to_owned(),
            link: Some(self.policy.link("verify-email", proof.link.expose())),
            code_minutes: self.policy.code_ttl.num_minutes(),
        };
        if is_mailed {
            self.post_to(unit, user, &email.value, mail, proof.link_expires_at)?;
        }
        Ok(())
    }
}
