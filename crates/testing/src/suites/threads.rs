//! Threads that start at the same time, so that they conflict.

use std::{
    sync::Barrier,
    thread::{self, ScopedJoinHandle},
};

/// Runs the same work on so many threads that all start at once; returns what each said, in the order of their numbers.
pub(super) fn together<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(threads);
    let (barrier, work) = (&barrier, &work);
    thread::scope(|scope| {
        let spawn = |number| {
            scope.spawn(move || {
                barrier.wait();
                work(number)
            })
        };
        let running: Vec<ScopedJoinHandle<'_, T>> = (0..threads).map(spawn).collect();
        running.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    })
}

/// How many of the threads were told `true`.
pub(super) fn winners(answers: &[bool]) -> usize {
    answers.iter().filter(|&&won| won).count()
}
