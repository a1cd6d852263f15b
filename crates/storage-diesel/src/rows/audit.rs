//! Rows of the audit trail.

use diesel::prelude::*;
use selfsame_domain::{AuditRecord, SignInId, UserId, id::Id};
use selfsame_ports::StorageError;

use crate::{schema::audit_events, sql_types::At, stored_values::fixed};

/// A row of `audit_events`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
pub(crate) struct AuditRow {
    subject: i64,
    sequence: i64,
    actor: String,
    action: String,
    occurred_at: At,
    sign_in_id: Option<i64>,
    request_id: String,
    details: Option<String>,
    details_mac: Vec<u8>,
    mac: Vec<u8>,
}

impl From<&AuditRecord> for AuditRow {
    fn from(record: &AuditRecord) -> Self {
        Self {
            subject: record.subject.number(),
            sequence: record.sequence,
            actor: record.actor.clone(),
            action: record.action.clone(),
            occurred_at: At(record.occurred_at),
            sign_in_id: record.sign_in_id.map(Id::number),
            request_id: record.request_id.clone(),
            details: record.details.clone(),
            details_mac: record.details_mac.to_vec(),
            mac: record.mac.to_vec(),
        }
    }
}

impl TryFrom<AuditRow> for AuditRecord {
    type Error = StorageError;

    fn try_from(row: AuditRow) -> Result<Self, StorageError> {
        Ok(Self {
            subject: UserId::from_number(row.subject),
            sequence: row.sequence,
            actor: row.actor,
            action: row.action,
            occurred_at: row.occurred_at.0,
            sign_in_id: row.sign_in_id.map(SignInId::from_number),
            request_id: row.request_id,
            details: row.details,
            details_mac: fixed(row.details_mac)?,
            mac: fixed(row.mac)?,
        })
    }
}
