//! Somebody forgot a password, or says so.

use selfsame_domain::{Action, EmailAddress, Identifier, Purpose, RequestContext, User};
use selfsame_ports::{Mail, StorageError, UnitOfWork};

use crate::{
    Core, Fault, core::Event, fault::faults, identifiers::proofs::NewProof, identifiers::prove::lock_usable,
    sign_up::start::owner_of,
};

/// Asks for a mail that lets its reader set a new password.
#[derive(Clone, Debug)]
pub struct RequestPasswordReset {
    /// As typed.
    pub email: String,
    /// Who asks.
    pub context: RequestContext,
}

/// Why nothing was even considered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestPasswordResetError {
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    MalformedEmail,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RequestPasswordResetError: StorageError);

impl RequestPasswordReset {
    /// Mails code and link if the address is the proven primary one of an account; the answer is the same if it is not, or
    /// is unknown, and so is the work: a unit that ends in the outbox (R23). Nothing about the account changes.
    ///
    /// A former address that an account keeps beside its primary one has no say over its password.
    pub fn execute(&self, core: &Core) -> Result<(), RequestPasswordResetError> {
        let email = EmailAddress::parse(&self.email).map_err(|_| RequestPasswordResetError::MalformedEmail)?;
        core.spend(&[
            core.limits.mail_per_ip.of_ip(&self.context),
            core.limits.reset_per_address.of(email.canonical()),
        ])?;
        let owner = owner_of(core, &email)?;
        core.unit(|unit| {
            let user = match &owner {
                Some(owner) => lock_usable(unit, owner.id)?,
                None => None,
            };
            let is_proven = |primary: &&Identifier| primary.canonical == email.canonical() && primary.is_verified();
            match user.as_ref().and_then(|user| user.primary_email().filter(is_proven).map(|primary| (user, primary))) {
                Some((user, primary)) => self.mail_proof(core, unit, user, primary),
                None => Ok(core.post_nothing(unit)?),
            }
        })
    }

    fn mail_proof(
        &self,
        core: &Core,
        unit: &mut dyn UnitOfWork,
        user: &User,
        email: &Identifier,
    ) -> Result<(), RequestPasswordResetError> {
        let new = NewProof {
            purpose: Purpose::ResetPassword,
            user_id: user.id,
            identifier_id: Some(email.id),
            address: &email.value,
            attempt_id: None,
            code_ttl: Some(core.policy.reset_ttl),
            link_ttl: core.policy.reset_ttl,
        };
        let proof = core.issue_proof(unit, &new)?;
        let mail = Mail::ResetPassword {
            code: proof.code.as_ref().map(|code| code.expose().to_owned()),
            link: core.policy.link("reset-password", proof.link.expose()),
            minutes: core.policy.reset_ttl.num_minutes(),
        };
        core.post(unit, user, email, mail, proof.link_expires_at)?;
        core.record(unit, user.id, Event::anonymous(Action::PasswordResetRequested, &self.context))?;
        Ok(())
    }
}
