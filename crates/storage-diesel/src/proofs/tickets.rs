//! One-time tickets.

use diesel::{dsl::auto_type, prelude::*};
use selfsame_domain::{Instant, Ticket, TicketKind, TokenHash, UserId, id::Id as _};
use selfsame_ports::StorageError;

use crate::{
    locking::LockDsl as _, prepared::prepared, rows::TicketRow, schema::tickets, sql_types::At,
    stored_values::StoredValue as _, unit::Unit,
};

/// Neither consumed nor void.
#[auto_type(no_type_alias)]
pub(crate) fn unused() -> _ {
    tickets::consumed_at.is_null().and(tickets::voided_at.is_null())
}

/// The columns of a [`TicketRow`].
pub(crate) const COLUMNS: (
    tickets::hash,
    tickets::kind,
    tickets::user_id,
    tickets::bound_to,
    tickets::sealed,
    tickets::created_at,
    tickets::expires_at,
) = (
    tickets::hash,
    tickets::kind,
    tickets::user_id,
    tickets::bound_to,
    tickets::sealed,
    tickets::created_at,
    tickets::expires_at,
);

pub(super) fn insert(unit: &mut Unit, ticket: &Ticket) -> Result<(), StorageError> {
    let insert = diesel::insert_into(tickets::table).values(TicketRow::from(ticket));
    unit.run(|connection| prepared!(insert).execute(connection)).map(drop)
}

pub(super) fn consume(
    unit: &mut Unit,
    hash: &TokenHash,
    kind: TicketKind,
    now: Instant,
) -> Result<Option<Ticket>, StorageError> {
    let usable = tickets::table
        .find(&hash.0[..])
        .filter(tickets::kind.eq(kind.stored()))
        .filter(unused())
        .filter(tickets::expires_at.gt(At(now)));
    let consumed = diesel::update(usable).set(tickets::consumed_at.eq(At(now))).returning(COLUMNS);
    let row: Option<TicketRow> = unit.run(|connection| prepared!(consumed).get_result(connection).optional())?;
    row.map(Ticket::try_from).transpose()
}

pub(super) fn void(unit: &mut Unit, user: UserId, kind: TicketKind, now: Instant) -> Result<(), StorageError> {
    let live = tickets::table
        .filter(tickets::user_id.eq(user.number()))
        .filter(tickets::kind.eq(kind.stored()))
        .filter(unused());
    let voided = diesel::update(live).set(tickets::voided_at.eq(At(now)));
    unit.run(|connection| prepared!(voided).execute(connection)).map(drop)
}

pub(super) fn purge(unit: &mut Unit, before: Instant, limit: i64) -> Result<usize, StorageError> {
    let expired = tickets::table
        .filter(tickets::expires_at.lt(At(before)))
        .order(tickets::expires_at)
        .limit(limit)
        .select(tickets::hash)
        .locked_unless_held();
    let hashes: Vec<Vec<u8>> = unit.run(|connection| prepared!(expired).load(connection))?;
    if hashes.is_empty() {
        return Ok(0);
    }
    unit.run(|connection| diesel::delete(tickets::table.filter(tickets::hash.eq_any(hashes))).execute(connection))
}
