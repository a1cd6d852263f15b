//! The writer's turn: one unit at a time, as on SQLite.

use std::{
    sync::{Mutex, MutexGuard},
    thread::{self, ThreadId},
};

use super::locked;

/// Who may write.
#[derive(Default)]
pub(super) struct Turns {
    turn: Mutex<()>,
    holder: Mutex<Option<ThreadId>>,
}

impl Turns {
    /// Waits for the turn.
    ///
    /// # Panics
    /// If this thread has it already: it would wait for itself for ever, on SQLite too.
    pub(super) fn take(&self) -> Turn<'_> {
        let me = thread::current().id();
        assert_ne!(*locked(&self.holder), Some(me), "this thread began a unit while it holds another");
        let turn = locked(&self.turn);
        *locked(&self.holder) = Some(me);
        Turn { holder: &self.holder, _turn: turn }
    }
}

/// The turn; given up when dropped.
pub(super) struct Turn<'s> {
    holder: &'s Mutex<Option<ThreadId>>,
    _turn: MutexGuard<'s, ()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *locked(self.holder) = None;
    }
}
