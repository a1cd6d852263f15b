//! [`Blobs`] in the database, beside the accounts: replicas share pictures without another component, and a backup of the
//! database has them.
//!
//! A file is one row of the table `blobs`, or several if it is too large for one row. All are written in one
//! transaction and read by one statement, so a reader sees the whole file or none. This crate knows SQL and `Database`
//! of `selfsame-storage-diesel`, and has no connection of its own.

use diesel::{
    QueryResult, QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{BigInt, Binary, Integer, Text},
};
use selfsame_domain::Instant;
use selfsame_ports::{BlobEntry, BlobError, Blobs, StorageError, check_blob, check_blob_name};
use selfsame_storage_diesel::{AnyConnection, Database};

/// Greatest number of bytes of a file in one row. With name and instants a row stays below 1 MiB, as distributed
/// databases recommend.
const PART_BYTES: usize = (1 << 20) - (1 << 10);

/// How often a write is run before its conflict is returned to the caller.
const RUNS: usize = 4;

/// The store.
pub struct DatabaseBlobs {
    database: Database,
}

#[derive(QueryableByName)]
struct Part {
    #[diesel(sql_type = Binary)]
    bytes: Vec<u8>,
}

#[derive(QueryableByName)]
struct Entry {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    stored_at: i64,
}

impl DatabaseBlobs {
    /// The store in this database. It runs no statement yet, because a migration may still have to make the table.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Runs a write, and again after a conflict. There is no pause, because the other writer's lock is free by then.
    fn write(&self, work: impl Fn(&mut AnyConnection) -> QueryResult<()>) -> Result<(), BlobError> {
        let runs = (0..RUNS).map(|_| self.database.write(&work));
        let mut done = runs.skip_while(|done| *done == Err(StorageError::Conflict));
        done.next().unwrap_or(Err(StorageError::Conflict)).map_err(unavailable)
    }
}

impl Blobs for DatabaseBlobs {
    fn put(&self, name: &str, bytes: &[u8], now: Instant) -> Result<(), BlobError> {
        check_blob(name, bytes)?;
        self.write(|connection| {
            // An empty file has one part too, otherwise it would not exist.
            let first = bytes.is_empty().then_some(bytes);
            let parts = first.into_iter().chain(bytes.chunks(PART_BYTES));
            (0..).zip(parts).try_for_each(|(number, part)| put_part(connection, name, number, part, now))
        })
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError> {
        check_blob_name(name)?;
        let parts = sql_query("SELECT bytes FROM blobs WHERE name = $1 ORDER BY part").bind::<Text, _>(name);
        let parts: Vec<Part> = self.database.read(|connection| parts.load(connection)).map_err(unavailable)?;
        let whole = parts.into_iter().map(|part| part.bytes).reduce(|mut whole, mut part| {
            whole.append(&mut part);
            whole
        });
        Ok(whole)
    }

    fn delete(&self, name: &str) -> Result<(), BlobError> {
        check_blob_name(name)?;
        self.write(|connection| {
            sql_query("DELETE FROM blobs WHERE name = $1").bind::<Text, _>(name).execute(connection).map(|_| ())
        })
    }

    fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<BlobEntry>, BlobError> {
        let page = sql_query("SELECT name, stored_at FROM blobs WHERE name > $1 AND part = 0 ORDER BY name LIMIT $2")
            .bind::<Text, _>(after.unwrap_or_default())
            .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX));
        let page: Vec<Entry> = self.database.read(|connection| page.load(connection)).map_err(unavailable)?;
        page.into_iter().map(BlobEntry::try_from).collect()
    }
}

/// Writes a part. If it exists already, it has the same content, and only its instant is set to `now`.
fn put_part(connection: &mut AnyConnection, name: &str, number: i32, bytes: &[u8], now: Instant) -> QueryResult<()> {
    let put = sql_query(
        "INSERT INTO blobs (name, part, stored_at, bytes) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name, part) DO UPDATE SET stored_at = excluded.stored_at",
    );
    put.bind::<Text, _>(name)
        .bind::<Integer, _>(number)
        .bind::<BigInt, _>(now.timestamp_millis())
        .bind::<Binary, _>(bytes)
        .execute(connection)
        .map(|_| ())
}

impl TryFrom<Entry> for BlobEntry {
    type Error = BlobError;

    fn try_from(Entry { name, stored_at }: Entry) -> Result<Self, BlobError> {
        let stored_at = Instant::from_timestamp_millis(stored_at);
        let stored_at = stored_at.ok_or_else(|| BlobError::Unavailable(format!("{name} was stored at no instant")))?;
        Ok(Self { name, stored_at })
    }
}

fn unavailable(error: StorageError) -> BlobError {
    BlobError::Unavailable(match error {
        StorageError::Unavailable(reason) => reason,
        other => other.to_string(),
    })
}
