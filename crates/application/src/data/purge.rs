//! Clears away what is long over. Nothing depends on it: expiry is judged at use.

use selfsame_domain::RequestContext;
use selfsame_ports::StorageError;

use super::orphans;
use crate::{Core, Fault, core::Work};

/// One round of the cleaner.
#[derive(Clone, Copy, Debug)]
pub struct Purge {
    /// For how long what is over is kept, for whoever asks what happened.
    pub keep: chrono::Duration,
}

/// Why a round did not clear everything away.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurgeError {
    /// Some tables could not be purged. The others were.
    #[error(
        "{failed} of {tables} tables could not be purged, the first because: {first}; {rows} rows are cleared away"
    )]
    Incomplete {
        /// How many could not.
        failed: usize,
        /// How many there are.
        tables: usize,
        /// Why the first of them could not.
        first: Fault,
        /// How many rows and files went all the same.
        rows: usize,
    },
}

/// Rows that one transaction removes at most, so that it is over soon and nobody waits long for it.
const PORTION: i64 = 500;

/// Removes a portion of one table in a unit; answers how many rows went.
type InUnit<'a> = dyn Fn(&mut Work<'_>) -> Result<usize, StorageError> + 'a;
/// Removes a portion of one table; answers how many rows went.
type Portion<'a> = dyn Fn() -> Result<usize, Fault> + 'a;

impl Purge {
    /// Removes challenges, attempts, tickets, sessions and dead mail that ended before, accounts that nobody has proven for
    /// [`Policy::unproven_keep`](crate::Policy::unproven_keep), pictures that no account has, and budgets that are full
    /// again; answers how many rows and files went. Each table by itself, in portions, until `stop` says so: then the rest
    /// is left to the next round. A table that cannot be purged is logged, and does not keep the next from being purged.
    pub fn execute(&self, core: &Core, stop: &dyn Fn() -> bool) -> Result<usize, PurgeError> {
        let now = core.clock.now();
        let (before, unproven_before) = (now - self.keep, now - core.policy.unproven_keep);
        let context = RequestContext::default();
        let unit = |portion: &InUnit<'_>| core.unit::<_, Fault>(&context, |work| Ok(portion(work)?));
        let tables: [(&str, &Portion<'_>); 7] = [
            ("challenges", &|| unit(&|unit| unit.proofs().purge_challenges(before, PORTION))),
            ("attempts", &|| unit(&|unit| unit.proofs().purge_attempts(before, PORTION))),
            ("tickets", &|| unit(&|unit| unit.proofs().purge_tickets(before, PORTION))),
            ("sessions", &|| unit(&|unit| unit.sessions().purge(before, PORTION))),
            ("outbox", &|| unit(&|unit| unit.outbox().purge_dead(before, PORTION))),
            ("accounts", &|| unit(&|unit| unit.accounts().purge_unproven(unproven_before, PORTION))),
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

/// Removes one portion after the other until one is not full, and counts the rows.
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
