//! What the port's contract suite cannot know: rows, transactions, several servers.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::{sync::Arc, thread};

use diesel::{
    QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{BigInt, Text},
};
use selfsame_ports::{Blobs as _, Storage as _};
use selfsame_storage_diesel::{Database, DieselStorage, statements};
use selfsame_testing::builders::t0;

use support::{blobs, open, postgres, sqlite};

const NAME: &str = "0123456789abcdef.webp";
const MIB: usize = 1 << 20;

#[derive(QueryableByName)]
struct Rows {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    largest: i64,
}

fn rows(database: &Database) -> Rows {
    let rows = "SELECT count(*) AS count, coalesce(max(length(bytes)), 0) AS largest FROM blobs";
    // `length` is an integer on PostgreSQL and an INTEGER of 64 bits on SQLite.
    let rows = sql_query(format!("SELECT count, CAST(largest AS bigint) AS largest FROM ({rows}) AS sizes"));
    database.read(|connection| rows.get_result(connection)).unwrap()
}

/// Keeps a promise on both databases.
fn on_each_database(promise: impl Fn(&Arc<DieselStorage>)) {
    let (storage, _folder) = sqlite();
    promise(&storage);
    drop(storage);
    if let Some(database) = postgres() {
        promise(&open(&database.url));
    }
}

#[test]
fn a_row_is_smaller_than_a_mebibyte_however_large_the_file() {
    on_each_database(|storage| {
        let blobs = blobs(storage);
        for (bytes, expected) in [(0, 1), (1, 1), (1000 * 1024, 1), (MIB - 1024, 1), (MIB - 1023, 2), (5 * MIB, 6)] {
            let file: Vec<u8> = (0..=250).cycle().take(bytes).collect();
            blobs.put(NAME, &file, t0()).unwrap();
            let rows = rows(&storage.database());
            assert_eq!(rows.count, expected, "{bytes}");
            assert!(rows.largest < 1 << 20, "{bytes}");
            assert!(blobs.get(NAME).unwrap() == Some(file), "{bytes}");
            blobs.delete(NAME).unwrap();
        }
        assert_eq!(rows(&storage.database()).count, 0, "no part is left");
    });
}

#[test]
fn a_picture_is_put_in_one_transaction_and_read_by_one_statement() {
    on_each_database(|storage| {
        let blobs = blobs(storage);
        let ((), put) = statements::record(|| blobs.put(NAME, b"bytes", t0()).unwrap());
        assert_eq!(put.len(), 3, "{put:#?}");
        let (_, got) = statements::record(|| blobs.get(NAME).unwrap());
        assert_eq!(got.len(), 1, "{got:#?}");
        let (_, listed) = statements::record(|| blobs.list(None, 500).unwrap());
        assert_eq!(listed.len(), 1, "{listed:#?}");
    });
}

#[test]
fn one_server_reads_what_another_has_stored() {
    let Some(database) = postgres() else { return };
    let servers = [open(&database.url), open(&database.url)];
    blobs(&servers[0]).put(NAME, b"bytes", t0()).unwrap();
    assert_eq!(blobs(&servers[1]).get(NAME), Ok(Some(b"bytes".to_vec())));
}

#[test]
fn putting_and_deleting_one_large_file_at_once_leaves_all_of_it_or_nothing() {
    on_each_database(|storage| {
        let file = vec![7; 3 * MIB];
        thread::scope(|scope| {
            for number in 0..6 {
                let (blobs, file) = (blobs(storage), &file);
                scope.spawn(move || {
                    for _ in 0..4 {
                        match number % 3 {
                            0 => blobs.delete(NAME).unwrap(),
                            _ => blobs.put(NAME, file, t0()).unwrap(),
                        }
                        assert!(blobs.get(NAME).unwrap().is_none_or(|found| found == *file));
                    }
                });
            }
        });
    });
}

#[test]
fn a_write_waits_for_a_unit_of_work_and_not_the_other_way_round_for_ever() {
    on_each_database(|storage| {
        let unit = storage.begin().unwrap();
        thread::scope(|scope| {
            let put = scope.spawn(|| blobs(storage).put(NAME, b"bytes", t0()));
            unit.commit().unwrap();
            assert_eq!(put.join().unwrap(), Ok(()));
        });
    });
}

#[derive(QueryableByName)]
struct Collation {
    #[diesel(sql_type = Text)]
    name: String,
}

#[test]
fn names_are_in_the_order_of_their_bytes_whatever_the_language_of_the_database() {
    let Some(database) = postgres() else { return };
    // The test server's language is C, so the suite alone would not notice.
    let collation = "SELECT CAST(collation_name AS text) AS name FROM information_schema.columns \
        WHERE table_name = 'blobs' AND column_name = 'name'";
    let storage = open(&database.url);
    let collation: Collation = storage.database().read(|c| sql_query(collation).get_result(c)).unwrap();
    assert_eq!(collation.name, "C");
}
