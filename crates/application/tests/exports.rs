//! Exports: requested, made by a worker, downloaded and expired, over memory.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use common::*;
use selfsame_application::{
    Caller,
    data::purge::Purge,
    exports::{
        download::{DownloadExport, DownloadExportError, ReadPart},
        list::ListExports,
        remove::{RemoveExport, RemoveExportError},
        request::{RequestExport, RequestExportError},
    },
    mail::deliver::{Deliver, Delivered, Outlet},
    operator::{
        DeleteUser,
        export::{DropArchive, ExportAccount},
    },
    profile::update::UpdateProfile,
};
use selfsame_domain::{Action, Archive, Change, Export, Instant, ProfilePatch};
use selfsame_ports::{BlobEntry, BlobError, Blobs, Channel, Mail, Storage as _};
use selfsame_testing::{archive::unzip, fakes::MemoryBlobs};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";

const ROUNDS: Deliver = Deliver {
    batch: 20,
    lease: chrono::Duration::minutes(2),
    longest_send: chrono::Duration::seconds(20),
    max_attempts: 3,
    first_pause: Duration::from_secs(5),
    longest_pause: Duration::from_secs(5),
};

fn request(test: &TestCore, caller: &Caller) -> Result<Export, RequestExportError> {
    RequestExport { context: context() }.execute(&test.core, caller)
}

/// The statuses of all exports, the newest first.
fn statuses(test: &TestCore, caller: &Caller) -> Vec<&'static str> {
    let listed = ListExports.execute(&test.core, caller).unwrap();
    listed.into_iter().map(|(_, status)| status.as_str()).collect()
}

fn download(test: &TestCore, caller: &Caller, export: &Export) -> Result<Vec<u8>, DownloadExportError> {
    let opened = DownloadExport { id: export.id, context: context() }.execute(&test.core, caller)?;
    let (archive, mut bytes) = (opened.ready.archive, opened.first);
    for number in 1..archive.parts {
        let part = ReadPart { archive: archive.name.clone(), number };
        bytes.extend(part.execute(&test.core).unwrap());
    }
    assert_eq!(i64::try_from(bytes.len()).unwrap(), archive.bytes);
    Ok(bytes)
}

fn document(archive: &[u8]) -> Value {
    serde_json::from_slice(&unzip(archive)["account.json"]).unwrap()
}

fn purge(test: &TestCore) {
    Purge { keep: chrono::Duration::days(7) }.execute(&test.core, &|| false).unwrap();
}

/// Ada, signed in.
fn ada(test: &TestCore) -> Caller {
    test.verified_user(ADA);
    test.caller(&test.tokens(ADA))
}

fn rename(test: &TestCore, caller: &Caller, name: &str) {
    let patch = ProfilePatch { name: Change::Set(name.to_owned()), ..ProfilePatch::default() };
    UpdateProfile { patch, context: context(), ..UpdateProfile::default() }.execute(&test.core, caller).unwrap();
}

fn parts(test: &TestCore) -> Vec<String> {
    test.blobs.names().into_iter().filter(|name| name.ends_with(".sealed")).collect()
}

