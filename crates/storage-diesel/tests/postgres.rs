//! What only PostgreSQL has: a server that can go away, several writers at once, and locks to wait for.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::{
    thread,
    time::{Duration, Instant},
};

use selfsame_domain::{Action, Attributes, AuditRecord, User, audit::ChainCheck};
use selfsame_ports::{Storage, StorageError};
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage};
use selfsame_testing::{
    builders::{a_sign_in, a_user, an_event, append_event, t0, test_mac},
    poll::within,
    postgres::{Postgres, TestDatabase},
};

use support::{AUDIT_CHANGES, behind_its_back, migrated, open, postgres};

/// What R91 allows, with the time-outs as they are by default.
const PATIENCE: Duration = Duration::from_secs(3);

/// Reads and writes once each; both must answer in time. The errors, if any.
#[track_caller]
fn faults(storage: &DieselStorage, user: &User) -> Vec<StorageError> {
    let in_time = |work: &dyn Fn() -> Result<(), StorageError>| {
        let asked = Instant::now();
        let done = work();
        assert!(asked.elapsed() < PATIENCE, "{done:?} after {:?}", asked.elapsed());
        done.err()
    };
    let read = || storage.read()?.user(user.id).map(drop);
    let write = || {
        let mut unit = storage.begin()?;
        append_event(&mut *unit, &an_event(user.id, Action::SignedIn))?;
        unit.commit()
    };
    [in_time(&read), in_time(&write)].into_iter().flatten().collect()
}

fn unavailable(fault: &StorageError) -> bool {
    matches!(fault, StorageError::Unavailable(_))
}

#[test]
fn r91_while_the_server_is_gone_everybody_is_told_within_three_seconds_and_it_is_used_again_when_back() {
    let Some(server) = Postgres::private(false) else { return };
    let database = server.fresh_database(None);
    let storage = migrated(&database.url);
    let user = a_user().stored_in(&storage);
    assert_eq!(storage.ready(), Ok(()));

    for outage in [Postgres::stop, Postgres::kill] {
        outage(&server);
        for _ in 0..2 {
            let faults = faults(&storage, &user);
            assert_eq!(faults.len(), 2);
            assert!(faults.iter().all(unavailable), "{faults:?}");
        }
        assert!(storage.ready().is_err_and(|fault| unavailable(&fault)));
        server.start();
        let recovered = within(Duration::from_secs(5), || faults(&storage, &user).is_empty().then_some(()));
        assert!(recovered.is_some());
        assert_eq!(storage.ready(), Ok(()));
    }
    let mut check = ChainCheck::default();
    for record in storage.read().unwrap().audit_trail(user.id, 0, 100).unwrap() {
        check.next(&record, &test_mac).unwrap();
    }
    let anchor = storage.read().unwrap().user(user.id).unwrap().unwrap().audit_head;
    assert_eq!(check.end(&anchor), Ok(()));
    assert!(check.length() > 0);
}

#[test]
fn r91_after_a_restart_one_caller_meets_a_dead_connection_and_not_one_per_connection() {
    let Some(server) = Postgres::private(false) else { return };
    let database = server.fresh_database(None);
    let storage = migrated(&database.url);
    let user = a_user().stored_in(&storage);
    let pooled: Vec<_> = (0..5).map(|_| storage.read().unwrap()).collect();
    drop(pooled);
    server.stop();
    server.start();
    let answers: Vec<_> = (0..10).map(|_| storage.read().and_then(|mut queries| queries.user(user.id))).collect();
    let failed = answers.iter().filter(|answer| answer.is_err()).count();
    assert!(failed <= 1, "{answers:?}");
}

/// As after a fail-over, when the old server answers on as a standby.
#[test]
fn r91_connections_to_a_server_that_became_read_only_are_not_kept() {
    let Some(server) = Postgres::private(false) else { return };
    let database = server.fresh_database(None);
    drop(migrated(&database.url));
    let acquire_timeout = Duration::from_millis(500);
    let options = DatabaseOptions { acquire_timeout, ..DatabaseOptions::new(&database.url) };
    let storage = DieselStorage::connect(&options).unwrap();
    let user = a_user().stored_in(&storage);
    let pooled: Vec<_> = (0..4).map(|_| storage.read().unwrap()).collect();
    drop(pooled);
    let connections = "SELECT count(*) FROM pg_stat_activity \
                       WHERE application_name = 'selfsame' AND datname = current_database()";
    assert!(database.query(connections).parse::<u32>().unwrap() >= 4);

    let read_only = |word: &str| {
        database.query(&format!("ALTER SYSTEM SET default_transaction_read_only = {word}"));
        database.query("SELECT pg_reload_conf()");
        within(Duration::from_secs(5), || (database.query("SHOW default_transaction_read_only") == word).then_some(()))
            .unwrap();
    };
    read_only("on");
    for _ in 0..2 {
        let faults = faults(&storage, &user);
        assert!(faults.iter().all(unavailable), "{faults:?}");
    }
    let gone = within(Duration::from_secs(5), || (database.query(connections) == "0").then_some(()));
    assert!(gone.is_some(), "{} connections are left", database.query(connections));
    read_only("off");
    let recovered = within(Duration::from_secs(10), || faults(&storage, &user).is_empty().then_some(()));
    assert!(recovered.is_some());
}

