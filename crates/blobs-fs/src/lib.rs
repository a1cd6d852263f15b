//! [`Blobs`] in a folder.
//!
//! A file lies in a subfolder named by the first two characters of its name, so that no folder grows without bounds. It
//! is written under another name, synced, and renamed: whoever reads sees all of it or nothing, also after a crash. When it
//! was put is its time of modification. Files have mode 0600, folders 0700. Several servers of one installation may share
//! the folder if its file system renames atomically.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod listing;

use std::{
    fs::{self, DirBuilder, File},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use selfsame_domain::Instant;
use selfsame_ports::{BlobEntry, BlobError, Blobs, check_blob, check_blob_name};
use tempfile::NamedTempFile;

/// How the name of a file begins that is being written. It lies in the store's own folder, beside the subfolders.
const UNFINISHED: &str = ".unfinished-";

/// A file that has been unfinished for so long is what a crash left.
const UNFINISHED_KEEP: Duration = Duration::from_hours(24);

/// The store.
pub struct FileBlobs {
    folder: PathBuf,
}

impl FileBlobs {
    /// The store in a folder, which is made if there is none. Fails unless files can be written there. Clears away what
    /// crashes left unfinished.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, BlobError> {
        let folder = folder.into();
        let opened = make_folder(&folder).and_then(|()| clear_unfinished(&folder));
        opened.map_err(unavailable)?;
        Ok(Self { folder })
    }

    /// Where a file of this name lies: always below the folder, as no name has a separator or is `..`.
    fn path(&self, name: &str) -> Result<PathBuf, BlobError> {
        check_blob_name(name)?;
        Ok(self.folder.join(&name[..2]).join(name))
    }

    fn write(&self, path: &Path, bytes: &[u8], now: Instant) -> io::Result<()> {
        let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
        make_folder(folder)?;
        let mut file = unfinished(&self.folder)?;
        file.write_all(bytes)?;
        file.as_file().set_modified(SystemTime::from(now))?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        sync_folder(folder)
    }
}

impl Blobs for FileBlobs {
    fn put(&self, name: &str, bytes: &[u8], now: Instant) -> Result<(), BlobError> {
        check_blob(name, bytes)?;
        self.write(&self.path(name)?, bytes, now).map_err(unavailable)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError> {
        if_there(fs::read(self.path(name)?)).map_err(unavailable)
    }

    fn delete(&self, name: &str) -> Result<(), BlobError> {
        let path = self.path(name)?;
        if_there(fs::remove_file(path)).map_err(unavailable)?;
        Ok(())
    }

    fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<BlobEntry>, BlobError> {
        listing::page(&self.folder, after.unwrap_or_default(), limit).map_err(unavailable)
    }
}

/// A file to be written and renamed. It goes if it is not.
fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::with_prefix_in(UNFINISHED, folder)
}

/// Removes old unfinished files. How old they are is told by a new one: the file system has one clock for both.
fn clear_unfinished(folder: &Path) -> io::Result<()> {
    let now = unfinished(folder)?.as_file().metadata()?.modified()?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            continue;
        }
        // Another server may have finished it, or removed it, a moment ago.
        let Some(metadata) = if_there(entry.metadata())? else { continue };
        if now.duration_since(metadata.modified()?).is_ok_and(|age| age > UNFINISHED_KEEP) {
            if_there(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

/// Makes a folder and those above it. What is new is on disk when this returns.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    folder.parent().map_or(Ok(()), sync_folder)
}

/// Makes sure that the names in a folder survive a crash.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // The parent of a bare name is the empty path, which means the working directory.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

fn if_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}

fn unavailable(error: impl Into<io::Error>) -> BlobError {
    BlobError::Unavailable(error.into().to_string())
}

#[cfg(test)]
mod tests;
