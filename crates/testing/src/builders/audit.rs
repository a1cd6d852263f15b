//! Events of the audit trail, and the chain that they are appended to.

use selfsame_domain::{Action, Actor, AuditEvent, AuditRecord, Difference, User, UserId, audit::Details};
use selfsame_ports::{StorageError, UnitOfWork};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::t0;

/// An event of an account, by itself, with one difference.
pub fn an_event(subject: UserId, action: Action) -> AuditEvent {
    let difference = Difference { pointer: "/name".to_owned(), old: Value::Null, new: json!("Ada Lovelace") };
    AuditEvent {
        subject,
        actor: Actor::User(subject),
        action,
        occurred_at: t0(),
        sign_in_id: None,
        request_id: "req-test".to_owned(),
        details: Details { ip: Some("192.0.2.7".to_owned()), user_agent: None, changes: vec![difference] },
    }
}

/// The MAC of the tests' audit trails: its key is known, and context and data cannot run into each other.
pub fn test_mac(context: &str, data: &[u8]) -> [u8; 32] {
    let key = Sha256::new().chain_update(b"test audit key");
    key.chain_update((context.len() as u64).to_be_bytes()).chain_update(context).chain_update(data).finalize().into()
}

/// Appends an event to its account's chain as a use case does: locks the account, chains the record under [`test_mac`],
/// appends it, and saves that the chain ends with it.
///
/// # Panics
/// If there is no such account.
pub fn append_event(unit: &mut dyn UnitOfWork, event: &AuditEvent) -> Result<AuditRecord, StorageError> {
    let before = unit.accounts().lock(event.subject)?.expect("the account of the event is there");
    let record = AuditRecord::chained(&before.audit_head, event, &test_mac);
    unit.audit().append(&record)?;
    let after = User { audit_head: record.head(), ..before.clone() };
    unit.accounts().save(&before, &after)?;
    Ok(record)
}
