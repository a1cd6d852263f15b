//! Files in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use selfsame_ports::{BlobError, Blobs};

/// A file store that is gone with the test, and can be out of reach.
#[derive(Default)]
pub struct MemoryBlobs {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    outage: Mutex<Option<BlobError>>,
}

impl MemoryBlobs {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The names of all files, in order.
    pub fn names(&self) -> Vec<String> {
        locked(&self.files).keys().cloned().collect()
    }

    /// Everything answers with this error from now on; `None` ends the outage.
    pub fn fail_with(&self, error: Option<BlobError>) {
        *locked(&self.outage) = error;
    }

    fn named(&self, name: &str) -> Result<MutexGuard<'_, BTreeMap<String, Vec<u8>>>, BlobError> {
        locked(&self.outage).clone().map_or(Ok(()), Err)?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        let starts_plain = name.starts_with(|first: char| first.is_ascii_alphanumeric());
        if !starts_plain || name.len() > 128 || !name.bytes().all(is_plain) {
            return Err(BlobError::Name);
        }
        Ok(locked(&self.files))
    }
}

impl Blobs for MemoryBlobs {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BlobError> {
        self.named(name)?.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError> {
        Ok(self.named(name)?.get(name).cloned())
    }

    fn delete(&self, name: &str) -> Result<(), BlobError> {
        self.named(name)?.remove(name);
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
