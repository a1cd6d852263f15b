//! The mail to a user whose account the operator made.

use selfsame_domain::{Purpose, User};
use selfsame_ports::Mail;

use crate::{Core, Fault, core::Work, identifiers::proofs::NewProof};

impl Core {
    /// Mails a link with which the user proves the primary address and sets a first password. Where the operator vouches
    /// for the address, only the password is left.
    pub(super) fn invite(&self, work: &mut Work<'_>, user: &User) -> Result<(), Fault> {
        let Some(email) = user.primary_email() else { return Ok(()) };
        let (purpose, page) = if email.is_verified() {
            (Purpose::ResetPassword, "reset-password")
        } else {
            (Purpose::VerifyEmail, "verify-email")
        };
        let new = NewProof {
            purpose,
            user_id: user.id,
            identifier_id: Some(email.id),
            target: &email.canonical,
            address: &email.value,
            attempt_id: None,
            sign_in_id: None,
            code_ttl: self.policy.code_ttl,
            link_ttl: Some(self.policy.link_ttl),
            is_sent: true,
        };
        let proof = self.issue_proof(work, &new)?;
        let link = self.policy.link(page, proof.link.expose());
        let mail = Mail::Invitation { link, minutes: self.policy.link_ttl.num_minutes() };
        self.post_to(work, user, &email.value, mail, proof.expires_at)
    }
}
