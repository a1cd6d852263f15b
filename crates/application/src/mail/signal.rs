//! Wakes the delivery worker of this process when something was enqueued and committed. Only a short cut: what is enqueued
//! by another process, or while nobody listens, is found when the worker next looks into the queue.

use std::{
    sync::{Mutex, PoisonError},
    thread::{self, Thread},
};

/// Who is to be woken.
#[derive(Default)]
pub struct OutboxSignal(Mutex<Option<Thread>>);

impl OutboxSignal {
    /// From now on the calling thread is unparked, in place of the one before.
    pub fn wake_me(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current());
    }

    /// A message is in the queue, durably.
    pub(crate) fn wake(&self) {
        if let Some(worker) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            worker.unpark();
        }
    }
}
