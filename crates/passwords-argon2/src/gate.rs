//! A semaphore with a bounded queue and a bounded wait. First come, first served, so that under load those that have
//! waited longest are not the ones that time out.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub(crate) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
    queue: usize,
    wait: Duration,
}

struct State {
    free: usize,
    waiting: VecDeque<u64>,
    next_ticket: u64,
}

impl State {
    fn is_turn_of(&self, ticket: u64) -> bool {
        self.free > 0 && self.waiting.front() == Some(&ticket)
    }
}

impl Gate {
    pub(crate) fn new(permits: usize, queue: usize, wait: Duration) -> Self {
        Self {
            state: Mutex::new(State { free: permits, waiting: VecDeque::new(), next_ticket: 0 }),
            changed: Condvar::new(),
            queue,
            wait,
        }
    }

    /// Waits for a permit. `None` at once if the queue is full, or after the longest wait.
    pub(crate) fn enter(&self) -> Option<Permit<'_>> {
        let mut state = self.lock();
        if state.free > 0 && state.waiting.is_empty() {
            state.free -= 1;
            return Some(Permit(self));
        }
        if state.waiting.len() >= self.queue {
            return None;
        }
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.waiting.push_back(ticket);
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, self.wait, |state| !state.is_turn_of(ticket))
            .unwrap_or_else(PoisonError::into_inner);
        let is_turn = state.is_turn_of(ticket);
        state.waiting.retain(|waiting| *waiting != ticket);
        if is_turn {
            state.free -= 1;
        }
        // The next one in the queue may go on if there is another permit.
        self.changed.notify_all();
        is_turn.then(|| Permit(self))
    }

    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing can panic while the lock is held, so a poisoned state is still consistent.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A permit. It is given back when dropped.
pub(crate) struct Permit<'a>(&'a Gate);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.lock().free += 1;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        thread,
    };

    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    fn until_waiting(gate: &Gate, count: usize) {
        while gate.waiting() < count {
            thread::yield_now();
        }
    }

    #[test]
    fn never_are_more_inside_than_there_are_permits() {
        let gate = Gate::new(2, 100, LONG);
        let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    let _permit = gate.enter().unwrap();
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(1));
                    inside.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 2);
    }

    #[test]
    fn a_full_queue_turns_the_next_one_away_at_once() {
        let gate = Gate::new(1, 1, LONG);
        let permit = gate.enter().unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| gate.enter().is_some());
            until_waiting(&gate, 1);
            assert!(gate.enter().is_none(), "would have waited a minute if it had waited");
            drop(permit);
            assert!(waiting.join().unwrap());
        });
        assert!(gate.enter().is_some());
    }

    #[test]
    fn a_wait_ends_in_time_and_leaves_no_trace() {
        let gate = Gate::new(1, 1, Duration::from_millis(5));
        let permit = gate.enter().unwrap();
        assert!(gate.enter().is_none());
        assert_eq!(gate.waiting(), 0);
        drop(permit);
        assert!(gate.enter().is_some());
    }

    #[test]
    fn who_came_first_is_served_first() {
        let gate = Gate::new(1, 10, LONG);
        let permit = gate.enter().unwrap();
        let (served, order) = mpsc::channel();
        thread::scope(|scope| {
            for number in 0..5 {
                let (gate, served) = (&gate, served.clone());
                scope.spawn(move || {
                    let _permit = gate.enter().unwrap();
                    served.send(number).unwrap();
                });
                until_waiting(gate, number + 1);
            }
            drop(permit);
        });
        drop(served);
        assert_eq!(order.iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_permit_comes_back_when_its_holder_panics() {
        let gate = Gate::new(1, 0, LONG);
        thread::scope(|scope| {
            let worker = scope.spawn(|| {
                let _permit = gate.enter().unwrap();
                std::panic::resume_unwind(Box::new("bad luck"));
            });
            assert!(worker.join().is_err());
        });
        assert!(gate.enter().is_some());
    }
}
