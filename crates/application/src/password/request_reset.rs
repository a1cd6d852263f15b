//! Somebody forgot a password, or says so.

use selfsame_domain::{Action, EmailAddress, Identifier, Purpose, RequestContext};
use selfsame_ports::{Mail, StorageError};

use crate::{
    Core, Fault,
    account::{Account, Event},
    fault::faults,
    identifiers::proofs::NewProof,
    mail::job::Job,
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
    /// Enqueues one job, whatever the address: the worker looks for its account, so neither the answer nor the work tells
    /// whether there is one (R23). Nothing about the account changes.
    pub fn execute(&self, core: &Core) -> Result<(), RequestPasswordResetError> {
        let email = EmailAddress::parse(&self.email).map_err(|_| RequestPasswordResetError::MalformedEmail)?;
        core.spend(&[
            core.limits.mail_per_ip.of_ip(&self.context),
            core.limits.reset_per_address.of(email.canonical()),
        ])?;
        let job = Job::ResetPassword { email: email.address().to_owned(), context: self.context.clone() };
        let useful_until = core.clock.now() + core.policy.reset_ttl;
        core.unit(&self.context, |work| Ok(core.enqueue_job(work, &job, useful_until)?))
    }
}

impl Core {
    /// Mails code and link, if the address is the proven primary one of an account. A former address that an account keeps
    /// beside its primary one has no say over its password.
    pub(crate) fn mail_password_reset(&self, email: &str, context: &RequestContext) -> Result<(), Fault> {
        let Ok(email) = EmailAddress::parse(email) else { return Ok(()) };
        let Some(owner) = owner_of(self, &email)? else { return Ok(()) };
        self.unit(context, |work| {
            let Some(mut account) = Account::lock_usable(work, owner.id)? else { return Ok(()) };
            let is_proven = |primary: &&Identifier| primary.canonical == email.canonical() && primary.is_verified();
            let Some(primary) = account.primary_email().filter(is_proven).cloned() else { return Ok(()) };
            let new = NewProof {
                purpose: Purpose::ResetPassword,
                user_id: account.id,
                identifier_id: Some(primary.id),
                target: &primary.canonical,
                address: &primary.value,
                attempt_id: None,
                code_ttl: self.policy.reset_ttl,
                link_ttl: Some(self.policy.reset_ttl),
            };
            let proof = self.issue_proof(work, &new)?;
            let mail = Mail::ResetPassword {
                code: Some(proof.code.expose().to_owned()),
                link: self.policy.link("reset-password", proof.link.expose()),
                minutes: self.policy.reset_ttl.num_minutes(),
            };
            self.post(work, &account, &primary, mail, proof.expires_at)?;
            self.record(work, &mut account, Event::anonymous(Action::PasswordResetRequested))?;
            Ok(account.save(work)?)
        })
    }
}
