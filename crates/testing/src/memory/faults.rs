//! Faults that a test has requested of the storage.

use std::collections::VecDeque;

use selfsame_ports::StorageError;

/// Faults to come, and what happened so far.
#[derive(Default)]
pub(super) struct Faults {
    /// What everything answers with while it lasts.
    pub(super) outage: Option<StorageError>,
    /// What the next commits answer with.
    pub(super) commits: VecDeque<Result<(), StorageError>>,
    /// Units that were committed.
    pub(super) committed: usize,
}
