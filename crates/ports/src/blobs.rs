//! Files: the pictures of accounts, and the parts of archives. What an adapter must do, the grammar of names, and how large a file may be.
//!
//! The suite in `selfsame-testing` (`suites/blobs.rs`) tests all of this on every adapter.

use selfsame_domain::Instant;

/// Files of accounts. A file is never changed.
///
/// # Names
/// The application chooses the names, see [`is_blob_name`]. A name stands for one account and one content, so a file
/// may be cached for ever; no name is used again after its file was deleted. Every method fails with
/// [`BlobError::Name`] for any other name and does nothing: names come to [`Blobs::get`] from URLs (R72).
///
/// # Instants
/// An adapter reads no clock: `put` gets the time as an argument, and [`Blobs::list`] returns it, exact to a
/// millisecond. The sweep of orphans depends on it alone.
///
/// # One store, one installation
/// The sweep deletes every old file that is neither the picture of an account nor a part of an archive in use. So one store serves the replicas of one
/// database and nothing else.
pub trait Blobs: Send + Sync {
    /// Stores a file. After `Ok` it survives a crash of process or machine (R87); before, and after an error, a reader
    /// sees the whole file or none.
    ///
    /// The same name always has the same content, so an adapter may keep the bytes that it has. The file then counts as
    /// stored at `now`. Accepts up to [`BLOB_MAX_BYTES`], and the empty file.
    fn put(&self, name: &str, bytes: &[u8], now: Instant) -> Result<(), BlobError>;

    /// The whole file; `None` if there is none of that name.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError>;

    /// Removes a file; does nothing if there is none. A crash may undo it.
    fn delete(&self, name: &str) -> Result<(), BlobError>;

    /// At most `limit` of the files whose names come after `after`, in ascending order of the bytes of their names; fewer
    /// only if there are no more. `after` need not name a file.
    ///
    /// Continuing after the last name of each page lists each file that exists all the time exactly once. One that is
    /// stored or deleted in the meantime may be listed. Other objects of the store are not listed.
    fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<BlobEntry>, BlobError>;
}

/// A file in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobEntry {
    /// Its name.
    pub name: String,
    /// When it was stored last.
    pub stored_at: Instant,
}

/// Largest file that an adapter accepts, 72 MiB: the largest picture that the settings allow, 4096 by 4096 pixels of 4
/// bytes, and an eighth more for the worst case of a lossless format.
pub const BLOB_MAX_BYTES: usize = 72 << 20;

/// Kinds of files that are kept: pictures, and files that only this server can read.
const EXTENSIONS: [&str; 4] = ["webp", "png", "jpg", "sealed"];

/// Whether a text is the name of a file: 16 to 128 lower-case hexadecimal digits, a dot, and `webp`, `png`, `jpg` or
/// `sealed`.
///
/// Such a name is the same in every file system, URL and database, whether it distinguishes case or not.
pub fn is_blob_name(text: &str) -> bool {
    let Some((stem, extension)) = text.split_once('.') else { return false };
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (16..=128).contains(&stem.len()) && stem.bytes().all(is_digit) && EXTENSIONS.contains(&extension)
}

/// Checks name and size; every adapter calls it first.
pub fn check_blob(name: &str, bytes: &[u8]) -> Result<(), BlobError> {
    check_blob_name(name)?;
    if bytes.len() > BLOB_MAX_BYTES { Err(BlobError::TooLarge) } else { Ok(()) }
}

/// [`BlobError::Name`] unless it is one.
pub fn check_blob_name(name: &str) -> Result<(), BlobError> {
    if is_blob_name(name) { Ok(()) } else { Err(BlobError::Name) }
}

/// Why the store failed. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    /// Not the name of a file.
    #[error("not a file name")]
    Name,
    /// Larger than [`BLOB_MAX_BYTES`].
    #[error("the file is too large")]
    TooLarge,
    /// The store cannot be reached, or is full. Try again later.
    #[error("the file store failed: {0}")]
    Unavailable(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r72_a_name_is_digits_and_a_known_extension() {
        let longest = format!("{}.jpg", "f".repeat(128));
        for name in ["0123456789abcdef.webp", "0123456789abcdef.png", "0123456789abcdef.sealed", &longest] {
            assert!(is_blob_name(name), "{name}");
        }
        for text in [
            "",
            ".webp",
            "0123456789abcde.webp",
            "0123456789abcdeg.webp",
            "0123456789ABCDEF.webp",
            "0123456789abcdef",
            "0123456789abcdef.",
            "0123456789abcdef.WEBP",
            "0123456789abcdef.svg",
            "0123456789abcdef.webp.png",
            "0123456789abcdef.webp\0",
            "../0123456789abcdef.webp",
            "éé23456789abcdef.webp",
            &format!("{}.webp", "a".repeat(129)),
        ] {
            assert!(!is_blob_name(text), "{text}");
        }
    }
}