#[test]
fn a_connection_that_the_server_ends_is_not_used_again() {
    let Some(database) = postgres() else { return };
    let storage = open(&database.url);
    let user = a_user().stored_in(&storage);
    let mut unit = storage.begin().unwrap();
    unit.accounts().lock(user.id).unwrap();
    database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE application_name = 'selfsame' AND datname = current_database()",
    );
    let cut_off = unit.accounts().delete(user.id);
    assert!(matches!(cut_off, Err(StorageError::Unavailable(_))), "{cut_off:?}");
    drop(unit);
    let recovered = within(Duration::from_secs(3), || faults(&storage, &user).is_empty().then_some(()));
    assert!(recovered.is_some());
}

#[test]
fn an_address_that_leads_nowhere_is_refused_in_time_and_without_the_password() {
    let asked = Instant::now();
    let options = DatabaseOptions::new("postgres://ada:s3cret@127.0.0.1:1/selfsame");
    let refused = DieselStorage::connect(&options).err().unwrap().to_string();
    assert!(asked.elapsed() < PATIENCE);
    assert!(refused.starts_with("the database cannot be used"), "{refused}");
    assert!(!refused.contains("s3cret"), "{refused}");
}

/// What a second unit gets that waits for an account while the first one changes it by `change`.
fn seen_after_a_wait(user: &User, change: impl FnOnce(&User) -> User) -> Option<(User, User)> {
    let database = postgres()?;
    // The wait is seen from outside, which takes a while.
    let options = DatabaseOptions { lock_timeout: Duration::from_secs(30), ..DatabaseOptions::new(&database.url) };
    let storage = &DieselStorage::connect(&options).unwrap();
    let mut unit = storage.begin().unwrap();
    unit.accounts().insert(user).unwrap();
    unit.commit().unwrap();

    let mut first = storage.begin().unwrap();
    let before = first.accounts().lock(user.id).unwrap().unwrap();
    thread::scope(|scope| {
        let second = scope.spawn(|| {
            let mut unit = storage.begin()?;
            let seen = unit.accounts().lock(user.id)?;
            append_event(&mut *unit, &an_event(user.id, Action::SignedOut))?;
            unit.commit()?;
            Ok::<_, StorageError>(seen)
        });
        let waits =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        let waiting = within(Duration::from_secs(20), || (database.query(waits) == "1").then_some(()));
        assert!(waiting.is_some(), "the second unit waits for the first");
        let after = change(&before);
        first.accounts().save(&before, &after).unwrap();
        first.commit().unwrap();
        Some((second.join().unwrap().unwrap().unwrap(), after))
    })
}

/// If the statement did not run again after a wait, the second unit would get the account's new row with its old
/// identifiers.
#[test]
fn whoever_waited_for_an_account_sees_all_that_the_other_unit_did_to_it() {
    let added = || a_user().with_phone("+31612345678").build().identifiers[0].clone();
    let touched = |user: &User| {
        let mut next = user.clone();
        next.identifiers.push(added());
        next.touch(t0());
        next
    };
    let with_an_event_alone = |user: &User| {
        let record = AuditRecord::chained(&user.audit_head, &an_event(user.id, Action::SignedIn), &test_mac);
        let mut next = User { audit_head: record.head(), ..user.clone() };
        next.identifiers.push(added());
        next
    };
    let proven = |user: &User| {
        let mut next = user.clone();
        next.identifiers[0].verified_at = Some(t0());
        next.touch(t0());
        next
    };
    let build = || a_user().with_email("ada@example.com").with_email("second@example.com").build();
    for (seen, after) in [
        seen_after_a_wait(&build(), touched),
        seen_after_a_wait(&build(), with_an_event_alone),
        seen_after_a_wait(&build(), proven),
        seen_after_a_wait(&a_user().build(), touched),
    ]
    .into_iter()
    .flatten()
    {
        assert_eq!(seen, after);
    }
}

/// Waits for a lock for a moment only.
fn impatient(database: &TestDatabase) -> DieselStorage {
    let lock_timeout = Duration::from_millis(100);
    let options = DatabaseOptions { lock_timeout, ..DatabaseOptions::new(&database.url) };
    DieselStorage::connect(&options).unwrap()
}

