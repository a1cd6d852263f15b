//! Clears away what is long over. Nothing depends on it: expiry is judged at use.

use selfsame_ports::{StorageError, UnitOfWork};

use super::orphans;
use crate::{Core, Fault, fault::faults};

/// One round of the cleaner.
#[derive(Clone, Copy, Debug)]
pub struct Purge {
    /// For how long what is over is kept, for whoever asks what happened.
    pub keep: chrono::Duration,
}

/// Why there was no round.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurgeError {
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(PurgeError: StorageError);

/// Rows that one unit removes at most, so that it is over soon and nobody waits long for it.
const PORTION: i64 = 500;

/// Removes a portion of one table; answers how many rows went.
type Portion<'a> = dyn Fn(&mut dyn UnitOfWork) -> Result<usize, StorageError> + 'a;

impl Purge {
    /// Removes challenges, attempts, sessions and dead mail that ended before, budgets that are full again, and accounts
    /// that nobody has proven for [`Policy::unproven_keep`](crate::Policy::unproven_keep), and pictures that no account has;
    /// answers how many rows and files went. Each table by itself, in portions, until `stop` says so: then the rest is left
    /// to the next round. Pictures are swept whatever became of the tables, and the other way round.
    pub fn execute(&self, core: &Core, stop: &dyn Fn() -> bool) -> Result<usize, PurgeError> {
        let rows = self.tables(core, stop);
        let files = orphans::sweep(core, stop);
        rows.map(|rows| rows + files)
    }

    fn tables(&self, core: &Core, stop: &dyn Fn() -> bool) -> Result<usize, PurgeError> {
        let now = core.clock.now();
        let (before, unproven_before) = (now - self.keep, now - core.policy.unproven_keep);
        let tables: [&Portion<'_>; 5] = [
            &|unit| unit.challenges().purge(before, PORTION),
            &|unit| unit.attempts().purge(before, PORTION),
            &|unit| unit.sessions().purge(before, PORTION),
            &|unit| unit.outbox().purge_dead(before, PORTION),
            &|unit| unit.users().purge_unproven(unproven_before, PORTION),
        ];
        let mut rows = core.rate_limits.purge(now)?;
        for table in tables {
            while !stop() {
                let portion = core.unit::<_, PurgeError>(|unit| Ok(table(unit)?))?;
                rows += portion;
                if i64::try_from(portion).is_ok_and(|portion| portion < PORTION) {
                    break;
                }
            }
        }
        Ok(rows)
    }
}
