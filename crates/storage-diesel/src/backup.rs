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
    sqlite::{create_private, file_error, lock_beside},
};

/// How long the connections of this process may take to close.
const CLOSING: Duration = Duration::from_secs(10);

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
        // A link and not a rename, which would replace a file that was made meanwhile.
        fs::hard_link(&partial, target).map_err(|source| file_error(target, source))
    })();
    remove(&partial)?;
    made.and_then(|()| sync_folder_of(target))
}

/// Checks that a file is a database and whole.
pub fn verify(path: &Path) -> Result<(), ConnectError> {
    if !path.is_file() {
        return Err(file_error(path, io::ErrorKind::NotFound.into()));
    }
    crate::sqlite::check(path)?;
    let mut connection = open(path)?;
    let check = sql::<Text>("PRAGMA integrity_check(1)");
    let result: String = check.get_result(&mut connection).map_err(|error| refused(path, &error))?;
    if result == "ok" { Ok(()) } else { Err(refused(path, &result)) }
}

/// Puts `copy` in the place of the database at `target`, which no process uses. Returns where the database that was there
/// is kept, if there was one. A crash leaves one or the other.
pub fn replace(copy: &Path, target: &Path) -> Result<Option<PathBuf>, ConnectError> {
    let _lock = lock_beside(target)?;
    fold(copy)?;
    sync(copy)?;
    let mut kept = None;
    if target.exists() {
        // Its log would be taken for that of the copy.
        fold(target)?;
        let old =
            (1..).map(|number| with_suffix(target, &format!(".before-restore-{number}"))).find(|old| !old.exists());
        let old = old.unwrap_or_else(|| with_suffix(target, ".before-restore"));
        fs::hard_link(target, &old).map_err(|source| file_error(&old, source))?;
        kept = Some(old);
    }
    fs::rename(copy, target).map_err(|source| file_error(target, source))?;
    sync_folder_of(target)?;
    Ok(kept)
}

/// Writes the log of a database into its file and removes it. Waits for connections that are being closed.
fn fold(path: &Path) -> Result<(), ConnectError> {
    let deadline = Instant::now() + CLOSING;
    loop {
        let mut connection = open(path)?;
        let mode = sql::<Text>("PRAGMA journal_mode = DELETE").get_result::<String>(&mut connection);
        match mode {
            Ok(mode) if mode == "delete" => return Ok(()),
            Ok(mode) if Instant::now() > deadline => return Err(refused(path, &format!("still in mode {mode}"))),
            Err(error) if Instant::now() > deadline => return Err(refused(path, &error)),
            _ => thread::sleep(Duration::from_millis(50)),
        }
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