#[test]
fn r78_an_export_holds_what_the_account_holds_and_its_owner_is_told() {
    let test = TestCore::new();
    let caller = ada(&test);
    rename(&test, &caller, "=Ada \"<b>\"");
    let export = request(&test, &caller).unwrap();
    assert_eq!(statuses(&test, &caller), ["pending"]);
    assert!(matches!(test.mails_to(ADA).last(), Some(Mail::ExportRequested)));
    assert_eq!(download(&test, &caller, &export), Err(DownloadExportError::NotReady));

    test.make_exports();
    assert_eq!(statuses(&test, &caller), ["ready"]);
    let Some(Mail::ExportReady { link, minutes }) = test.mails_to(ADA).pop() else { panic!("no mail") };
    assert_eq!((link.as_str(), minutes), ("http://localhost:8080/", 1440), "it leads to no data");
    let archive = download(&test, &caller, &export).unwrap();
    let files = unzip(&archive);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected =
        ["account.json", "account.schema.json", "activity.csv", "index.html", "manifest.json", "manifest.jws"];
    assert_eq!(names, expected);
    let document = document(&archive);
    assert_eq!(document["account"]["name"], "=Ada \"<b>\"");
    let schema = serde_json::from_slice(&files["account.schema.json"]).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let actions: Vec<&Value> = document["activity"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["user.created", "sign_in.started", "profile.updated", "export.requested"]);
    let change = json!([{"pointer": "/name", "old": null, "new": "=Ada \"<b>\""}]);
    assert_eq!(document["activity"][2]["changes"], change);
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert!(text("activity.csv").contains(r#""/name","","'=Ada ""<b>""""#), "{}", text("activity.csv"));
    let page = text("index.html");
    assert!(
        page.contains("=Ada &quot;&lt;b&gt;&quot;") && !page.contains("<b>") && !page.contains("<script"),
        "{page}"
    );
    assert_eq!(count_events(&test, caller.user.id, Action::ExportRequested), 1);
    assert_eq!(count_events(&test, caller.user.id, Action::ExportDownloaded), 1);
}

#[test]
fn r78_an_export_and_its_download_each_need_a_proof_of_the_last_five_minutes() {
    let test = TestCore::new();
    let caller = ada(&test);
    let export = request(&test, &caller).unwrap();
    test.make_exports();
    test.clock.advance(Duration::from_mins(5));
    assert!(matches!(request(&test, &caller), Err(RequestExportError::StepUp(_))));
    assert!(matches!(download(&test, &caller, &export), Err(DownloadExportError::StepUp(_))));
    download(&test, &test.caller(&test.tokens(ADA)), &export).unwrap();
}

#[test]
fn r78_nobody_else_reads_or_removes_an_export() {
    let test = TestCore::new();
    let caller = ada(&test);
    let export = request(&test, &caller).unwrap();
    test.make_exports();
    test.verified_user(EVE);
    let eve = test.caller(&test.tokens(EVE));
    assert_eq!(download(&test, &eve, &export), Err(DownloadExportError::UnknownExport));
    let remove = RemoveExport { id: export.id, context: context() };
    assert_eq!(remove.execute(&test.core, &eve), Err(RemoveExportError::UnknownExport));
    assert!(statuses(&test, &eve).is_empty());
    download(&test, &caller, &export).unwrap();
}

#[test]
fn one_export_of_an_account_is_made_at_a_time() {
    let test = TestCore::with(|_, limits| limits.enabled = false);
    let caller = ada(&test);
    let requested = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| requested.fetch_add(usize::from(request(&test, &caller).is_ok()), Ordering::SeqCst));
        }
    });
    assert_eq!(requested.into_inner(), 1);
    assert_eq!(request(&test, &caller), Err(RequestExportError::InProgress));
    test.make_exports();
    request(&test, &caller).unwrap();
}

#[test]
fn r78_an_archive_is_sealed_expires_after_a_day_and_its_files_are_deleted() {
    let test = TestCore::new();
    let caller = ada(&test);
    let export = request(&test, &caller).unwrap();
    test.make_exports();
    let files = parts(&test);
    let stored = test.blobs.get(&files[0]).unwrap().unwrap();
    assert!(files.len() == 1 && !stored.starts_with(b"PK"), "it is sealed");
    let day = Duration::from_hours(24);
    test.clock.advance(day.checked_sub(Duration::from_millis(1)).unwrap());
    download(&test, &test.caller(&test.tokens(ADA)), &export).unwrap();
    purge(&test);
    assert_eq!(parts(&test), files);
    test.clock.advance(Duration::from_millis(1));
    let caller = test.caller(&test.tokens(ADA));
    assert_eq!(download(&test, &caller, &export), Err(DownloadExportError::Expired), "before any purge");
    purge(&test);
    assert!(parts(&test).is_empty());
    assert_eq!(statuses(&test, &caller), ["expired"]);
    test.clock.advance(8 * day);
    purge(&test);
    assert!(statuses(&test, &test.caller(&test.tokens(ADA))).is_empty());
}

#[test]
fn the_archive_goes_with_its_export_and_with_the_account() {
    let test = TestCore::new();
    let caller = ada(&test);
    let export = request(&test, &caller).unwrap();
    test.make_exports();
    RemoveExport { id: export.id, context: context() }.execute(&test.core, &caller).unwrap();
    assert!(parts(&test).is_empty() && statuses(&test, &caller).is_empty());
    assert_eq!(count_events(&test, caller.user.id, Action::ExportRemoved), 1);
    request(&test, &caller).unwrap();
    test.make_exports();
    assert_eq!(parts(&test).len(), 1);
    DeleteUser { user: caller.user.id }.execute(&test.core).unwrap();
    assert!(parts(&test).is_empty());
}

#[test]
fn an_export_that_is_removed_before_it_is_made_is_not_made() {
    let test = TestCore::new();
    let caller = ada(&test);
    let export = request(&test, &caller).unwrap();
    RemoveExport { id: export.id, context: context() }.execute(&test.core, &caller).unwrap();
    test.make_exports();
    assert!(parts(&test).is_empty() && test.storage.outbox().iter().all(|left| left.channel != Channel::Export));
    assert!(!test.mails_to(ADA).iter().any(|mail| matches!(mail, Mail::ExportReady { .. })));
}

