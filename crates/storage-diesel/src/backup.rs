//! Copies of a SQLite database: a consistent one while others read and write, and the replacement of the file by a copy.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use diesel::{
    Connection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, dsl::sql, sql_query, sql_types::Text,
};

use crate::{
    ConnectError,
    sqlite::{FileLock, NO_DATABASE, create_private, file_error, lock_beside},
};

/// How long the connections of this process may take to close.
const CLOSING: Duration = Duration::from_secs(10);

/// The suffixes of SQLite's log files.
const LOGS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Writes a copy of the database at `source` to `target`, which must not exist, readable by its owner only. Works while
/// a server uses the database: it is one read transaction. The copy is complete and checked, or not there.
pub fn copy(source: &Path, target: &Path) -> Result<(), ConnectError> {
    if target.exists() {
        return Err(file_error(target, io::ErrorKind::AlreadyExists.into()));
    }
    if !source.is_file() {
        return Err(file_error(source, io::ErrorKind::NotFound.into()));
    }
    let partial = with_suffix(target, ".partial");
    remove(&partial)?;
    let made = (|| {
        create_private(&partial).map_err(|source| file_error(&partial, source))?;
        let mut connection = open(source)?;
        let into = sql_query("VACUUM INTO ?").bind::<Text, _>(partial.to_string_lossy());
        into.execute(&mut connection).map_err(|error| refused(source, &error))?;
        verify(&partial)?;
        sync(&partial)?;
        // A rename alone would replace a file that was made meanwhile, and not every file system has links.
        File::create_new(target).map_err(|source| file_error(target, source))?;
        fs::rename(&partial, target).map_err(|source| file_error(target, source)).inspect_err(|_| drop(remove(target)))
    })();
    remove(&partial)?;
    made.and_then(|()| sync_folder_of(target))
}

/// Checks that a file is a database and whole. An empty file, which SQLite takes for an empty database, is none.
pub fn verify(path: &Path) -> Result<(), ConnectError> {
    let metadata = fs::metadata(path).map_err(|source| file_error(path, source))?;
    if !metadata.is_file() {
        return Err(file_error(path, io::ErrorKind::NotFound.into()));
    }
    if metadata.len() == 0 {
        return Err(refused(path, &NO_DATABASE));
    }
    crate::sqlite::check(path)?;
    let mut connection = open(path)?;
    let check = sql::<Text>("PRAGMA integrity_check(1)");
    let result: String = check.get_result(&mut connection).map_err(|error| refused(path, &error))?;
    if result == "ok" { Ok(()) } else { Err(refused(path, &result)) }
}

/// Keeps every other process from using the database at `target`, which need not exist.
pub fn lock(target: &Path) -> Result<FileLock, ConnectError> {
    lock_beside(target)
}

/// Puts `copy` in the place of the database at `target`, which is locked. Returns where the database that was there is
/// kept, if there was one. A crash leaves one or the other.
///
/// A damaged database is kept with what SQLite left of its log.
pub fn replace(copy: &Path, target: &Path, _lock: &FileLock) -> Result<Option<PathBuf>, ConnectError> {
    fold(copy)?;
    sync(copy)?;
    let is_replaced = target.exists();
    if is_replaced && let Err(error @ ConnectError::InUse(_)) = fold(target) {
        return Err(error);
    }
    let old = unused(target);
    // SQLite would take log files that are left for those of the copy.
    for suffix in LOGS {
        rename_if_there(&with_suffix(target, suffix), &with_suffix(&old, suffix))?;
    }
    if is_replaced {
        // The link keeps a database in place until the next line. Not every file system has links.
        let kept = fs::hard_link(target, &old).or_else(|_| fs::rename(target, &old));
        kept.map_err(|source| file_error(&old, source))?;
    }
    fs::rename(copy, target).map_err(|source| file_error(target, source))?;
    sync_folder_of(target)?;
    Ok(is_replaced.then_some(old))
}

/// Writes the log of a database into its file and removes it. Waits for connections that are being closed, and then
/// returns [`ConnectError::InUse`].
fn fold(path: &Path) -> Result<(), ConnectError> {
    let deadline = Instant::now() + CLOSING;
    loop {
        let mut connection = open(path)?;
        let mode = sql::<Text>("PRAGMA journal_mode = DELETE").get_result::<String>(&mut connection);
        match mode {
            Ok(mode) if mode == "delete" => return Ok(()),
            Err(error) if !error.to_string().contains("locked") => return Err(refused(path, &error)),
            _ if Instant::now() > deadline => return Err(ConnectError::InUse(path.to_owned())),
            _ => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// The first name for a database that was replaced, of which neither the file nor a log exists.
fn unused(target: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let old = with_suffix(target, &format!(".before-restore-{number}"));
        if !old.exists() && !LOGS.iter().any(|suffix| with_suffix(&old, suffix).exists()) {
            return old;
        }
        number += 1;
    }
}

fn rename_if_there(from: &Path, to: &Path) -> Result<(), ConnectError> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(file_error(from, error)),
        _ => Ok(()),
    }
}

fn open(path: &Path) -> Result<SqliteConnection, ConnectError> {
    // Absolute, so that SQLite never reads it as a URI.
    let path = std::path::absolute(path).map_err(|source| file_error(path, source))?;
    let mut connection =
        SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| refused(&path, &error))?;
    connection.batch_execute("PRAGMA busy_timeout = 1000").map_err(|error| refused(&path, &error))?;
    Ok(connection)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<(), ConnectError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(file_error(path, error)),
        _ => Ok(()),
    }
}

fn sync(path: &Path) -> Result<(), ConnectError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|source| file_error(path, source))
}

fn sync_folder_of(path: &Path) -> Result<(), ConnectError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(folder)
}

fn refused(path: &Path, error: &impl ToString) -> ConnectError {
    ConnectError::Refused(format!("{}: {}", path.display(), error.to_string()))
}
