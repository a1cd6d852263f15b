//! Key files: named by kind and id, readable by their owner only, written once. This module does not interpret their
//! content.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::{DataDirError, KeyId, KeyKind};

/// Length of a mac or sealing key.
pub(crate) const SECRET_BYTES: usize = 32;

/// The content of a key file. Wiped when dropped; never printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct KeyFile {
    /// The part of the file name between the kind and the extension.
    pub(crate) id: KeyId,
    /// The content of the file.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// The path.
    pub(crate) path: PathBuf,
}

impl KeyFile {
    /// The bytes of a mac or sealing key.
    pub(crate) fn secret(&self) -> Result<Zeroizing<[u8; SECRET_BYTES]>, DataDirError> {
        let reason = "expected 32 bytes as base64url, which is 43 characters";
        let malformed = || DataDirError::Malformed { path: self.path.clone(), reason };
        let bytes = URL_SAFE_NO_PAD.decode(self.bytes.trim_ascii()).map(Zeroizing::new).map_err(|_| malformed())?;
        let key = bytes.as_slice().try_into().map_err(|_| malformed())?;
        Ok(Zeroizing::new(key))
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile").field("path", &self.path).field("bytes", &"***").finish_non_exhaustive()
    }
}

/// The content of the file of a mac or sealing key.
pub(crate) fn encode_secret(secret: &[u8; SECRET_BYTES]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(URL_SAFE_NO_PAD.encode(secret).into_bytes())
}

/// A stamp that distinguishes states of the files of a kind without reading them. The change time changes with content,
/// owner and mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp(Vec<(PathBuf, u64, i64, i64)>);

/// The file of a key.
pub(super) fn path(folder: &Path, kind: KeyKind, id: &KeyId) -> PathBuf {
    folder.join(kind.file_name(id))
}

/// Takes the stamp of a kind.
pub(super) fn stamp(folder: &Path, kind: KeyKind) -> Result<Stamp, DataDirError> {
    let of = |(path, _): (PathBuf, KeyId)| {
        let metadata = fs::metadata(&path).map_err(DataDirError::io(&path))?;
        Ok((path, metadata.ino(), metadata.ctime(), metadata.ctime_nsec()))
    };
    list(folder, kind)?.into_iter().map(of).collect::<Result<_, _>>().map(Stamp)
}

/// The files of a kind by ascending id. A file whose name has no valid id is an error and not skipped.
pub(super) fn list(folder: &Path, kind: KeyKind) -> Result<Vec<(PathBuf, KeyId)>, DataDirError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(DataDirError::io(folder))? {
        let entry = entry.map_err(DataDirError::io(folder))?;
        let (name, path) = (entry.file_name(), entry.path());
        let Some(id) = name.to_str().and_then(|name| kind.id_in(name)) else { continue };
        let reason = "the name must hold the time of the key's making, such as 20261121T192207Z-5f3a";
        let id = KeyId::parse(id).ok_or_else(|| DataDirError::Malformed { path: path.clone(), reason })?;
        files.push((path, id));
    }
    files.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(files)
}

/// Every key of a kind, by ascending id. Refuses empty files and those that others can read.
pub(super) fn read_all(folder: &Path, kind: KeyKind) -> Result<Vec<KeyFile>, DataDirError> {
    list(folder, kind)?.into_iter().map(|(path, id)| read(path, id)).collect()
}

/// Writes a new key file atomically. It belongs to the owner of the folder, also when root writes it, because the
/// server must be able to read it.
pub(super) fn write_new(folder: &Path, kind: KeyKind, id: &KeyId, bytes: &[u8]) -> Result<PathBuf, DataDirError> {
    let path = path(folder, kind, id);
    let write = || {
        // tempfile makes its files with mode 0600.
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        give_to_owner_of(folder, file.as_file())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(&path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(DataDirError::io(&path))?;
    Ok(path)
}

/// Removes the file of a key, durably.
pub(super) fn remove(folder: &Path, kind: KeyKind, id: &KeyId) -> Result<PathBuf, DataDirError> {
    let path = path(folder, kind, id);
    let remove = || {
        fs::remove_file(&path)?;
        File::open(folder)?.sync_all()
    };
    remove().map_err(DataDirError::io(&path))?;
    Ok(path)
}

/// Sets the owner of a file to the owner of the folder, if this process is root.
pub(super) fn give_to_owner_of(folder: &Path, file: &File) -> io::Result<()> {
    let (folder, own) = (fs::metadata(folder)?, file.metadata()?);
    if own.uid() == folder.uid() { Ok(()) } else { fchown(file, Some(folder.uid()), Some(folder.gid())) }
}

fn read(path: PathBuf, id: KeyId) -> Result<KeyFile, DataDirError> {
    let metadata = fs::metadata(&path).map_err(DataDirError::io(&path))?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(DataDirError::Exposed { path, mode });
    }
    let bytes = fs::read(&path).map(Zeroizing::new).map_err(DataDirError::io(&path))?;
    if bytes.is_empty() {
        return Err(DataDirError::Malformed { path, reason: "the file is empty" });
    }
    Ok(KeyFile { id, bytes, path })
}
