//! Mails the proof of the primary address to a signed-in user, again if it was mailed before.

use selfsame_domain::{Action, RequestContext};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
};

/// Requests the mail.
#[derive(Clone, Debug)]
pub struct RequestEmailVerification {
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailVerificationRequest {
    /// Code and link were enqueued.
    Sent,
    /// The address is verified already; nothing was sent.
    AlreadyVerified,
}

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestEmailVerificationError {
    /// The account has no e-mail address.
    #[error("no e-mail address")]
    NoEmail,
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RequestEmailVerificationError: StorageError);

impl RequestEmailVerification {
    /// Mails a new code and link; earlier ones become void (R12).
    pub fn execute(
        &self,
        core: &Core,
        caller: &Caller,
    ) -> Result<EmailVerificationRequest, RequestEmailVerificationError> {
        let email = caller.user.primary_email().ok_or(RequestEmailVerificationError::NoEmail)?;
        if email.is_verified() {
            return Ok(EmailVerificationRequest::AlreadyVerified);
        }
        core.spend(&[core.limits.mail_per_ip.of_ip(&self.context), core.limits.mail_per_address.of(&email.canonical)])?;
        let (user_id, sign_in_id) = (caller.principal.user_id, caller.principal.sign_in_id);
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RequestEmailVerificationError::Unauthenticated)?;
            core.prove_by_mail(work, &account, None, true)?;
            let event = Event::of_user(Action::EmailVerificationRequested, user_id, sign_in_id);
            core.record(work, &mut account, event);
            account.save(work)?;
            Ok(EmailVerificationRequest::Sent)
        })
    }
}
