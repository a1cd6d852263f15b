//! Attempts, mailed proofs and tickets.

use diesel::{dsl::auto_type, prelude::*};
use selfsame_domain::{
    Attempt, AttemptId, Challenge, Instant, Purpose, SessionId, Ticket, TicketKind, TokenHash, UserId, id::Id as _,
};
use selfsame_ports::StorageError;

use super::Reader;
use crate::{
    prepared::prepared,
    proofs::{challenges::live, tickets},
    rows::{AttemptRow, ChallengeRow, TicketRow},
    schema::{attempts, challenges, tickets as stored},
    sql_types::At,
    stored_values::StoredValue as _,
};

/// Attempts that are neither completed nor expired.
#[auto_type(no_type_alias)]
pub(super) fn open(now: At) -> _ {
    attempts::completed_at.is_null().and(attempts::expires_at.gt(now))
}

pub(super) fn open_attempts(
    reader: &mut Reader,
    session: SessionId,
    now: Instant,
) -> Result<Vec<Attempt>, StorageError> {
    let attempts = attempts::table
        .filter(attempts::session_id.eq(session.number()))
        .filter(open(At(now)))
        .order((attempts::created_at, attempts::id));
    let rows: Vec<AttemptRow> = reader.run(|connection| prepared!(attempts).load(connection))?;
    rows.into_iter().map(Attempt::try_from).collect()
}

pub(super) fn attempt(reader: &mut Reader, id: AttemptId) -> Result<Option<Attempt>, StorageError> {
    let attempt = attempts::table.find(id.number());
    let row: Option<AttemptRow> = reader.run(|connection| prepared!(attempt).get_result(connection).optional())?;
    row.map(Attempt::try_from).transpose()
}

pub(super) fn attempt_by_token(reader: &mut Reader, token: &TokenHash) -> Result<Option<Attempt>, StorageError> {
    let attempt = attempts::table.filter(attempts::token_hash.eq(&token.0[..]));
    let row: Option<AttemptRow> = reader.run(|connection| prepared!(attempt).get_result(connection).optional())?;
    row.map(Attempt::try_from).transpose()
}

pub(super) fn challenges(reader: &mut Reader, user: UserId, purpose: Purpose) -> Result<Vec<Challenge>, StorageError> {
    let challenges = challenges::table
        .filter(challenges::user_id.eq(user.number()))
        .filter(challenges::purpose.eq(purpose.stored()))
        .filter(live())
        .order((challenges::created_at.desc(), challenges::id.desc()));
    let rows: Vec<ChallengeRow> = reader.run(|connection| prepared!(challenges).load(connection))?;
    rows.into_iter().map(Challenge::try_from).collect()
}

pub(super) fn challenge_of_attempt(reader: &mut Reader, attempt: AttemptId) -> Result<Option<Challenge>, StorageError> {
    let challenge = challenges::table
        .filter(challenges::attempt_id.eq(attempt.number()))
        .filter(live())
        .order((challenges::created_at.desc(), challenges::id.desc()))
        .limit(1);
    let row: Option<ChallengeRow> = reader.run(|connection| prepared!(challenge).get_result(connection).optional())?;
    row.map(Challenge::try_from).transpose()
}

pub(super) fn used_link(
    reader: &mut Reader,
    user: UserId,
    link: &TokenHash,
) -> Result<Option<Challenge>, StorageError> {
    let challenge = challenges::table
        .filter(challenges::user_id.eq(user.number()))
        .filter(challenges::link_hash.eq(&link.0[..]))
        .filter(challenges::consumed_at.is_not_null());
    let row: Option<ChallengeRow> = reader.run(|connection| prepared!(challenge).get_result(connection).optional())?;
    row.map(Challenge::try_from).transpose()
}

pub(super) fn challenge_by_link(
    reader: &mut Reader,
    user: UserId,
    link: &TokenHash,
) -> Result<Option<Challenge>, StorageError> {
    let challenge = challenges::table
        .filter(challenges::user_id.eq(user.number()))
        .filter(challenges::link_hash.eq(&link.0[..]))
        .filter(live());
    let row: Option<ChallengeRow> = reader.run(|connection| prepared!(challenge).get_result(connection).optional())?;
    row.map(Challenge::try_from).transpose()
}

pub(super) fn ticket(reader: &mut Reader, hash: &TokenHash, kind: TicketKind) -> Result<Option<Ticket>, StorageError> {
    let ticket = stored::table
        .find(&hash.0[..])
        .filter(stored::kind.eq(kind.stored()))
        .filter(tickets::unused())
        .select(tickets::COLUMNS);
    let row: Option<TicketRow> = reader.run(|connection| prepared!(ticket).get_result(connection).optional())?;
    row.map(Ticket::try_from).transpose()
}

pub(super) fn used_ticket(
    reader: &mut Reader,
    hash: &TokenHash,
    kind: TicketKind,
) -> Result<Option<Ticket>, StorageError> {
    let ticket = stored::table
        .find(&hash.0[..])
        .filter(stored::kind.eq(kind.stored()))
        .filter(stored::consumed_at.is_not_null())
        .select(tickets::COLUMNS);
    let row: Option<TicketRow> = reader.run(|connection| prepared!(ticket).get_result(connection).optional())?;
    row.map(Ticket::try_from).transpose()
}
