//! Key files on disk: named by kind and id, readable by their owner alone, written once. Knows bytes, not what they mean.

use std::{
    fmt,
    fs::{self, File},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::DataDirError;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// Seals secrets in the database.
    Encryption,
    /// Signs access tokens.
    Signing,
}

impl KeyKind {
    fn extension(self) -> &'static str {
        match self {
            Self::Encryption => "key",
            Self::Signing => "pem",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encryption => "encryption",
            Self::Signing => "signing",
        })
    }
}

/// A key as it stands on disk. Wiped when dropped; never printed.
#[derive(Clone)]
pub(crate) struct KeyFile {
    /// The part of the file name between the kind and the extension.
    pub(crate) kid: String,
    /// The content of the file.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// Where it was read from.
    pub(crate) path: PathBuf,
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile").field("path", &self.path).field("bytes", &"***").finish_non_exhaustive()
    }
}

/// Every key of a kind in the folder, by ascending id. Refuses empty files and those that others can read.
pub(super) fn read_all(folder: &Path, kind: KeyKind) -> Result<Vec<KeyFile>, DataDirError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(DataDirError::io(folder))? {
        let path = entry.map_err(DataDirError::io(folder))?.path();
        if let Some(kid) = kid_of(&path, kind) {
            files.push(read(&path, kid)?);
        }
    }
    files.sort_by(|a, b| a.kid.cmp(&b.kid));
    Ok(files)
}

/// Writes a key that has no file yet, so that after a crash there is the whole file or none.
pub(super) fn write_new(folder: &Path, kind: KeyKind, id: &str, bytes: &[u8]) -> Result<PathBuf, DataDirError> {
    let path = folder.join(format!("{kind}-{id}.{}", kind.extension()));
    let write = || {
        // tempfile makes its files with mode 0600.
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(&path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(DataDirError::io(&path))?;
    Ok(path)
}

/// `5f` of `keys/signing-5f.pem`; None for what is no key of this kind.
fn kid_of(path: &Path, kind: KeyKind) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let id = name.strip_prefix(&format!("{kind}-"))?.strip_suffix(&format!(".{}", kind.extension()))?;
    (!id.is_empty()).then(|| id.to_owned())
}

fn read(path: &Path, kid: String) -> Result<KeyFile, DataDirError> {
    let metadata = fs::metadata(path).map_err(DataDirError::io(path))?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(DataDirError::Exposed { path: path.to_owned(), mode });
    }
    let bytes = fs::read(path).map(Zeroizing::new).map_err(DataDirError::io(path))?;
    if bytes.is_empty() {
        return Err(DataDirError::Malformed { path: path.to_owned(), reason: "the file is empty" });
    }
    Ok(KeyFile { kid, bytes, path: path.to_owned() })
}
