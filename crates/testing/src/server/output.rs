//! What a child process writes, kept while it writes it.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The text read so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Captured(Arc<Mutex<String>>);

impl Captured {
    /// Reads `source` to its end in a thread, line by line.
    pub(super) fn follow(&self, source: impl Read + Send + 'static) {
        let captured = self.clone();
        thread::spawn(move || {
            let mut source = BufReader::new(source);
            let mut line = Vec::new();
            while source.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                captured.0.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        });
    }

    pub(super) fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
