//! [`Blobs`] in a folder.
//!
//! A file lies in a subfolder named by the first two characters of its name, so that no folder grows without bounds. It
//! is written under another name, synced, and renamed: whoever reads sees all of it or nothing, also after a crash. Files
//! have mode 0600, folders 0700. Several servers may share the folder if its file system renames atomically.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

use std::{
    fs::{self, DirBuilder, File},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use selfsame_ports::{BlobError, Blobs};
use tempfile::NamedTempFile;

/// Kinds of files that are kept.
const EXTENSIONS: [&str; 3] = ["webp", "png", "jpg"];
const STEM_LENGTH: std::ops::RangeInclusive<usize> = 16..=128;

/// The store.
pub struct FileBlobs {
    folder: PathBuf,
}

impl FileBlobs {
    /// The store in a folder, which is made if there is none. Fails unless files can be written there.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, BlobError> {
        let folder = folder.into();
        make_folder(&folder).map_err(unavailable)?;
        NamedTempFile::new_in(&folder).map_err(unavailable)?;
        Ok(Self { folder })
    }

    /// Where a file of this name lies: always below the folder, as no name that passes has a separator or is `..`.
    fn path(&self, name: &str) -> Result<PathBuf, BlobError> {
        let (stem, extension) = name.split_once('.').ok_or(BlobError::Name)?;
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if STEM_LENGTH.contains(&stem.len()) && stem.bytes().all(is_plain) && EXTENSIONS.contains(&extension) {
            Ok(self.folder.join(&stem[..2]).join(name))
        } else {
            Err(BlobError::Name)
        }
    }
}

impl Blobs for FileBlobs {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BlobError> {
        write(&self.path(name)?, bytes).map_err(unavailable)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError> {
        if_there(fs::read(self.path(name)?)).map_err(unavailable)
    }

    fn delete(&self, name: &str) -> Result<(), BlobError> {
        let path = self.path(name)?;
        if_there(fs::remove_file(path)).map_err(unavailable)?;
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    make_folder(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(folder)
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
