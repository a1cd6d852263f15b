//! Looks up whose password is to be reset, and mails the proof: the worker's part of a reset.

use selfsame_domain::{Action, EmailAddress, Identifier, Purpose, RequestContext, User};
use selfsame_ports::{Leased, Mail, UnitOfWork};

use crate::{
    Core, Fault,
    core::Event,
    identifiers::{proofs::NewProof, prove::lock_usable},
    mail::job::{JobError, finish},
    sign_up::start::owner_of,
};

impl Core {
    /// Mails code and link if the address is the proven primary one of an account; does nothing if it is not, or is unknown.
    ///
    /// A former address that an account keeps beside its primary one has no say over its password.
    pub(crate) fn mail_password_reset(
        &self,
        email: &str,
        context: &RequestContext,
        job: &Leased,
    ) -> Result<(), JobError> {
        let email = EmailAddress::parse(email).map_err(|_| Fault::Internal("the job names no address".to_owned()))?;
        let owner = owner_of(self, &email)?;
        self.unit(|unit| {
            let user = match &owner {
                Some(owner) => lock_usable(unit, owner.id)?,
                None => None,
            };
            let is_proven = |primary: &&Identifier| primary.canonical == email.canonical() && primary.is_verified();
            let primary = user.as_ref().and_then(|user| Some((user, user.primary_email().filter(is_proven)?)));
            if let Some((user, primary)) = primary {
                self.mail_reset_proof(unit, user, primary, context)?;
            }
            finish(unit, job)
        })
    }

    fn mail_reset_proof(
        &self,
        unit: &mut dyn UnitOfWork,
        user: &User,
        email: &Identifier,
        context: &RequestContext,
    ) -> Result<(), Fault> {
        let new = NewProof {
            purpose: Purpose::ResetPassword,
            user_id: user.id,
            identifier_id: Some(email.id),
            address: &email.value,
            attempt_id: None,
            code_ttl: Some(self.policy.reset_ttl),
            link_ttl: self.policy.reset_ttl,
        };
        let proof = self.issue_proof(unit, &new)?;
        let mail = Mail::ResetPassword {
            code: proof.code.as_ref().map(|code| code.expose().to_owned()),
            link: self.policy.link("reset-password", proof.link.expose()),
            minutes: self.policy.reset_ttl.num_minutes(),
        };
        self.post(unit, user, email, mail, proof.link_expires_at)?;
        self.record(unit, user.id, Event::anonymous(Action::PasswordResetRequested, context))?;
        Ok(())
    }
}
