//! Files: the pictures of accounts.

/// Files of accounts. A name stands for one account and one content, so a file never changes and may be cached for ever;
/// whoever gives a name never gives it again once it was deleted.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Blobs: Send + Sync {
    /// Stores a file whole, durably, or not at all. The same name again is the same file.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BlobError>;
    /// A file, if there is one of that name.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError>;
    /// Removes a file; nothing happens if there is none.
    fn delete(&self, name: &str) -> Result<(), BlobError>;
}

/// Why the store did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    /// Not a name that the store would have given.
    #[error("not a file name")]
    Name,
    /// The store cannot be reached, or is full.
    #[error("the file store failed: {0}")]
    Unavailable(String),
}
