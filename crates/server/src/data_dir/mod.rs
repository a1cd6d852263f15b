//! The data directory of the server, and the key files in it. It knows the file system; time, randomness and new keys
//! are arguments.
//!
//! ```text
//! data/                                    0700
//!   control.sock                           0600   see crate::control
//!   keys/                                  0700
//!     mac-20261121T192207Z-07c4.key        0600   32 bytes, base64url
//!     sealing-20261121T192207Z-5f3a.key    0600   32 bytes, base64url
//!     signing-20261121T192207Z-9c01.pem    0600   a private key, PKCS #8
//!     rs256-20261121T192207Z-61e0.pem      0600   the same; only if an application gets ID tokens with RS256
//! ```
//!
//! There is one mac key, which is made at the first start and never replaced, because stored data depends on it. There
//! may be several keys of the other kinds. A key's id begins with its time of creation, from which [`schedule`] derives
//! which one is active (R95); the others still verify and open. Rotation adds a file, retiring a key removes its file.
//! A running server reloads both.

mod error;
mod key_files;
mod key_id;
pub(crate) mod schedule;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

pub(crate) use self::{
    error::DataDirError,
    key_files::{KeyFile, SECRET_BYTES, Stamp, encode_secret},
    key_id::{KeyId, KeyKind, RotatedKind},
};

