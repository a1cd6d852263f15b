//! What the outbox keeps to itself on both databases: rows of another build, and indexes that answer its queries.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use selfsame_ports::{Channel, Lease, LeaseToken, Storage as _};
use selfsame_storage_diesel::{DieselStorage, statements};
use selfsame_testing::builders::{t0, t0_plus};

use support::{SqliteDatabase, behind_its_back, open, plan, postgres, sqlite_url};

/// A row whose channel this build does not know.
const FOREIGN: &str = "INSERT INTO outbox (id, channel, sealed, created_at, expires_at, attempts, due_at) VALUES (7, 'pigeon', \
                       '\\x00', '2026-03-14T15:09:26.535000Z', '2026-03-15T15:09:26.535000Z', 0, '2026-03-14T15:09:26.535000Z')";

fn leased(storage: &DieselStorage, channel: Channel) -> usize {
    let mut unit = storage.begin().unwrap();
    let lease = Lease { channel, token: LeaseToken(1), now: t0_plus(60), until: t0_plus(180), limit: 10 };
    let leased = unit.outbox().lease(&lease).unwrap();
    unit.commit().unwrap();
    leased.len()
}

fn leaves_foreign_rows_alone(storage: &DieselStorage) {
    assert_eq!([Channel::Mail, Channel::Job].map(|channel| leased(storage, channel)), [0, 0]);
    let mut queries = storage.read().unwrap();
    let status = queries.outbox_status().unwrap();
    assert_eq!((status.waiting, status.channels[0].channel.as_str()), (1, "pigeon"));
    assert_eq!(status.oldest_due_at, Some(t0()));
    let listed = queries.outbox_page(false, None, 10).unwrap();
    assert_eq!(listed[0].channel, "pigeon");
}

#[test]
fn r88_a_channel_of_another_build_is_left_alone_and_shown() {
    let SqliteDatabase { storage, folder } = SqliteDatabase::new();
    behind_its_back(&sqlite_url(&folder), &FOREIGN.replace("'\\x00'", "x'00'")).unwrap();
    leaves_foreign_rows_alone(&storage);
    if let Some(database) = postgres() {
        behind_its_back(&database.url, FOREIGN).unwrap();
        leaves_foreign_rows_alone(&open(&database.url));
    }
}

#[test]
fn what_is_due_and_what_the_status_counts_is_answered_by_an_index() {
    let SqliteDatabase { storage, folder } = SqliteDatabase::new();
    let (_, ran) = statements::record(|| {
        leased(&storage, Channel::Mail);
        storage.read()?.outbox_status()
    });
    let plans: Vec<String> = ran
        .iter()
        .filter(|statement| statement.starts_with("SELECT"))
        .map(|statement| plan(&folder, statement).join("; "))
        .collect();
    assert_eq!(plans.len(), 3, "{ran:?}");
    assert!(plans[0].contains("USING INDEX outbox_due") && !plans[0].contains("B-TREE"), "{plans:?}");
    assert!(plans[1].contains("USING COVERING INDEX outbox_due"), "{plans:?}");
    assert!(plans[2].contains("USING COVERING INDEX outbox_dead"), "{plans:?}");
}
