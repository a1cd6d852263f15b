//! A signed-in user wants another primary e-mail address. Nothing changes until the new one is proven (R9).

use selfsame_domain::{Action, Claim, Difference, EmailAddress, Purpose, RequestContext, Rule, Violation, Violations};
use selfsame_ports::{Mail, StorageError};
use serde_json::json;

use crate::{
    Caller, Core, Fault,
    core::Event,
    fault::faults,
    identifiers::proofs::{NewProof, mask_email},
    identifiers::prove::lock_usable,
    limits::Budget,
    sign_up::start::owner_of,
};

/// Asks for the change.
#[derive(Clone, Debug)]
pub struct RequestEmailChange {
    /// The new address, as typed.
    pub new_email: String,
    /// Who asks.
    pub context: RequestContext,
}

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestEmailChangeError {
    /// Malformed, or the address in force.
    #[error(transparent)]
    Invalid(Violations),
    /// The sign-in ended in the meantime.
    #[error("not signed in any more")]
    Unauthenticated,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RequestEmailChangeError: StorageError);

impl RequestEmailChange {
    /// Mails a code to the new address and a notice to the old ones. If the new one is somebody else's, its owner gets no
    /// code and the caller the same answer: an address cannot be asked whether it has an account (R1).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<EmailAddress, RequestEmailChangeError> {
        let invalid = |rule| RequestEmailChangeError::Invalid(Violation::new(Claim::Email, rule).into());
        let email = EmailAddress::parse(&self.new_email).map_err(invalid)?;
        if caller.user.primary_email().is_some_and(|primary| primary.canonical == email.canonical()) {
            return Err(invalid(Rule::Unchanged));
        }
        core.spend(&[
            Budget::of_ip("mail", &self.context, core.limits.mail_per_ip),
            Budget::of_user("mail", caller.user.id, core.limits.mail_per_address),
            Budget::new("mail", email.canonical(), core.limits.mail_per_address),
        ])?;
        let is_taken = owner_of(core, &email)?.is_some_and(|owner| owner.id != caller.user.id);
        core.unit(|unit| {
            let user = lock_usable(unit, caller.user.id)?.ok_or(RequestEmailChangeError::Unauthenticated)?;
            let new = NewProof {
                purpose: Purpose::ChangeEmail,
                user_id: user.id,
                identifier_id: None,
                address: email.address(),
                attempt_id: None,
                code_ttl: Some(core.policy.email_change_ttl),
                link_ttl: core.policy.email_change_ttl,
            };
            let proof = core.issue_proof(unit, &new)?;
            let mail = Mail::ConfirmEmailChange {
                code: proof.code()?.expose().to_owned(),
                minutes: core.policy.email_change_ttl.num_minutes(),
            };
            if !is_taken {
                core.post_to(unit, &user, email.address(), mail, proof.link_expires_at)?;
            }
            core.notify(unit, &user, &Mail::EmailChangeRequested { masked_email: mask_email(email.address()) })?;
            let masked =
                Difference { claim: "email".into(), old: json!(null), new: json!(mask_email(email.address())) };
            let event = Event::of_user(Action::EmailChangeRequested, user.id, caller.sign_in.id, &self.context);
            core.record(unit, user.id, event.with(vec![masked]))?;
            Ok(email.clone())
        })
    }
}
