//! Opens a SQLite file: for one process, with safe settings on every connection.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use diesel::{Connection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, dsl::sql, sql_types::Text};

use crate::{ConnectError, pool::Running, statements};

/// The use of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one for writing.
    Writer,
    /// One for reading.
    Reader,
}

/// Settings of every connection.
///
/// The file is not mapped: after every change each connection would map it again, which costs more than it saves. The
/// page cache is in KiB and is filled only as pages are read.
const SETTINGS: &str = "PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = ON;
    PRAGMA mmap_size = 0;
    PRAGMA cache_size = -16384;";

/// SQLite's own message about another file.
pub(crate) const NO_DATABASE: &str = "file is not a database";

/// While this value exists, no other process can use the database file (R93).
#[derive(Debug)]
pub struct FileLock(#[expect(dead_code, reason = "it is held, not read")] File);

/// A database file, ready for connections.
#[derive(Clone, Debug)]
pub(crate) struct SqliteFile {
    path: PathBuf,
    lock_timeout: Duration,
    running: Arc<Running>,
}

impl SqliteFile {
    /// Locks the file, creates it and its folder if necessary, readable by its owner only, and switches it to
    /// write-ahead logging, which is a property of the file.
    pub(crate) fn open(path: &Path, lock_timeout: Duration) -> Result<(Self, FileLock), ConnectError> {
        let path = std::path::absolute(path).map_err(|source| file_error(path, source))?;
        let lock = lock_beside(&path)?;
        create_private(&path).map_err(|source| file_error(&path, source))?;
        let file = Self { path, lock_timeout, running: Arc::default() };
        file.switch_to_wal()?;
        Ok((file, lock))
    }

    /// The statements of the connection that writes.
    pub(crate) fn running(&self) -> Arc<Running> {
        Arc::clone(&self.running)
    }

    /// Opens one connection. It waits up to `lock_timeout` for locks of other processes, for instance of a backup.
    pub(crate) fn connect(&self, role: Role) -> Result<SqliteConnection, ConnectError> {
        // Absolute, so that SQLite never reads it as a URI.
        let path = self.path.to_string_lossy();
        let mut connection = SqliteConnection::establish(&path).map_err(|error| self.refused(&error))?;
        let lock_timeout = i32::try_from(self.lock_timeout.as_millis()).unwrap_or(i32::MAX);
        // The timeout first, because the other settings may already have to wait.
        let settings = format!("PRAGMA busy_timeout = {lock_timeout}; {SETTINGS}");
        connection.batch_execute(&settings).map_err(|error| self.refused(&error))?;
        if role == Role::Reader {
            let read_only = "PRAGMA query_only = ON";
            connection.batch_execute(read_only).map_err(|error| self.refused(&error))?;
        }
        connection.set_instrumentation(statements::observe);
        Ok(connection)
    }

    fn switch_to_wal(&self) -> Result<(), ConnectError> {
        let mut connection = self.connect(Role::Writer)?;
        let switch = sql::<Text>("PRAGMA journal_mode = WAL");
        let mode: String = switch.get_result(&mut connection).map_err(|error| self.refused(&error))?;
        if mode == "wal" { Ok(()) } else { Err(self.refused(&"the file system does not support write-ahead logging")) }
    }

    fn refused(&self, error: &impl ToString) -> ConnectError {
        ConnectError::Refused(format!("{}: {}", self.path.display(), error.to_string()))
    }
}

/// Checks that a file that exists is a database.
pub(crate) fn check(path: &Path) -> Result<(), ConnectError> {
    let mut start = [0; 16];
    let read = match File::open(path) {
        Ok(mut file) => file.read(&mut start).map_err(|source| file_error(path, source))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(file_error(path, source)),
    };
    let is_database = read == 0 || &start == b"SQLite format 3\0";
    if is_database { Ok(()) } else { Err(ConnectError::Refused(format!("{}: {NO_DATABASE}", path.display()))) }
}

/// Locks a separate file, and creates its folder if necessary: SQLite's own locks on the database would be lost if it
/// were opened again.
pub(crate) fn lock_beside(path: &Path) -> Result<FileLock, ConnectError> {
    if let Some(folder) = path.parent() {
        create_folder(folder).map_err(|source| file_error(folder, source))?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock_path = PathBuf::from(name);
    let lock = create_private(&lock_path).map_err(|source| file_error(&lock_path, source))?;
    match lock.try_lock() {
        Ok(()) => Ok(FileLock(lock)),
        Err(TryLockError::WouldBlock) => Err(ConnectError::InUse(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(file_error(&lock_path, source)),
    }
}

/// Opens a file. If it does not exist, it is created readable by its owner only.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

pub(crate) fn file_error(path: &Path, source: io::Error) -> ConnectError {
    ConnectError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::BigInt;

    use super::*;

    const FULL: i64 = 2;

    fn settings(file: &SqliteFile, role: Role) -> [i64; 7] {
        let mut connection = file.connect(role).unwrap();
        let names = [
            "synchronous",
            "foreign_keys",
            "busy_timeout",
            "trusted_schema",
            "secure_delete",
            "mmap_size",
            "query_only",
        ];
        names.map(|name| sql::<BigInt>(&format!("PRAGMA {name}")).get_result(&mut connection).unwrap())
    }

    #[test]
    fn the_safe_settings_are_in_force_on_every_connection() {
        let folder = tempfile::tempdir().unwrap();
        let (file, _lock) = SqliteFile::open(&folder.path().join("selfsame.db"), Duration::from_secs(3)).unwrap();
        assert_eq!(settings(&file, Role::Writer), [FULL, 1, 3000, 0, 1, 0, 0]);
        assert_eq!(settings(&file, Role::Reader), [FULL, 1, 3000, 0, 1, 0, 1]);
    }

    #[test]
    fn a_reader_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let (file, _lock) = SqliteFile::open(&folder.path().join("selfsame.db"), Duration::from_secs(3)).unwrap();
        let write = file.connect(Role::Reader).unwrap().batch_execute("CREATE TABLE t (id INTEGER)");
        assert!(write.unwrap_err().to_string().contains("readonly"));
    }
}
