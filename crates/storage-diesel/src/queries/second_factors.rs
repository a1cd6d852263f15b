//! Authenticator apps.

use diesel::prelude::*;
use selfsame_domain::{PendingTotp, Totp, UserId, id::Id as _};
use selfsame_ports::StorageError;

use super::Reader;
use crate::{
    prepared::prepared,
    rows::{PendingTotpRow, TotpRow},
    schema::{pending_totps, totps},
};

pub(super) fn totp(reader: &mut Reader, user: UserId) -> Result<Option<Totp>, StorageError> {
    let totp = totps::table.find(user.number());
    let row: Option<TotpRow> = reader.run(|connection| prepared!(totp).get_result(connection).optional())?;
    Ok(row.map(Totp::from))
}

pub(super) fn pending_totp(reader: &mut Reader, user: UserId) -> Result<Option<PendingTotp>, StorageError> {
    let pending = pending_totps::table.find(user.number());
    let row: Option<PendingTotpRow> = reader.run(|connection| prepared!(pending).get_result(connection).optional())?;
    Ok(row.map(PendingTotp::from))
}

pub(super) fn list(reader: &mut Reader, after: Option<UserId>, limit: i64) -> Result<Vec<Totp>, StorageError> {
    let totps = totps::table
        .filter(totps::user_id.gt(after.map_or(i64::MIN, UserId::number)))
        .order(totps::user_id)
        .limit(limit);
    let rows: Vec<TotpRow> = reader.run(|connection| prepared!(totps).load(connection))?;
    Ok(rows.into_iter().map(Totp::from).collect())
}
