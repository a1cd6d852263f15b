//! Status and pages of the outbox, for the operator.

use diesel::{
    dsl::{count_star, min},
    prelude::*,
};
use selfsame_domain::{OutboxId, id::Id as _};
use selfsame_ports::{OutboxRow, OutboxStatus, StorageError};

use super::Reader;
use crate::{
    connection::on_backend,
    rows::{LISTED, Listed, by_channel, listed_row},
    schema::outbox,
    sql_types::At,
};

pub(super) fn page(
    reader: &mut Reader,
    dead_only: bool,
    after: Option<OutboxId>,
    limit: i64,
) -> Result<Vec<OutboxRow>, StorageError> {
    let after = after.map_or(0, OutboxId::number);
    let page = outbox::table.filter(outbox::id.gt(after)).order(outbox::id).limit(limit).select(LISTED);
    let rows: Vec<Listed> = if dead_only {
        reader.run(|connection| page.filter(outbox::dead_at.is_not_null()).load(connection))?
    } else {
        reader.run(|connection| page.load(connection))?
    };
    Ok(rows.into_iter().map(listed_row).collect())
}

/// Two statements, each of which uses one of the two indexes only.
pub(super) fn status(reader: &mut Reader) -> Result<OutboxStatus, StorageError> {
    let waiting = outbox::table.filter(outbox::dead_at.is_null()).group_by(outbox::channel).select((
        outbox::channel,
        count_star(),
        min(outbox::due_at),
    ));
    let dead = outbox::table
        .filter(outbox::dead_at.is_not_null())
        .group_by(outbox::channel)
        .select((outbox::channel, count_star()));
    let waiting: Vec<(String, i64, Option<At>)> =
        reader.run(|connection| on_backend!(connection, |each| waiting.load(each)))?;
    let dead: Vec<(String, i64)> = reader.run(|connection| on_backend!(connection, |each| dead.load(each)))?;
    Ok(OutboxStatus::of(by_channel(waiting, dead)))
}
