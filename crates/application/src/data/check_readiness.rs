//! Whether the database can serve requests.

use crate::{Core, Fault};

/// Asks whether the database answers, and has the schema that this build needs (R90).
#[derive(Clone, Copy, Debug)]
pub struct CheckReadiness;

impl CheckReadiness {
    /// Answers why not in a fault, which is for the log and not for the caller.
    pub fn execute(&self, core: &Core) -> Result<(), Fault> {
        Ok(core.storage.ready()?)
    }
}
