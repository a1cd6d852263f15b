//! Clears away what is long over. Nothing depends on it: expiry is judged at use.

use selfsame_ports::StorageError;

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

impl Purge {
    /// Removes sessions, attempts, challenges and budgets that ended before; answers how many rows went.
    pub fn execute(&self, core: &Core) -> Result<usize, PurgeError> {
        let before = core.clock.now() - self.keep;
        let rows = core.unit::<_, PurgeError>(|unit| {
            Ok(unit.challenges().purge(before)? + unit.attempts().purge(before)? + unit.sessions().purge(before)?)
        })?;
        Ok(rows + core.rate_limits.purge(core.clock.now())?)
    }
}
