//! Cancels the pending change of the primary e-mail address: by its owner, signed in, or by the link of the mail that
//! announced it to the verified addresses (R9).

use selfsame_domain::{
    Action, Challenge, ChallengeId, Difference, Instant, OpaqueToken, Purpose, RequestContext, Ticket, TicketKind,
    UserId,
};
use selfsame_ports::{Mail, StorageError};
use serde_json::json;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    identifiers::proofs::mask_email,
};

/// Cancels it as the signed-in owner.
#[derive(Clone, Debug)]
pub struct CancelEmailChange {
    /// The request: for audit.
    pub context: RequestContext,
}

/// Cancels it with the token of the mailed link.
#[derive(Clone)]
pub struct CancelEmailChangeByLink {
    /// The token, as it was sent.
    pub token: String,
    /// For audit and limits.
    pub context: RequestContext,
}

/// Why nothing was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CancelEmailChangeError {
    /// No change is pending.
    #[error("no change is pending")]
    NotPending,
    /// The token is unknown, was used, or its change is confirmed, cancelled, replaced or expired.
    #[error("not a token of a pending change")]
    InvalidToken,
    /// The sign-in ended before the change was cancelled.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(CancelEmailChangeError: StorageError);

impl CancelEmailChange {
    /// Voids its code and its link. It needs no recent proof: it only keeps things as they are.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), CancelEmailChangeError> {
        let pending = core
            .pending_change(caller.user.id, Some(caller.principal.sign_in_id))?
            .ok_or(CancelEmailChangeError::NotPending)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(CancelEmailChangeError::Unauthenticated)?;
            let event = Event::of_user(Action::EmailChangeCancelled, account.id, caller.principal.sign_in_id);
            let is_cancelled = core.cancel_email_change(work, &mut account, &pending, event)?;
            if is_cancelled { Ok(()) } else { Err(CancelEmailChangeError::NotPending) }
        })
    }
}

impl CancelEmailChangeByLink {
    /// Voids its code. The token is good for the change that it was mailed for, once, until the code expires. Signs nobody
    /// in, and ends no sign-in.
    pub fn execute(&self, core: &Core) -> Result<(), CancelEmailChangeError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let token = OpaqueToken::parse(&self.token).ok_or(CancelEmailChangeError::InvalidToken)?;
        let user = token.user().ok_or(CancelEmailChangeError::InvalidToken)?;
        let live = core.storage.read()?.challenges(user, Purpose::ChangeEmail)?;
        let pending = live.into_iter().next().ok_or(CancelEmailChangeError::InvalidToken)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_usable(work, user)?;
            let mut account = account.ok_or(CancelEmailChangeError::InvalidToken)?;
            let now = core.clock.now();
            let ticket = work.proofs().consume_ticket(&token.hash(), TicketKind::CancelEmailChange, now)?;
            let bound_to = Some(pending.id.to_string());
            let is_for_this = ticket.is_some_and(|ticket| ticket.user_id == Some(user) && ticket.bound_to == bound_to);
            let event = Event::anonymous(Action::EmailChangeCancelled);
            if is_for_this && core.cancel_email_change(work, &mut account, &pending, event)? {
                Ok(())
            } else {
                Err(CancelEmailChangeError::InvalidToken)
            }
        })
    }
}

impl Core {
    /// A ticket that cancels a change until its code expires.
    pub(crate) fn issue_cancel_change(
        &self,
        work: &mut Work<'_>,
        user: UserId,
        change: ChallengeId,
        expires_at: Instant,
    ) -> Result<OpaqueToken, StorageError> {
        let token = self.token_of(user);
        work.proofs().insert_ticket(&Ticket {
            hash: token.hash(),
            kind: TicketKind::CancelEmailChange,
            user_id: Some(user),
            bound_to: Some(change.to_string()),
            sealed: None,
            created_at: self.clock.now(),
            expires_at,
        })?;
        Ok(token)
    }

    /// `false`, and nothing is changed, if the change was confirmed, cancelled or replaced. The event charges no budget: each
    /// follows a request of a change, which is limited.
    fn cancel_email_change(
        &self,
        work: &mut Work<'_>,
        account: &mut Account,
        pending: &Challenge,
        event: Event,
    ) -> Result<bool, Fault> {
        let before = self.before_change(work, account)?;
        if !work.proofs().consume_challenge(pending.id, self.clock.now())? {
            return Ok(false);
        }
        let masked_email = mask_email(&pending.address);
        let change = Difference { pointer: "/email".into(), old: json!(masked_email), new: json!(null) };
        self.notify(work, account, &Mail::EmailChangeCancelled { masked_email }, &before)?;
        self.record(work, account, event.with(vec![change]));
        account.save(work)?;
        Ok(true)
    }
}
