//! What pictures may take together: a number of threads, and memory. With a deadline, first come, first served.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Instant,
};

/// A fixed number of permits, and a fixed number of bytes.
pub(crate) struct Budget {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    permits: usize,
    bytes: u64,
    /// Those who wait, by their numbers.
    queue: VecDeque<u64>,
    next: u64,
}

/// A permit, and bytes. They are given back when dropped, in a panic too.
pub(crate) struct Share {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(permits: usize, bytes: u64) -> Self {
        let state = State { permits, bytes, queue: VecDeque::new(), next: 0 };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Waits for a permit and `bytes`; `None` if there are none until `deadline`. A large share waits at the head of the
    /// queue until it is complete, and small ones behind it.
    pub(crate) fn acquire(this: &Arc<Self>, bytes: u64, deadline: Instant) -> Option<Share> {
        let mut state = this.state.lock().unwrap_or_else(PoisonError::into_inner);
        let number = state.next;
        state.next += 1;
        state.queue.push_back(number);
        let patience = deadline.saturating_duration_since(Instant::now());
        let waits =
            |state: &mut State| state.permits == 0 || state.bytes < bytes || state.queue.front() != Some(&number);
        let (mut state, waited) =
            this.changed.wait_timeout_while(state, patience, waits).unwrap_or_else(PoisonError::into_inner);
        state.queue.retain(|waiting| *waiting != number);
        this.changed.notify_all();
        if waited.timed_out() {
            return None;
        }
        state.permits = state.permits.checked_sub(1)?;
        state.bytes = state.bytes.checked_sub(bytes)?;
        Some(Share { budget: Arc::clone(this), bytes })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut state = self.budget.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.permits += 1;
        state.bytes += self.bytes;
        self.budget.changed.notify_all();
    }
}
