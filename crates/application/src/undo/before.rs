//! The state of an account before a change, and the links that lead back to it.

use selfsame_domain::{Identifier, IdentifierId, IdentifierKind, Instant, Ticket, TicketKind, UndoPoint, User, UserId};
use selfsame_ports::UndoLink;

use crate::{Core, Fault, core::Work, undo::snapshot::Snapshot};

/// The state of an account before a change. [`Core::notify`] needs it.
pub(crate) struct Before {
    sequence: i64,
    /// The addresses that get a link.
    recipients: Vec<IdentifierId>,
    /// Empty if nobody gets a link.
    sealed: Vec<u8>,
}

impl Core {
    /// Reads the state of a locked account. Call it before the first write of the change, and with the account as it was then.
    pub(crate) fn before_change(&self, work: &mut Work<'_>, user: &User) -> Result<Before, Fault> {
        let sequence = user.audit_head.sequence;
        let recipients = self.established(&user.identifiers, self.clock.now());
        let sealed =
            if recipients.is_empty() { Vec::new() } else { Snapshot::of(work, user)?.seal(self, user.id, sequence)? };
        Ok(Before { sequence, recipients, sealed })
    }

    /// Keeps the state, if one of these addresses gets a link to it.
    pub(crate) fn keep_point(
        &self,
        work: &mut Work<'_>,
        user: UserId,
        before: &Before,
        addresses: &[&Identifier],
    ) -> Result<(), Fault> {
        if !addresses.iter().any(|address| before.recipients.contains(&address.id)) {
            return Ok(());
        }
        let now = self.clock.now();
        work.undo_points().insert(&UndoPoint {
            user_id: user,
            sequence: before.sequence,
            sealed: before.sealed.clone(),
            created_at: now,
            expires_at: now + self.policy.undo_ttl,
        })?;
        Ok(())
    }

    /// The link for the reader of an address; none for one that gets none.
    pub(crate) fn undo_link(
        &self,
        work: &mut Work<'_>,
        user: UserId,
        before: &Before,
        address: &Identifier,
    ) -> Result<Option<UndoLink>, Fault> {
        if !before.recipients.contains(&address.id) {
            return Ok(None);
        }
        let (now, token) = (self.clock.now(), self.token_of(user));
        work.proofs().insert_ticket(&Ticket {
            hash: token.hash(),
            kind: TicketKind::UndoChange,
            user_id: Some(user),
            bound_to: Some(before.sequence.to_string()),
            sealed: None,
            created_at: now,
            expires_at: now + self.policy.undo_ttl,
        })?;
        let link = self.policy.link("undo", token.expose());
        Ok(Some(UndoLink { link, minutes: self.policy.undo_ttl.num_minutes() }))
    }

    /// What was proven or added until then was established at an instant: nobody could undo it any more.
    pub(super) fn established_until(&self, at: Instant) -> Instant {
        at - self.policy.undo_ttl.max(self.policy.new_credential_hold)
    }

    /// The addresses of these identifiers that were established at an instant, the one that was proven first in front: proven so
    /// long before that nobody could undo it any more. Without one, the address that was proven first.
    pub(super) fn established(&self, identifiers: &[Identifier], at: Instant) -> Vec<IdentifierId> {
        let since = self.established_until(at);
        let emails = identifiers.iter().filter(|own| own.kind == IdentifierKind::Email);
        let mut proven: Vec<_> = emails.filter_map(|email| Some((email.verified_at?, email.id))).collect();
        proven.sort_unstable();
        let established = proven.iter().filter(|(proven_at, _)| *proven_at <= since).count();
        proven.into_iter().take(established.max(1)).map(|(_, id)| id).collect()
    }
}