#[test]
fn whoever_refers_to_an_account_does_not_wait_for_a_unit_that_changes_it() {
    let Some(database) = postgres() else { return };
    let storage = impatient(&database);
    let user = a_user().stored_in(&storage);
    let mut first = storage.begin().unwrap();
    first.accounts().lock(user.id).unwrap();
    let mut second = storage.begin().unwrap();
    assert_eq!(second.sessions().insert_sign_in(&a_sign_in(&user)), Ok(()));
    assert_eq!(second.accounts().save_attributes(user.id, &Attributes::default()), Ok(()));
    assert_eq!(second.commit(), Ok(()));
    let mut third = storage.begin().unwrap();
    assert_eq!(third.accounts().lock(user.id), Err(StorageError::Conflict), "but it is locked");
    first.commit().unwrap();
}

#[test]
fn r85_whoever_waits_too_long_for_an_account_is_to_try_again() {
    let Some(database) = postgres() else { return };
    let storage = impatient(&database);
    let user = a_user().stored_in(&storage);
    let mut first = storage.begin().unwrap();
    first.accounts().lock(user.id).unwrap();
    assert_eq!(storage.begin().unwrap().accounts().lock(user.id), Err(StorageError::Conflict));
    first.commit().unwrap();
    assert!(storage.begin().unwrap().accounts().lock(user.id).is_ok());
}

#[test]
fn r85_a_statement_that_takes_too_long_is_ended() {
    let Some(database) = postgres() else { return };
    let statement_timeout = Duration::from_millis(100);
    let options = DatabaseOptions { statement_timeout, ..DatabaseOptions::new(&database.url) };
    let storage = DieselStorage::connect(&options).unwrap();
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN PERFORM pg_sleep(10); RETURN NEW; END $$; \
                CREATE TRIGGER slow BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION slow()";
    behind_its_back(&database.url, slow).unwrap();
    let ended = storage.begin().unwrap().accounts().insert(&a_user().build());
    assert!(ended.as_ref().is_err_and(unavailable), "{ended:?}");
    assert!(storage.read().unwrap().user(a_user().build().id).is_ok(), "the connection is as good as before");
}

#[test]
fn r80_audit_rows_cannot_be_changed_deleted_or_truncated_save_that_their_details_go() {
    let Some(database) = postgres() else { return };
    let storage = open(&database.url);
    let user = a_user().stored_in(&storage);
    assert_eq!(faults(&storage, &user), []);
    for statement in AUDIT_CHANGES.into_iter().chain(["TRUNCATE audit_events"]) {
        let refused = behind_its_back(&database.url, statement).unwrap_err();
        assert!(refused.contains("audit rows are never changed"), "{statement}: {refused}");
    }
    assert_eq!(storage.read().unwrap().audit_trail(user.id, 0, 10).unwrap().len(), 1);
}

#[test]
fn instants_and_json_have_their_own_types() {
    let Some(database) = postgres() else { return };
    let types = database.query(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND \
         (table_name, column_name) IN (('attributes', 'value'), ('attempts', 'form'), ('users', 'created_at')) ORDER BY 1",
    );
    let expected = "attempts|form|jsonb\nattributes|value|jsonb\nusers|created_at|timestamp with time zone";
    assert_eq!(types, expected);
}

#[test]
fn nothing_is_deferred_and_no_list_of_words_is_a_constraint() {
    let Some(database) = postgres() else { return };
    let deferrable = database.query("SELECT count(*) FROM pg_constraint WHERE condeferrable");
    let lists = database.query(
        "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND pg_get_constraintdef(oid) LIKE '%''::text%'
         AND pg_get_constraintdef(oid) NOT LIKE '%jsonb_typeof%'",
    );
    assert_eq!((deferrable.as_str(), lists.as_str()), ("0", "0"));
}

#[test]
fn r87_a_commit_is_durable_even_where_the_server_says_otherwise() {
    let Some(database) = postgres() else { return };
    database.query(&format!("ALTER DATABASE {} SET synchronous_commit = off", database.name));
    let probe = "CREATE FUNCTION probe() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 NEW.name = current_setting('synchronous_commit') || ' ' || current_setting('transaction_isolation'); \
                 RETURN NEW; END $$; CREATE TRIGGER probe BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION probe()";
    behind_its_back(&database.url, probe).unwrap();
    let storage = open(&database.url);
    let user = a_user().stored_in(&storage);
    let name = storage.read().unwrap().user(user.id).unwrap().unwrap().name;
    assert_eq!(name.as_deref(), Some("on read committed"));
}
