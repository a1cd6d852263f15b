//! Requests another primary e-mail address for a signed-in user. Nothing changes until the new one is proven (R9).

use selfsame_domain::{
    Action, Claim, Difference, EmailAddress, IdentifierKind, Purpose, RequestContext, Rule, Violation, Violations,
};
use selfsame_ports::{Mail, StorageError};
use serde_json::json;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
    identifiers::proofs::{NewProof, mask_email},
    sessions::principal::StepUpRequired,
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
    /// The caller must prove who they are again (R10).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RequestEmailChangeError: StorageError);

/// What came of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChangeRequested {
    /// The new address.
    pub email: EmailAddress,
    /// Whether it is in force already: it is the current one in another case, which needs no proof.
    pub is_in_force: bool,
}

impl RequestEmailChange {
    /// Mails a code to the new address, and to the verified ones a notice with a link that cancels the change. If the new one belongs to another account, no code
    /// is mailed and the result is the same, so that nobody learns whether an address has an account (R1).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<EmailChangeRequested, RequestEmailChangeError> {
        let invalid = |rule| RequestEmailChangeError::Invalid(Violation::new(Claim::Email, rule).into());
        let email = EmailAddress::parse(&self.new_email).map_err(invalid)?;
        if let Some(rule) = core.policy.fields.of(Claim::Email).forbids() {
            return Err(invalid(rule));
        }
        let primary = caller.user.primary_email().filter(|primary| primary.canonical == email.canonical());
        let is_other_case = primary.is_some_and(|primary| email.differs_in_case(&primary.value));
        if primary.is_some() && !is_other_case {
            return Err(invalid(Rule::Unchanged));
        }
        core.require_step_up(caller)?;
        core.spend(&[
            core.limits.mail_per_ip.of_ip(&self.context),
            core.limits.mail_per_address.of(caller.principal.user_id),
            core.limits.mail_per_address.of(email.canonical()),
        ])?;
        if is_other_case {
            self.respell(core, caller, &email)?;
            return Ok(EmailChangeRequested { email, is_in_force: true });
        }
        let is_taken = owner_of(core, &email)?.is_some_and(|owner| owner.id != caller.principal.user_id);
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RequestEmailChangeError::Unauthenticated)?;
            let before = core.before_change(work, &account)?;
            // A new request replaces the pending one, whatever its address.
            work.proofs().void_challenges(account.id, Purpose::ChangeEmail, core.clock.now())?;
            let new = NewProof {
                purpose: Purpose::ChangeEmail,
                user_id: account.id,
                identifier_id: None,
                target: email.canonical(),
                address: email.address(),
                attempt_id: None,
                sign_in_id: Some(caller.principal.sign_in_id),
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
            let token = core.issue_cancel_change(work, account.id, proof.id, proof.expires_at)?;
            let notice = Mail::EmailChangeRequested {
                masked_email: mask_email(email.address()),
                link: core.policy.link("cancel-email-change", token.expose()),
                minutes: core.policy.email_change_ttl.num_minutes(),
            };
            core.notify(work, &account, &notice, &before)?;
            let masked =
                Difference { pointer: "/email".into(), old: json!(null), new: json!(mask_email(email.address())) };
            let event = Event::of_user(Action::EmailChangeRequested, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event.with(vec![masked]));
            account.save(work)?;
            Ok(EmailChangeRequested { email: email.clone(), is_in_force: false })
        })
    }

    /// Writes the current address in another case. It stays proven: its canonical form is the same (R3).
    fn respell(&self, core: &Core, caller: &Caller, email: &EmailAddress) -> Result<(), RequestEmailChangeError> {
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RequestEmailChangeError::Unauthenticated)?;
            let before = core.before_change(work, &account)?;
            let primary = account.identifiers.iter_mut().find(|identifier| {
                identifier.kind == IdentifierKind::Email
                    && identifier.is_primary
                    && identifier.canonical == email.canonical()
            });
            let primary = primary.ok_or(StorageError::Conflict)?;
            let old = std::mem::replace(&mut primary.value, email.address().to_owned());
            account.touch(core.clock.now());
            core.notify(work, &account, &Mail::ContactChanged, &before)?;
            let change = Difference { pointer: "/email".into(), old: json!(old), new: json!(email.address()) };
            let event = Event::of_user(Action::EmailChanged, account.id, caller.principal.sign_in_id);
            core.record(work, &mut account, event.with(vec![change]));
            Ok(account.save(work)?)
        })
    }
}
