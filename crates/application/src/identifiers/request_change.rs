//! Requests another primary e-mail address for a signed-in user. Nothing changes until the new one is proven (R9).

use selfsame_domain::{Action, Claim, Difference, EmailAddress, Purpose, RequestContext, Rule, Violation, Violations};
use selfsame_ports::{Mail, StorageError};
use serde_json::json;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    identifiers::proofs::{NewProof, mask_email},
    sessions::principal::StaleProof,
    sign_up::start::owner_of,
};

/// Requests the change.
#[derive(Clone, Debug)]
pub struct RequestEmailChange {
    /// The new address, as typed.
    pub new_email: String,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestEmailChangeError {
    /// Malformed, or the current address.
    #[error(transparent)]
    Invalid(Violations),
    /// The caller's last proof is too old (R10).
    #[error(transparent)]
    Stale(#[from] StaleProof),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RequestEmailChangeError: StorageError);

impl RequestEmailChange {
    /// Mails a code to the new address and a notice to the old ones. If the new one belongs to another account, no code
    /// is mailed and the result is the same, so that nobody learns whether an address has an account (R1).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<EmailAddress, RequestEmailChangeError> {
        let invalid = |rule| RequestEmailChangeError::Invalid(Violation::new(Claim::Email, rule).into());
        let email = EmailAddress::parse(&self.new_email).map_err(invalid)?;
        if caller.user.primary_email().is_some_and(|primary| primary.canonical == email.canonical()) {
            return Err(invalid(Rule::Unchanged));
        }
        caller.principal.require_fresh(core.clock.now(), core.policy.step_up)?;
        core.spend(&[
            core.limits.mail_per_ip.of_ip(&self.context),
            core.limits.mail_per_address.of(caller.principal.user_id),
            core.limits.mail_per_address.of(email.canonical()),
        ])?;
        let is_taken = owner_of(core, &email)?.is_some_and(|owner| owner.id != caller.principal.user_id);
        core.unit(&self.context, |work| {
            let account = Account::lock_usable(work, caller.principal.user_id)?;
            let mut account = account.ok_or(RequestEmailChangeError::Unauthenticated)?;
            // A new request replaces the pending one, whatever its address.
            work.proofs().void_challenges(account.id, Purpose::ChangeEmail, core.clock.now())?;
            let new = NewProof {
                purpose: Purpose::ChangeEmail,
                user_id: account.id,
                identifier_id: None,
                target: email.canonical(),
                address: email.address(),
                attempt_id: None,
                code_ttl: core.policy.email_change_ttl,
                link_ttl: None,
                is_sent: !is_taken,
            };
            let proof = core.issue_proof(work, &new)?;
            let mail = Mail::ConfirmEmailChange {
                code: proof.code.expose().to_owned(),
                minutes: core.policy.email_change_ttl.num_minutes(),
            };
            // Expired from the start if the address belongs to another account: the same work, and no mail (R1).
            let useful_until = if is_taken { core.clock.now() } else { proof.expires_at };
            core.post_to(work, &account, email.address(), mail, useful_until)?;
            core.notify(work, &account, &Mail::EmailChangeRequested { masked_email: mask_email(email.address()) })?;
            let masked =
                Difference { pointer: "/email".into(), old: json!(null), new: json!(mask_email(email.address())) };
            let event = Event::of_user(Action::EmailChangeRequested, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event.with(vec![masked]));
            account.save(work)?;
            Ok(email.clone())
        })
    }
}
