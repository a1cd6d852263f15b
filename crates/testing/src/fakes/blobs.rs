//! Files in memory.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use selfsame_domain::Instant;
use selfsame_ports::{BlobEntry, BlobError, Blobs, check_blob, check_blob_name};

/// By name: when it was put, and its bytes.
type Files = BTreeMap<String, (Instant, Vec<u8>)>;

/// A file store that is gone with the test, and can be out of reach.
#[derive(Default)]
pub struct MemoryBlobs {
    files: Mutex<Files>,
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

    /// The files, unless there is an outage.
    fn up(&self) -> Result<MutexGuard<'_, Files>, BlobError> {
        locked(&self.outage).clone().map_or(Ok(()), Err)?;
        Ok(locked(&self.files))
    }
}

impl Blobs for MemoryBlobs {
    fn put(&self, name: &str, bytes: &[u8], now: Instant) -> Result<(), BlobError> {
        check_blob(name, bytes)?;
        self.up()?.insert(name.to_owned(), (now, bytes.to_vec()));
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError> {
        check_blob_name(name)?;
        Ok(self.up()?.get(name).map(|(_, bytes)| bytes.clone()))
    }

    fn delete(&self, name: &str) -> Result<(), BlobError> {
        check_blob_name(name)?;
        self.up()?.remove(name);
        Ok(())
    }

    fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<BlobEntry>, BlobError> {
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let files = self.up()?;
        let further = files.range::<str, _>((after, Bound::Unbounded)).take(limit);
        Ok(further.map(|(name, (stored_at, _))| BlobEntry { name: name.clone(), stored_at: *stored_at }).collect())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
