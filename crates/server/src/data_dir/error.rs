//! Why the data directory cannot be used.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::KeyKind;

/// Why the data directory, or a key in it, cannot be used. It never contains a key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataDirError {
    /// An error of the file system.
    #[error("{path}: {source}")]
    Io {
        /// The path.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Others than the owner can read the key.
    #[error(
        "{path} can be read by others than its owner (mode {mode:04o}): change the key if anyone may have, then `chmod 600` it"
    )]
    Exposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not a valid key.
    #[error("{path}: {reason}")]
    Malformed {
        /// The key file.
        path: PathBuf,
        /// What is wrong; never part of the key.
        reason: &'static str,
    },
    /// No key, and none may be made.
    #[error("no {kind} key in {folder}, and keys.create_missing is false: {}", remedy(*kind))]
    Missing {
        /// Which key.
        kind: KeyKind,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// There are keys, but not the root key of MACs. It was lost, or not copied here, and cannot be replaced by a new
    /// one.
    #[error(
        "no mac key in {folder}, although there are other keys: restore it from the backup, or copy it from the server that has it"
    )]
    MacLost {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// There are keys, and none of a kind that was made together with them.
    #[error(
        "no {kind} key in {folder}, although there are other keys: restore it from the backup, or copy it from the server that has it; if it is lost for good, `selfsame keys rotate {kind}` makes another one"
    )]
    Lost {
        /// Which key.
        kind: KeyKind,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// More than one root key of MACs. It is not known which one is right.
    #[error("there are {count} mac keys in {folder}, and there may be one: keep the one that is in the backup")]
    MacTwice {
        /// How many.
        count: usize,
        /// Where.
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
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

/// What to do about a missing key. The first key for RS256 may be made long after the others.
fn remedy(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Rs256 => {
            "restore it from the backup, copy it from the server that has it, or make the first one by `selfsame keys rotate rs256`"
        }
        KeyKind::Mac | KeyKind::Sealing | KeyKind::Signing => "restore it from the backup",
    }
}
