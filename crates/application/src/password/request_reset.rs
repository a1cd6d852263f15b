//! Somebody forgot a password, or says so.

use selfsame_domain::{EmailAddress, RequestContext};
use selfsame_ports::StorageError;

use crate::{Core, Fault, fault::faults, limits::Budget, mail::job::Job};

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
    /// Has code and link mailed if the address is the proven primary one of an account. Answer and work are the same if it is
    /// not, or is unknown: one job, and the worker looks the account up (R23). Nothing about the account changes.
    pub fn execute(&self, core: &Core) -> Result<(), RequestPasswordResetError> {
        let email = EmailAddress::parse(&self.email).map_err(|_| RequestPasswordResetError::MalformedEmail)?;
        core.spend(&[
            Budget::of_ip("mail", &self.context, core.limits.mail_per_ip),
            Budget::new("reset", email.canonical(), core.limits.reset_per_address),
        ])?;
        let job = Job::ResetPassword { email: email.address().to_owned(), context: self.context.clone() };
        core.unit(|unit| Ok(core.enqueue_job(unit, &job, core.clock.now() + core.policy.reset_ttl)?))
    }
}
