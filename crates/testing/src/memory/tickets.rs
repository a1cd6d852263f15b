//! Tickets in memory.

use selfsame_domain::{Instant, Ticket, TicketKind, TokenHash, UserId};
use selfsame_ports::StorageError;

use super::tables::{Tables, insert_new, may_exist, remove_where};

/// A ticket, whether it is neither used nor void, and whether it was used.
#[derive(Clone)]
pub(super) struct TicketRow {
    pub(super) ticket: Ticket,
    is_live: bool,
    is_used: bool,
}

impl Tables {
    pub(super) fn insert_ticket(&mut self, ticket: &Ticket) -> Result<(), StorageError> {
        may_exist(&self.users, ticket.user_id)?;
        insert_new(
            &mut self.tickets,
            ticket.hash.0,
            TicketRow { ticket: ticket.clone(), is_live: true, is_used: false },
        )
    }

    pub(super) fn consume_ticket(&mut self, hash: &TokenHash, kind: TicketKind, now: Instant) -> Option<Ticket> {
        let row = self.tickets.get_mut(&hash.0);
        let row = row.filter(|row| row.is_live && row.ticket.kind == kind && now < row.ticket.expires_at)?;
        (row.is_live, row.is_used) = (false, true);
        Some(row.ticket.clone())
    }

    pub(super) fn void_tickets(&mut self, user: UserId, kind: TicketKind) {
        for row in self.tickets.values_mut() {
            row.is_live &= (row.ticket.user_id, row.ticket.kind) != (Some(user), kind);
        }
    }

    pub(super) fn purge_tickets(&mut self, before: Instant, limit: i64) -> usize {
        remove_where(&mut self.tickets, limit, |row| row.ticket.expires_at < before)
    }

    /// A ticket of a kind that was used.
    pub(super) fn used_ticket(&self, hash: &TokenHash, kind: TicketKind) -> Option<Ticket> {
        let row = self.tickets.get(&hash.0).filter(|row| row.is_used && row.ticket.kind == kind);
        row.map(|row| row.ticket.clone())
    }

    /// A ticket of a kind that is neither used nor void, expired or not.
    pub(super) fn live_ticket(&self, hash: &TokenHash, kind: TicketKind) -> Option<Ticket> {
        let row = self.tickets.get(&hash.0).filter(|row| row.is_live && row.ticket.kind == kind);
        row.map(|row| row.ticket.clone())
    }
}
