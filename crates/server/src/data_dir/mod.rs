//! The folder that the server keeps for itself, and the key files in it. Knows the file system; takes the time,
//! randomness and the making of keys from its caller.
//!
//! ```text
//! data/                                    0700
//!   control.sock                           0600   see crate::control
//!   keys/                                  0700
//!     encryption-20261121T192207Z-5f3a.key 0600   32 bytes, base64url
//!     signing-20261121T192207Z-9c01.pem    0600   a private key, PKCS #8
//! ```
//!
//! A key's id begins with the time of its making, so the lexically greatest is the newest and the one in use; the older
//! ones still verify and decrypt (R95). To rotate, add a file and restart; to retire a key, remove its file.

mod key_files;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

pub(crate) use self::key_files::{KeyFile, KeyKind};

/// Length of an encryption key.
pub(crate) const ENCRYPTION_KEY_BYTES: usize = 32;

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataDirError {
    /// The file system said no.
    #[error("{path}: {source}")]
    Io {
        /// What was being read or written.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// Somebody besides the owner can read the key, or could have.
    #[error(
        "{path} can be read by others than its owner (mode {mode:04o}): change the key if anyone may have, then `chmod 600` it"
    )]
    Exposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not the key it should be.
    #[error("{path}: {reason}")]
    Malformed {
        /// The key file.
        path: PathBuf,
        /// What is wrong; never part of the key.
        reason: &'static str,
    },
    /// No key, and none may be made.
    #[error("no {kind} key in {folder}, and keys.create_missing is false: restore it from the backup")]
    Missing {
        /// Which key.
        kind: KeyKind,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The caller could not make a key.
    #[error("cannot make a {kind} key: {reason}")]
    Making {
        /// Which key.
        kind: KeyKind,
        /// What went wrong.
        reason: String,
    },
}

impl DataDirError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

/// An encryption key and its id.
pub(crate) type EncryptionKey = (String, Zeroizing<[u8; ENCRYPTION_KEY_BYTES]>);

/// The data directory.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// Opens the folder at `root`, creating it and `keys` with mode 0700 where missing. A folder that exists keeps its
    /// mode; key files are checked one by one.
    pub(crate) fn open(root: &Path) -> Result<Self, DataDirError> {
        let folder = Self { root: root.to_owned() };
        create_private(root)?;
        create_private(&folder.keys())?;
        Ok(folder)
    }

    /// What would keep the server at `root` from starting, without changing anything there: for `selfsame config check`.
    pub(crate) fn examine(root: &Path, may_create: bool) -> Vec<DataDirError> {
        let folder = Self { root: root.to_owned() }.keys();
        let kinds = [KeyKind::Encryption, KeyKind::Signing].into_iter();
        kinds.filter_map(|kind| Self::examine_kind(&folder, kind, may_create).err()).collect()
    }

    fn examine_kind(folder: &Path, kind: KeyKind, may_create: bool) -> Result<(), DataDirError> {
        let files = if folder.exists() { key_files::read_all(folder, kind)? } else { Vec::new() };
        if files.is_empty() && !may_create {
            return Err(DataDirError::Missing { kind, folder: folder.to_owned() });
        }
        if kind == KeyKind::Encryption {
            files.iter().try_for_each(|file| decode(file).map(drop))?;
        }
        Ok(())
    }

    fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// Every key of a kind, the newest and active one last; never none. Where there is none, writes what `make`
    /// returns under the id `fresh`, durably and without ever replacing a file; a second process that starts at the same
    /// time waits and reads the same key. `make: None` refuses instead ([`DataDirError::Missing`]).
    pub(crate) fn load_or_create<E: ToString>(
        &self,
        kind: KeyKind,
        fresh: &str,
        make: Option<impl FnOnce() -> Result<Zeroizing<Vec<u8>>, E>>,
    ) -> Result<Vec<KeyFile>, DataDirError> {
        let folder = self.keys();
        let found = key_files::read_all(&folder, kind)?;
        if !found.is_empty() {
            return Ok(found);
        }
        let Some(make) = make else {
            return Err(DataDirError::Missing { kind, folder });
        };
        let _lock = lock(&folder)?;
        if key_files::read_all(&folder, kind)?.is_empty() {
            let bytes = make().map_err(|error| DataDirError::Making { kind, reason: error.to_string() })?;
            let path = key_files::write_new(&folder, kind, fresh, &bytes)?;
            tracing::warn!(path = %path.display(), "made a new {kind} key: back it up, apart from the database");
        }
        key_files::read_all(&folder, kind)
    }

    /// The keys for encryption at rest, decoded, the active one last. `random` is the key to
    /// keep when there is none yet; None refuses instead.
    pub(crate) fn encryption_keys(
        &self,
        fresh: &str,
        random: Option<[u8; ENCRYPTION_KEY_BYTES]>,
    ) -> Result<Vec<EncryptionKey>, DataDirError> {
        let make = random.map(Zeroizing::new).map(|key| {
            move || Ok::<_, std::convert::Infallible>(Zeroizing::new(URL_SAFE_NO_PAD.encode(*key).into_bytes()))
        });
        let files = self.load_or_create(KeyKind::Encryption, fresh, make)?;
        files.into_iter().map(|file| Ok((file.kid.clone(), decode(&file)?))).collect()
    }
}

/// The id of a key made at `now`: `20261121T192207Z-5f3a`, so that later keys sort after earlier ones.
pub(crate) fn new_kid(now: DateTime<Utc>, random: [u8; 2]) -> String {
    format!("{}-{:04x}", now.format("%Y%m%dT%H%M%SZ"), u16::from_be_bytes(random))
}

fn decode(file: &KeyFile) -> Result<Zeroizing<[u8; ENCRYPTION_KEY_BYTES]>, DataDirError> {
    let reason = "expected 32 bytes as base64url, which is 43 characters";
    let malformed = || DataDirError::Malformed { path: file.path.clone(), reason };
    let bytes = URL_SAFE_NO_PAD.decode(file.bytes.trim_ascii()).map(Zeroizing::new).map_err(|_| malformed())?;
    let key = bytes.as_slice().try_into().map_err(|_| malformed())?;
    Ok(Zeroizing::new(key))
}

fn create_private(folder: &Path) -> Result<(), DataDirError> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(DataDirError::io(folder))
}

/// Keeps other processes from making keys in `folder` until the file is dropped.
fn lock(folder: &Path) -> Result<fs::File, DataDirError> {
    let path = folder.join(".lock");
    let file =
        fs::File::options().create(true).append(true).mode(0o600).open(&path).map_err(DataDirError::io(&path))?;
    file.lock().map_err(DataDirError::io(&path))?;
    Ok(file)
}
