//! A counting semaphore with a deadline.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Instant,
};

/// A fixed number of permits.
pub(crate) struct Semaphore {
    free: Mutex<usize>,
    left: Condvar,
}

/// A permit. It is given back when dropped, in a panic too.
pub(crate) struct Permit(Arc<Semaphore>);

impl Semaphore {
    pub(crate) fn new(permits: usize) -> Self {
        Self { free: Mutex::new(permits), left: Condvar::new() }
    }

    /// Waits for a permit; `None` if there is none until `deadline`.
    pub(crate) fn acquire(this: &Arc<Self>, deadline: Instant) -> Option<Permit> {
        let free = this.free.lock().unwrap_or_else(PoisonError::into_inner);
        let patience = deadline.saturating_duration_since(Instant::now());
        let (mut free, _) =
            this.left.wait_timeout_while(free, patience, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free = free.checked_sub(1)?;
        Some(Permit(Arc::clone(this)))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.left.notify_one();
    }
}