/// A store that fails in one way or another at a write.
struct Failing {
    store: Arc<MemoryBlobs>,
    writes: AtomicUsize,
    fail: fn(usize) -> Result<(), BlobError>,
}

impl Blobs for Failing {
    fn put(&self, name: &str, bytes: &[u8], now: Instant) -> Result<(), BlobError> {
        (self.fail)(self.writes.fetch_add(1, Ordering::SeqCst))?;
        self.store.put(name, bytes, now)
    }
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BlobError> {
        self.store.get(name)
    }
    fn delete(&self, name: &str) -> Result<(), BlobError> {
        self.store.delete(name)
    }
    fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<BlobEntry>, BlobError> {
        self.store.list(after, limit)
    }
}

/// A core with an export whose archive has several parts, over a store that fails at some writes.
fn with_failing_store(fail: fn(usize) -> Result<(), BlobError>) -> (TestCore, Caller, Export) {
    let test = TestCore::with(|policy, limits| {
        limits.enabled = false;
        policy.attributes.max_bytes = 4 << 20;
        policy.attributes.max_string = 4 << 20;
    });
    let store = Arc::clone(&test.blobs);
    let test = test.over(|ports| ports.blobs = Arc::new(Failing { store, writes: AtomicUsize::new(0), fail }));
    let caller = ada(&test);
    // Digits of hashes, which cannot be compressed to less than half.
    let noise: String = (0..16_000_u32).map(hex).collect();
    let attributes = serde_json::from_value(json!({ "noise": noise })).unwrap();
    let patch = ProfilePatch { attributes: Some(attributes), ..ProfilePatch::default() };
    UpdateProfile { patch, context: context(), ..UpdateProfile::default() }.execute(&test.core, &caller).unwrap();
    let export = request(&test, &test.caller(&test.tokens(ADA))).unwrap();
    (test, caller, export)
}

/// 64 digits that look random.
fn hex(number: u32) -> String {
    let token = selfsame_domain::OpaqueToken::from_bytes(&[number.to_be_bytes(); 8].concat().try_into().unwrap());
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap());
    token.hash().0.iter().flat_map(digits).collect()
}

fn round(test: &TestCore) -> Delivered {
    ROUNDS.make_exports(&test.core, &|| false).unwrap()
}

#[test]
fn r87_an_export_whose_worker_dies_in_the_middle_is_made_anew_and_no_half_of_it_is_handed_out() {
    let (test, caller, export) = with_failing_store(|write| {
        assert!(write != 1, "the worker dies");
        Ok(())
    });
    assert_eq!(round(&test).deferred, 1);
    assert_eq!(parts(&test).len(), 1, "it left a part");
    assert_eq!(statuses(&test, &caller), ["running"]);
    assert_eq!(download(&test, &caller, &export), Err(DownloadExportError::NotReady));
    test.clock.advance(Duration::from_secs(10));
    assert_eq!(round(&test).sent, 1);
    let archive = download(&test, &caller, &export).unwrap();
    assert!(document(&archive)["account"]["attributes"]["noise"].as_str().unwrap().len() > 1_000_000);
    let expected: Vec<String> = stored_archive(&test, &caller).parts_of(&test);
    assert!(expected.len() > 1 && parts(&test) == expected, "the half of the first try is gone");
}

/// The archive of the only export.
fn stored_archive(test: &TestCore, caller: &Caller) -> StoredArchive {
    let (export, _) = ListExports.execute(&test.core, caller).unwrap().remove(0);
    StoredArchive(export.archive.unwrap())
}

struct StoredArchive(Archive);

impl StoredArchive {
    fn parts_of(&self, test: &TestCore) -> Vec<String> {
        let own: Vec<String> = parts(test).into_iter().filter(|name| name.starts_with(&self.0.name)).collect();
        assert_eq!(own.len(), usize::try_from(self.0.parts).unwrap());
        own
    }
}

#[test]
fn an_export_that_fails_leaves_nothing_and_is_given_up_after_the_last_try() {
    let (test, caller, export) = with_failing_store(|write| match write % 2 {
        0 => Ok(()),
        _ => Err(BlobError::Unavailable("away".to_owned())),
    });
    for _ in 1..ROUNDS.max_attempts {
        assert_eq!(round(&test).deferred, 1);
        assert!(parts(&test).is_empty());
        test.clock.advance(Duration::from_secs(10));
    }
    assert_eq!(round(&test).dead, 1);
    assert_eq!((statuses(&test, &caller), parts(&test).len()), (vec!["failed"], 0));
    assert_eq!(download(&test, &caller, &export), Err(DownloadExportError::NotReady));
    request(&test, &test.caller(&test.tokens(ADA))).unwrap();
}

