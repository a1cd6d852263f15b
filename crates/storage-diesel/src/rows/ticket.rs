//! Rows of tickets.

use diesel::prelude::*;
use selfsame_domain::{Ticket, TicketKind, TokenHash, UserId, id::Id};
use selfsame_ports::StorageError;

use crate::{
    schema::tickets,
    sql_types::At,
    stored_values::{StoredValue as _, fixed},
};

/// A row of `tickets`, without the instants of its use and voiding.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tickets, treat_none_as_default_value = false)]
pub(crate) struct TicketRow {
    hash: Vec<u8>,
    kind: String,
    user_id: Option<i64>,
    bound_to: Option<String>,
    sealed: Option<Vec<u8>>,
    created_at: At,
    expires_at: At,
}

impl From<&Ticket> for TicketRow {
    fn from(ticket: &Ticket) -> Self {
        Self {
            hash: ticket.hash.0.to_vec(),
            kind: ticket.kind.stored().to_owned(),
            user_id: ticket.user_id.map(Id::number),
            bound_to: ticket.bound_to.clone(),
            sealed: ticket.sealed.clone(),
            created_at: At(ticket.created_at),
            expires_at: At(ticket.expires_at),
        }
    }
}

impl TryFrom<TicketRow> for Ticket {
    type Error = StorageError;

    fn try_from(row: TicketRow) -> Result<Self, StorageError> {
        Ok(Self {
            hash: TokenHash(fixed(row.hash)?),
            kind: TicketKind::read(&row.kind)?,
            user_id: row.user_id.map(UserId::from_number),
            bound_to: row.bound_to,
            sealed: row.sealed,
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
        })
    }
}
