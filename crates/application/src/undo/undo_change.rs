//! Undoes a change by the link of its notice.

use selfsame_domain::{
    Action, Difference, Factor, Factors, Identifier, OpaqueToken, Purpose, RequestContext, TicketKind, UndoPoint, User,
    profile,
};
use selfsame_ports::{Mail, StorageError};
use serde_json::json;

use crate::{
    Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    identifiers::proofs::mask,
    undo::snapshot::Snapshot,
};

/// Undoes it with the token of the mailed link.
#[derive(Clone)]
pub struct UndoChange {
    /// The token, as it was sent.
    pub token: String,
    /// For audit and limits.
    pub context: RequestContext,
}

/// The change was undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The primary address, masked, to which a password reset was mailed; none if the account has no proven one, because it is
    /// another account's by now.
    pub reset_mailed_to: Option<String>,
}

/// Why nothing was undone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoChangeError {
    /// The token is unknown, was used or has expired; or its change was undone together with an earlier one.
    #[error("not a token of a change that can be undone")]
    InvalidToken,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(UndoChangeError: StorageError);

impl UndoChange {
    /// Restores the account, freezes it and mails a reset, by the rules of [`crate::undo`]. Signs nobody in.
    pub fn execute(&self, core: &Core) -> Result<Undone, UndoChangeError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let token = OpaqueToken::parse(&self.token).ok_or(UndoChangeError::InvalidToken)?;
        let user = token.user().ok_or(UndoChangeError::InvalidToken)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_enabled(work, user)?;
            let mut account = account.ok_or(UndoChangeError::InvalidToken)?;
            let point = core.take_point(work, &account, &token)?.ok_or(UndoChangeError::InvalidToken)?;
            Ok(core.undo(work, &mut account, &point)?)
        })
    }
}

impl Core {
    /// Consumes the token, and removes the point that it leads to with all later ones.
    fn take_point(
        &self,
        work: &mut Work<'_>,
        account: &User,
        token: &OpaqueToken,
    ) -> Result<Option<UndoPoint>, StorageError> {
        let ticket = work.proofs().consume_ticket(&token.hash(), TicketKind::UndoChange, self.clock.now())?;
        let own = ticket.filter(|ticket| ticket.user_id == Some(account.id));
        match own.and_then(|ticket| ticket.bound_to?.parse().ok()) {
            Some(sequence) => work.undo_points().take(account.id, sequence),
            None => Ok(None),
        }
    }

    fn undo(&self, work: &mut Work<'_>, account: &mut Account, point: &UndoPoint) -> Result<Undone, Fault> {
        let (now, before) = (self.clock.now(), User::clone(account));
        // Another account may have taken an identifier or passkey since it was looked for: then the unit runs again.
        let retried = |error| if matches!(error, StorageError::Taken(_)) { StorageError::Conflict } else { error };
        let plan = Snapshot::open(self, point)?.plan(self, work, account, point.created_at)?;
        plan.apply(work, account).map_err(retried)?;
        self.end_everything_of(work, account)?;
        account.deletion_at = None;
        let was_frozen = account.frozen_at.replace(now).is_some();
        let event = Event::anonymous(Action::ChangeUndone).with(differences(&before, account, point));
        self.record(work, account, event);
        if !was_frozen {
            self.record(work, account, Event::anonymous(Action::AccountFrozen));
        }
        account.save(work).map_err(retried)?;
        self.mail_after_undo(work, &before, account)
    }

    /// Ends the account's sign-ins, with everything that could start one or complete a change.
    fn end_everything_of(&self, work: &mut Work<'_>, account: &User) -> Result<(), StorageError> {
        let now = self.clock.now();
        work.sessions().end_sign_ins_of(account.id, None, now)?;
        work.devices().remove_all(account.id)?;
        for purpose in Purpose::ALL {
            work.proofs().void_challenges(account.id, purpose, now)?;
        }
        let mut others = TicketKind::ALL.iter().filter(|kind| **kind != TicketKind::UndoChange);
        others.try_for_each(|kind| work.proofs().void_tickets(account.id, *kind, now))
    }

    /// Tells the addresses from before and after the undo, and mails a reset to the primary one.
    fn mail_after_undo(&self, work: &mut Work<'_>, before: &User, account: &User) -> Result<Undone, Fault> {
        let primary = account.primary_email().filter(|email| email.is_verified());
        let masked_email = primary.map(mask);
        let mail = Mail::ChangeUndone { masked_email: masked_email.clone() };
        self.notify_without_undo(work, account, &mail)?;
        let is_gone = |own: &&Identifier| account.identifier(own.id).is_none_or(|present| !present.is_verified());
        for gone in before.notice_addresses().into_iter().filter(is_gone) {
            // Perhaps of an attacker, who is told neither the name of the owner nor from where the undo came.
            self.post_to(work, account, &gone.value, mail.clone(), self.clock.now() + self.policy.undo_ttl)?;
        }
        if primary.is_some() {
            self.mail_reset_proof(work, account)?;
        }
        Ok(Undone { reset_mailed_to: masked_email })
    }
}

/// What was undone: claims, factors, and the place in the audit chain after which it begins.
fn differences(before: &User, after: &User, point: &UndoPoint) -> Vec<Difference> {
    let factors = |user: &User| {
        let password = user.has_password().then_some(Factor::Password);
        Factors::of(user.enrolled.iter().chain(password)).to_text()
    };
    let difference = |pointer: &str, old, new| Difference { pointer: pointer.to_owned(), old, new };
    let mut differences = profile::differences(before, after);
    let (old, new) = (json!(factors(before)), json!(factors(after)));
    if old != new {
        differences.push(difference("/factors", old, new));
    }
    if before.deletion_at.is_some() {
        differences.push(difference("/deletion_at", json!(before.deletion_at), json!(null)));
    }
    differences.push(difference("/audit_sequence", json!(before.audit_head.sequence), json!(point.sequence)));
    differences
}
