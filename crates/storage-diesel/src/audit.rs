//! [`Audit`]: the chain of each account.

use diesel::prelude::*;
use selfsame_domain::{AuditEvent, AuditRecord, UserId, audit::RecordContent, id::Id as _};
use selfsame_ports::{Audit, StorageError};

use crate::{prepared::prepared, schema::audit_events, sql_types::At, unit::Unit, words::fixed};

/// Where a chain ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    sequence: i64,
    hash: [u8; 32],
}

impl Head {
    /// A chain that has no row yet.
    pub(crate) const START: Self = Self { sequence: 0, hash: [0; 32] };

    /// The end of a chain by its last row, if there is one.
    pub(crate) fn from_last(sequence: Option<i64>, hash: Option<[u8; 32]>) -> Self {
        sequence.zip(hash).map_or(Self::START, |(sequence, hash)| Self { sequence, hash })
    }
}

/// A row of `audit_events`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
pub(crate) struct AuditRow {
    id: i64,
    subject: i64,
    sequence: i64,
    actor: String,
    action: String,
    occurred_at: At,
    ip: Option<String>,
    sign_in_id: Option<i64>,
    request_id: String,
    differences: String,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

impl TryFrom<AuditRow> for AuditRecord {
    type Error = StorageError;

    fn try_from(row: AuditRow) -> Result<Self, StorageError> {
        let differences = serde_json::from_str(&row.differences);
        Ok(Self {
            sequence: row.sequence,
            previous_hash: fixed(row.previous_hash)?,
            hash: fixed(row.hash)?,
            content: RecordContent {
                subject: row.subject,
                actor: row.actor,
                action: row.action,
                occurred_at: row.occurred_at.0.timestamp_micros(),
                ip: row.ip,
                sign_in_id: row.sign_in_id,
                request_id: row.request_id,
                differences: differences.map_err(|error| StorageError::Internal(error.to_string()))?,
            },
        })
    }
}

impl Audit for Unit {
    /// One statement where the unit has locked or made the account. Two units that add to one chain without having locked
    /// it cannot both succeed: the place in the chain is unique.
    fn append(&mut self, event: &AuditEvent) -> Result<(), StorageError> {
        let head = self.head(event.subject)?;
        let content = RecordContent::of(event);
        let sequence = head.sequence + 1;
        let hash = content.chain_hash(&head.hash, sequence);
        let row = AuditRow {
            id: event.id.number(),
            subject: content.subject,
            sequence,
            actor: content.actor,
            action: content.action,
            occurred_at: At(event.occurred_at),
            ip: content.ip,
            sign_in_id: content.sign_in_id,
            request_id: content.request_id,
            differences: content.differences.to_string(),
            previous_hash: head.hash.to_vec(),
            hash: hash.to_vec(),
        };
        let insert = diesel::insert_into(audit_events::table).values(row);
        self.run(|connection| prepared!(insert).execute(connection))?;
        self.heads.insert(event.subject, Head { sequence, hash });
        Ok(())
    }
}

impl Unit {
    fn head(&mut self, subject: UserId) -> Result<Head, StorageError> {
        if let Some(head) = self.heads.get(&subject) {
            return Ok(*head);
        }
        let last = audit_events::table
            .filter(audit_events::subject.eq(subject.number()))
            .order(audit_events::sequence.desc())
            .select((audit_events::sequence, audit_events::hash));
        let last: Option<(i64, Vec<u8>)> = self.run(|connection| last.first(connection).optional())?;
        let (sequence, hash) = last.unzip();
        Ok(Head::from_last(sequence, hash.map(fixed).transpose()?))
    }
}