#[test]
fn r89_a_server_that_ends_leaves_an_export_to_the_next_one() {
    let (test, caller, _) = with_failing_store(|_| Ok(()));
    let leased = ROUNDS.lease_messages(&test.core, &Channel::Export, 1).unwrap().remove(0);
    ROUNDS.send_leased(&test.core, &Outlet::Exports, &leased, &|| true).unwrap();
    assert_eq!((statuses(&test, &caller), parts(&test).len()), (vec!["running"], 0));
    assert_eq!(round(&test).sent, 1, "at once, and it was no try");
}

#[test]
fn r93_a_worker_that_lost_its_lease_changes_nothing() {
    let (test, caller, export) = with_failing_store(|_| Ok(()));
    let late = ROUNDS.lease_messages(&test.core, &Channel::Export, 1).unwrap().remove(0);
    test.clock.advance(Duration::from_mins(2));
    assert_eq!(round(&test).sent, 1);
    let made = parts(&test);
    ROUNDS.send_leased(&test.core, &Outlet::Exports, &late, &|| false).unwrap();
    assert_eq!(parts(&test), made);
    download(&test, &test.caller(&test.tokens(ADA)), &export).unwrap();
    drop(caller);
}

#[test]
fn what_a_crash_leaves_of_an_archive_is_swept_and_an_archive_in_use_is_not() {
    let test = TestCore::with(|policy, _| policy.export_ttl = chrono::Duration::hours(24));
    let caller = ada(&test);
    request(&test, &caller).unwrap();
    test.make_exports();
    let in_use = parts(&test);
    let orphan = format!("{}00000000.sealed", "0".repeat(32));
    test.blobs.put(&orphan, b"part", caller.user.created_at).unwrap();
    // The parts were stored a moment before the archive was ready, so they are a day old first.
    let stored = test.blobs.get(&in_use[0]).unwrap().unwrap();
    test.blobs.put(&in_use[0], &stored, caller.user.created_at - chrono::Duration::hours(2)).unwrap();
    test.clock.advance(Duration::from_hours(23));
    purge(&test);
    assert_eq!(parts(&test), [vec![orphan.clone()], in_use.clone()].concat(), "the orphan is too young");
    test.blobs.put(&orphan, b"part", caller.user.created_at - chrono::Duration::hours(2)).unwrap();
    purge(&test);
    assert_eq!(parts(&test), in_use);
}

#[test]
fn the_activity_of_many_pages_is_exported_whole_with_its_progress() {
    let test = TestCore::with(|_, limits| limits.enabled = false);
    let caller = ada(&test);
    for number in 0..1100 {
        rename(&test, &caller, &format!("Ada {number}"));
    }
    let export = request(&test, &test.caller(&test.tokens(ADA))).unwrap();
    let seen = std::cell::RefCell::new(BTreeSet::new());
    let stop = || {
        let progress = ListExports.execute(&test.core, &caller).unwrap()[0].0.progress;
        seen.borrow_mut().insert(progress);
        false
    };
    ROUNDS.make_exports(&test.core, &stop).unwrap();
    assert!(seen.borrow().len() > 5, "{seen:?}");
    let archive = download(&test, &test.caller(&test.tokens(ADA)), &export).unwrap();
    let document = document(&archive);
    let activity = document["activity"].as_array().unwrap();
    let places: Vec<i64> = activity.iter().map(|entry| entry["sequence"].as_i64().unwrap()).collect();
    assert_eq!(places, (1..=i64::try_from(activity.len()).unwrap()).collect::<Vec<_>>());
    assert!(activity.len() > 1100);
    let table = String::from_utf8(unzip(&archive)["activity.csv"].clone()).unwrap();
    assert_eq!(table.matches("profile.updated").count(), 1100);
}

#[test]
fn r79_the_operator_exports_an_account_and_its_trail_says_so() {
    let test = TestCore::new();
    let user = test.verified_user(ADA);
    let archive = ExportAccount { user: user.id }.execute(&test.core).unwrap();
    let part = ReadPart { archive: archive.name.clone(), number: 0 }.execute(&test.core).unwrap();
    assert_eq!(document(&part)["account"]["email"], ADA);
    DropArchive { archive: archive.name }.execute(&test.core).unwrap();
    assert!(parts(&test).is_empty());
    let record = trail(&test, user.id).pop().unwrap();
    assert_eq!((record.actor.as_str(), record.action.as_str()), ("operator", "export.downloaded"));
    assert!(test.storage.read().unwrap().exports(user.id, 10).unwrap().is_empty());
    ExportAccount { user: selfsame_testing::builders::fresh_id() }.execute(&test.core).unwrap_err();
}
