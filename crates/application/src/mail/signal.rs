//! Wakes the delivery worker of this process when something was enqueued and committed. It only saves time: the worker
//! also polls the queue, and so finds what other processes enqueue.

use std::{
    sync::{Mutex, PoisonError},
    thread::{self, Thread},
};

/// The thread to wake.
#[derive(Default)]
pub(crate) struct OutboxSignal(Mutex<Option<Thread>>);

impl OutboxSignal {
    /// Registers the calling thread, in place of the one before; it is unparked from now on.
    pub(crate) fn wake_me(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current());
    }

    /// A message was committed: wakes the registered thread.
    pub(crate) fn wake(&self) {
        if let Some(worker) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            worker.unpark();
        }
    }
}
