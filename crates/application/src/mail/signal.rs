//! Wakes the delivery worker of this process when something was enqueued and committed. Only a short cut: what is enqueued
//! by another process, or while nobody listens, is found when the worker next looks into the queue.

use std::{
    cell::Cell,
    sync::{Mutex, PoisonError},
    thread::{self, Thread},
};

thread_local! {
    /// Whether the unit that this thread runs has enqueued something. A thread runs one unit at a time.
    static HAS_ENQUEUED: Cell<bool> = const { Cell::new(false) };
}

/// Who is to be woken.
#[derive(Default)]
pub struct OutboxSignal(Mutex<Option<Thread>>);

impl OutboxSignal {
    /// From now on the calling thread is unparked, in place of the one before.
    pub fn wake_me(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current());
    }

    /// A unit begins on this thread.
    pub(crate) fn unit_begins() {
        HAS_ENQUEUED.set(false);
    }

    /// The unit of this thread has put something into the outbox.
    pub(crate) fn enqueued() {
        HAS_ENQUEUED.set(true);
    }

    /// The unit of this thread is durable.
    pub(crate) fn unit_committed(&self) {
        if HAS_ENQUEUED.replace(false)
            && let Some(worker) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner)
        {
            worker.unpark();
        }
    }
}
