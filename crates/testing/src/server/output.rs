//! What a child process writes, kept while it writes it.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// The text read so far, and the threads that read on.
#[derive(Debug, Default)]
pub(super) struct Captured {
    text: Arc<Mutex<String>>,
    followers: Vec<JoinHandle<()>>,
}

impl Captured {
    /// Reads `source` to its end in a thread, line by line.
    pub(super) fn follow(&mut self, source: impl Read + Send + 'static) {
        let text = Arc::clone(&self.text);
        self.followers.push(thread::spawn(move || {
            let mut source = BufReader::new(source);
            let mut line = Vec::new();
            while source.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                text.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        }));
    }

    /// Waits for the end of everything that it follows.
    pub(super) fn join(&mut self) {
        for follower in self.followers.drain(..) {
            follower.join().expect("a reader does not panic");
        }
    }

    pub(super) fn text(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
