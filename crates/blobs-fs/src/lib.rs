//! [`Blobs`] in a folder.
//!
//! A file is in a subfolder named by the first two characters of its name, so that folders stay small. It is written
//! under another name, synced, and renamed, so a reader sees the whole file or none, also after a crash. Its time of
//! modification is the instant of `put`. Files have mode 0600, folders 0700. Several servers of one installation may
//! share the folder if its file system renames atomically.

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

/// Prefix of the name of an unfinished file. It is in the store's folder, beside the subfolders.
const UNFINISHED: &str = ".unfinished-";

/// The age from which an unfinished file is regarded as left by a crash.
const UNFINISHED_KEEP: Duration = Duration::from_hours(24);

/// The store.
pub struct FileBlobs {
    folder: PathBuf,
}

impl FileBlobs {
    /// The store in a folder, which is created if necessary. Fails unless files can be written there. Removes
    /// unfinished files of crashes.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, BlobError> {
        let folder = folder.into();
        let opened = make_folder(&folder).and_then(|()| clear_unfinished(&folder));
        opened.map_err(unavailable)?;
        Ok(Self { folder })
    }

    /// The path of a file: always below the folder, because no name has a separator or is `..`.
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

/// A file to be written and renamed. If it is not renamed, it is removed when dropped.
fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::with_prefix_in(UNFINISHED, folder)
}

/// Removes old unfinished files. Their age is relative to a new file, so that one clock counts, that of the file
/// system.
fn clear_unfinished(folder: &Path) -> io::Result<()> {
    let now = unfinished(folder)?.as_file().metadata()?.modified()?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            continue;
        }
        // Another server may have finished or removed it in the meantime.
        let Some(metadata) = if_there(entry.metadata())? else { continue };
        if now.duration_since(metadata.modified()?).is_ok_and(|age| age > UNFINISHED_KEEP) {
            if_there(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

/// Creates a folder and its parents, durably.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    folder.parent().map_or(Ok(()), sync_folder)
}

/// Syncs a folder, so that its names survive a crash.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // The parent of a bare name is the empty path: the working directory.
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
