//! Purges rows that expired or ended long ago. Nothing depends on it: expiry is checked at use.

use selfsame_domain::{
    Instant, OutboxId, RequestContext, WebhookEventId,
    id::{self, Id},
};
use selfsame_ports::StorageError;

use super::orphans;
use crate::{
    Core, Fault, LONGEST_MAIL_USE, core::Work, deletion::carry_out::carry_out, exports::expire::delete_expired,
};

/// One round of purging.
#[derive(Clone, Copy, Debug)]
pub struct Purge {
    /// How long ended and expired rows are kept, for questions about what happened.
    pub keep: chrono::Duration,
}

/// Why a round was not complete.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurgeError {
    /// Some tables could not be purged. The others were.
    #[error(
        "{failed} of {tables} tables could not be purged, the first because: {first}; {rows} rows are cleared away"
    )]
    Incomplete {
        /// The number of tables that could not be purged.
        failed: usize,
        /// The number of tables.
        tables: usize,
        /// The first error.
        first: Fault,
        /// The number of rows and files that were removed.
        rows: usize,
    },
}

/// The greatest number of rows that one transaction removes, so that others wait only shortly for it.
const PORTION: i64 = 500;

/// How long it is remembered from where an account was signed in to.
const ORIGINS_KEPT: chrono::Duration = chrono::Duration::days(400);

/// Removes a portion of one table in a unit; returns the number of rows.
type InUnit<'a> = dyn Fn(&mut Work<'_>) -> Result<usize, StorageError> + 'a;
/// Removes a portion of one table; returns the number of rows.
type Portion<'a> = dyn Fn() -> Result<usize, Fault> + 'a;

impl Purge {
    /// Removes old challenges, attempts, tickets, idempotency keys, authenticator apps that were never confirmed, sessions,
    /// devices, origins of sign-ins, undo points, used backup codes, dead messages and those of channels that nobody drains,
    /// events that are not kept for a replay any more, accounts that were not proven within
    /// [`Policy::unproven_keep`](crate::Policy::unproven_keep) or whose deletion is due, archives and exports, orphaned
    /// files, and full budgets; returns the number of rows and files. Each table by itself, in portions, until `stop`
    /// returns true: then
    /// the next round continues. A table that cannot be purged is logged, and the next one is purged all the same.
    pub fn execute(&self, core: &Core, stop: &dyn Fn() -> bool) -> Result<usize, PurgeError> {
        let now = core.clock.now();
        let (before, unproven_before) = (now - self.keep, now - core.policy.unproven_keep);
        // What is older has expired.
        let left_before: OutboxId = first_id_of(before - LONGEST_MAIL_USE);
        let events_before: WebhookEventId = first_id_of(now - core.policy.webhooks.keep);
        let context = RequestContext::default();
        let unit = |portion: &InUnit<'_>| core.unit::<_, Fault>(&context, |work| Ok(portion(work)?));
        let tables: [(&str, &Portion<'_>); 19] = [
            ("challenges", &|| unit(&|unit| unit.proofs().purge_challenges(before, PORTION))),
            ("attempts", &|| unit(&|unit| unit.proofs().purge_attempts(before, PORTION))),
            ("tickets", &|| unit(&|unit| unit.proofs().purge_tickets(before, PORTION))),
            ("sessions", &|| unit(&|unit| unit.sessions().purge(before, PORTION))),
            ("devices", &|| unit(&|unit| unit.devices().purge(before, PORTION))),
            ("sign_in_origins", &|| unit(&|unit| unit.devices().purge_origins(now - ORIGINS_KEPT, PORTION))),
            ("outbox", &|| unit(&|unit| unit.outbox().purge_dead(before, PORTION))),
            ("outbox_left", &|| unit(&|unit| unit.outbox().purge_left(left_before, PORTION))),
            ("webhook_events", &|| unit(&|unit| unit.webhook_events().purge(events_before, PORTION))),
            ("accounts", &|| unit(&|unit| unit.accounts().purge_unproven(unproven_before, PORTION))),
            ("pending_totps", &|| unit(&|unit| unit.second_factors().purge_pending_totps(before, PORTION))),
            ("undo_points", &|| unit(&|unit| unit.undo_points().purge(before, PORTION))),
            ("used_backup_codes", &|| {
                // A set with such a code cannot be restored any more.
                let forgotten = before.min(now - core.policy.undo_ttl);
                unit(&|unit| unit.second_factors().purge_used_backup_codes(forgotten, PORTION))
            }),
            ("deletions", &|| carry_out(core, now, PORTION)),
            ("archives", &|| delete_expired(core, now, PORTION)),
            ("exports", &|| unit(&|unit| unit.exports().purge(before, PORTION))),
            ("username_holds", &|| unit(&|unit| unit.accounts().purge_username_holds(now, PORTION))),
            ("idempotency_keys", &|| unit(&|unit| unit.idempotency_keys().purge(now, PORTION))),
            ("rate_limits", &|| Ok(core.rate_limits.purge(now, PORTION)?)),
        ];
        let (mut rows, mut faults) = (0, Vec::new());
        for (table, portion) in tables {
            if let Err(fault) = all_portions(portion, stop, &mut rows) {
                tracing::warn!(table, error = %fault, "a table could not be purged");
                faults.push(fault);
            }
        }
        rows += orphans::sweep(core, stop);
        match faults.first().cloned() {
            None => Ok(rows),
            Some(first) => Err(PurgeError::Incomplete { failed: faults.len(), tables: tables.len(), first, rows }),
        }
    }
}

/// The least id of a second, by which rows are found whose ids tell their age.
fn first_id_of<I: Id>(at: Instant) -> I {
    I::from_number(id::compose(at, 0))
}

/// Removes portions until one is not full, and counts the rows.
fn all_portions(portion: &Portion<'_>, stop: &dyn Fn() -> bool, rows: &mut usize) -> Result<(), Fault> {
    while !stop() {
        let removed = portion()?;
        *rows += removed;
        if i64::try_from(removed).is_ok_and(|removed| removed < PORTION) {
            break;
        }
    }
    Ok(())
}
