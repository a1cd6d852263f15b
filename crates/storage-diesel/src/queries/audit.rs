//! Audit trails.

use diesel::{dsl::auto_type, prelude::*};
use selfsame_domain::{AuditRecord, UserId, id::Id as _};
use selfsame_ports::{ActivityFilter, StorageError};

use super::Reader;
use crate::{prepared::prepared, rows::AuditRow, schema::audit_events, sql_types::At};

pub(super) fn trail(
    reader: &mut Reader,
    user: UserId,
    after: i64,
    limit: i64,
) -> Result<Vec<AuditRecord>, StorageError> {
    let page = audit_events::table
        .filter(audit_events::subject.eq(user.number()))
        .filter(audit_events::sequence.gt(after))
        .order(audit_events::sequence)
        .limit(limit);
    let rows: Vec<AuditRow> = reader.run(|connection| prepared!(page).load(connection))?;
    rows.into_iter().map(AuditRecord::try_from).collect()
}

/// The part of a chain in which a filter looks, the newest record first.
#[auto_type(no_type_alias)]
fn part_of_chain(user: i64, first: i64, before: i64, since: At, until: At, limit: i64) -> _ {
    audit_events::table
        .filter(audit_events::subject.eq(user))
        .filter(audit_events::sequence.ge(first))
        .filter(audit_events::sequence.lt(before))
        .filter(audit_events::occurred_at.ge(since))
        .filter(audit_events::occurred_at.lt(until))
        .order(audit_events::sequence.desc())
        .limit(limit)
}

/// The statement with actions has as many parameters as there are actions, so it is not prepared once for all.
pub(super) fn activity(
    reader: &mut Reader,
    user: UserId,
    filter: &ActivityFilter,
) -> Result<Vec<AuditRecord>, StorageError> {
    let ActivityFilter { actions, first, before, since, until, limit } = filter;
    let part = part_of_chain(user.number(), *first, *before, At(*since), At(*until), *limit);
    let rows: Vec<AuditRow> = match actions {
        None => reader.run(|connection| prepared!(part).load(connection))?,
        Some(actions) => {
            let of_actions = part.filter(audit_events::action.eq_any(actions));
            reader.run(|connection| of_actions.load(connection))?
        }
    };
    rows.into_iter().map(AuditRecord::try_from).collect()
}

pub(super) fn subjects(reader: &mut Reader, after: Option<UserId>, limit: i64) -> Result<Vec<UserId>, StorageError> {
    let subjects = audit_events::table
        .filter(audit_events::subject.gt(after.map_or(i64::MIN, UserId::number)))
        .select(audit_events::subject)
        .distinct()
        .order(audit_events::subject)
        .limit(limit);
    let subjects: Vec<i64> = reader.run(|connection| prepared!(subjects).load(connection))?;
    Ok(subjects.into_iter().map(UserId::from_number).collect())
}
