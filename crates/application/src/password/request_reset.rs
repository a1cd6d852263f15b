//! Requests a password reset.

use selfsame_domain::{Action, EmailAddress, IdentifierKind, Purpose, RequestContext, User};
use selfsame_ports::{Leased, Mail, StorageError};

use crate::{
    Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    identifiers::proofs::NewProof,
    mail::job::{Job, JobError, finish},
};

/// Requests a mail with which its reader can set a new password.
#[derive(Clone, Debug)]
pub struct RequestPasswordReset {
    /// As the user typed it.
    pub email: String,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the request was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestPasswordResetError {
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    MalformedEmail,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RequestPasswordResetError: StorageError);

impl RequestPasswordReset {
    /// Enqueues one job for any address. The worker looks up the account, so neither the result nor the work shows
    /// whether there is one (R23). The account is not changed.
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
    /// The worker's part: mails code and link if the address is the primary one of an account, proven or claimed by a
    /// sign-up. The reset of a claimed one proves it too (R7). Other addresses of an account cannot reset its password.
    pub(crate) fn mail_password_reset(
        &self,
        email: &str,
        context: &RequestContext,
        job: &Leased,
    ) -> Result<(), JobError> {
        let email = EmailAddress::parse(email).map_err(|_| Fault::Internal("the job names no address".to_owned()))?;
        let owner = self.resettable(&email)?;
        self.unit(context, |work| {
            let account = match &owner {
                Some(owner) => Account::lock_enabled(work, owner.id)?,
                None => None,
            };
            if let Some(mut account) = account.filter(|account| is_resettable(account, &email)) {
                self.mail_reset_proof(work, &account)?;
                self.record(work, &mut account, Event::anonymous(Action::PasswordResetRequested));
                account.save(work)?;
            }
            finish(work, job)
        })
    }

    /// The account whose password a mail to this address resets: the one that has proven it, else the one that has
    /// claimed it last. One statement in every case (R23).
    pub(crate) fn resettable(&self, email: &EmailAddress) -> Result<Option<User>, StorageError> {
        let found = self.storage.read()?.by_identifier(IdentifierKind::Email, email.canonical())?;
        Ok(found.map(|found| found.user).filter(|user| is_resettable(user, email)))
    }

    /// Mails code and link to the primary address of a locked account.
    pub(crate) fn mail_reset_proof(&self, work: &mut Work<'_>, user: &User) -> Result<(), Fault> {
        let Some(primary) = user.primary_email() else { return Ok(()) };
        let new = NewProof {
            purpose: Purpose::ResetPassword,
            user_id: user.id,
            identifier_id: Some(primary.id),
            target: &primary.canonical,
            address: &primary.value,
            attempt_id: None,
            sign_in_id: None,
            code_ttl: self.policy.reset_ttl,
            link_ttl: Some(self.policy.reset_ttl),
            is_sent: true,
        };
        let proof = self.issue_proof(work, &new)?;
        let mail = Mail::ResetPassword {
            code: Some(proof.code.expose().to_owned()),
            link: self.policy.link("reset-password", proof.link.expose()),
            minutes: self.policy.reset_ttl.num_minutes(),
        };
        self.post(work, user, primary, mail, proof.expires_at)
    }
}

/// Whether the address is the account's primary one, and proven unless nothing of the account is.
fn is_resettable(user: &User, email: &EmailAddress) -> bool {
    let primary = user.primary_email().filter(|primary| primary.canonical == email.canonical());
    primary.is_some_and(|primary| primary.is_verified() || !user.is_verified())
}