/// The data directory.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// The folder at `root`, which need not exist: for commands that create nothing.
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Opens the folder at `root`, and creates it and `keys` with mode 0700 if they are missing. An existing folder
    /// keeps its mode; each key file is checked.
    pub(crate) fn open(root: &Path) -> Result<Self, DataDirError> {
        let folder = Self::at(root);
        create_private(root)?;
        create_private(&folder.keys_folder())?;
        Ok(folder)
    }

    /// The folder of the keys.
    pub(crate) fn keys_folder(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// The path of a key's file.
    pub(crate) fn key_path(&self, kind: KeyKind, id: &KeyId) -> PathBuf {
        key_files::path(&self.keys_folder(), kind, id)
    }

    /// The ids of a kind, ascending. Reads names only. Empty if there is no folder.
    pub(crate) fn key_ids(&self, kind: KeyKind) -> Result<Vec<KeyId>, DataDirError> {
        let folder = self.keys_folder();
        let files = if folder.exists() { key_files::list(&folder, kind)? } else { Vec::new() };
        Ok(files.into_iter().map(|(_, id)| id).collect())
    }

    /// The keys of a kind by ascending id; there may be none. An error if one of them cannot be used.
    pub(crate) fn keys(&self, kind: KeyKind) -> Result<Vec<KeyFile>, DataDirError> {
        let folder = self.keys_folder();
        let files = if folder.exists() { key_files::read_all(&folder, kind)? } else { Vec::new() };
        if kind == KeyKind::Mac && files.len() > 1 {
            return Err(DataDirError::MacTwice { count: files.len(), folder });
        }
        Ok(files)
    }

    /// The stamp of the files of a kind. It differs from an earlier one if any of them has changed.
    pub(crate) fn stamp(&self, kind: KeyKind) -> Result<Stamp, DataDirError> {
        key_files::stamp(&self.keys_folder(), kind)
    }

    /// The keys of a kind as [`Self::keys`] has them, but never none. Where there is none, writes what `make` returns under
    /// the id `fresh`, durably and without ever replacing a file; a second process that starts at the same time waits and
    /// reads the same key. `make: None` refuses instead ([`DataDirError::Missing`]), and a mac key is not made where
    /// there are other keys ([`DataDirError::MacLost`]).
    pub(crate) fn load_or_create<E: ToString>(
        &self,
        kind: KeyKind,
        fresh: &KeyId,
        make: Option<impl FnOnce() -> Result<Zeroizing<Vec<u8>>, E>>,
    ) -> Result<Vec<KeyFile>, DataDirError> {
        let folder = self.keys_folder();
        let found = self.keys(kind)?;
        if !found.is_empty() {
            return Ok(found);
        }
        let _lock = self.lock()?;
        if self.keys(kind)?.is_empty() {
            self.may_create(kind, make.is_some())?;
            let make = make.ok_or_else(|| DataDirError::Missing { kind, folder: folder.clone() })?;
            let bytes = make().map_err(|error| DataDirError::Making { kind, reason: error.to_string() })?;
            let path = key_files::write_new(&folder, kind, fresh, &bytes)?;
            tracing::warn!(path = %path.display(), "made a new {kind} key: back it up, apart from the database");
        }
        self.keys(kind)
    }

    /// Marks the folder as one whose first keys are being made, unless it has keys; a crash leaves the mark.
    pub(crate) fn begin(&self) -> Result<(), DataDirError> {
        if KeyKind::ALL.into_iter().all(|kind| self.key_ids(kind).is_ok_and(|ids| ids.is_empty())) {
            fs::File::options()
                .create(true)
                .append(true)
                .mode(0o600)
                .open(self.mark())
                .map_err(DataDirError::io(&self.mark()))?;
        }
        Ok(())
    }

    /// Removes the mark, if there is one: there is a key of every kind. A folder without it may be read-only.
    pub(crate) fn complete(&self) -> Result<(), DataDirError> {
        if !self.mark().exists() {
            return Ok(());
        }
        match fs::remove_file(self.mark()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(DataDirError::io(&self.mark())(error)),
            _ => Ok(()),
        }
    }

    /// The kind of which there is no key although the first keys were made: it was lost, or not copied here.
    pub(crate) fn lost(&self) -> Result<Option<KeyKind>, DataDirError> {
        if self.mark().exists() || self.key_ids(KeyKind::Mac)?.is_empty() {
            return Ok(None);
        }
        for kind in KeyKind::REQUIRED {
            if self.key_ids(kind)?.is_empty() {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    fn mark(&self) -> PathBuf {
        self.keys_folder().join(".first")
    }

    /// Why a missing key of a kind must not be made.
    pub(crate) fn may_create(&self, kind: KeyKind, is_allowed: bool) -> Result<(), DataDirError> {
        let folder = self.keys_folder();
        if !is_allowed {
            return Err(DataDirError::Missing { kind, folder });
        }
        let others = [KeyKind::Sealing, KeyKind::Signing, KeyKind::Rs256];
        let has_others =
            || others.into_iter().map(|other| self.key_ids(other)).any(|ids| ids.is_ok_and(|ids| !ids.is_empty()));
        if kind == KeyKind::Mac && has_others() { Err(DataDirError::MacLost { folder }) } else { Ok(()) }
    }

    /// Writes one more key. Returns its file.
    pub(crate) fn add(&self, kind: KeyKind, id: &KeyId, bytes: &[u8]) -> Result<PathBuf, DataDirError> {
        key_files::write_new(&self.keys_folder(), kind, id, bytes)
    }

    /// Removes a key. Returns the path of its file.
    pub(crate) fn remove(&self, kind: KeyKind, id: &KeyId) -> Result<PathBuf, DataDirError> {
        key_files::remove(&self.keys_folder(), kind, id)
    }

    /// Locks the making and retiring of keys for this process until the file is dropped.
    pub(crate) fn lock(&self) -> Result<fs::File, DataDirError> {
        let path = self.keys_folder().join(".lock");
        let file =
            fs::File::options().create(true).append(true).mode(0o600).open(&path).map_err(DataDirError::io(&path))?;
        key_files::give_to_owner_of(&self.keys_folder(), &file)
            .and_then(|()| file.lock())
            .map_err(DataDirError::io(&path))?;
        Ok(file)
    }
}

fn create_private(folder: &Path) -> Result<(), DataDirError> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(DataDirError::io(folder))
}
