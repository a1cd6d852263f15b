//! The data directory on a real file system.

use std::{os::unix::fs::PermissionsExt, sync::Barrier, thread};

use tempfile::TempDir;

use super::*;

type Maker = fn() -> Result<Zeroizing<Vec<u8>>, String>;

#[expect(clippy::unnecessary_wraps, reason = "the shape of a maker, which may fail")]
fn pem() -> Result<Zeroizing<Vec<u8>>, String> {
    Ok(Zeroizing::new(b"-----BEGIN PRIVATE KEY-----".to_vec()))
}

fn never() -> Result<Zeroizing<Vec<u8>>, String> {
    panic!("a key was made although there is one")
}

fn id(number: u8) -> KeyId {
    KeyId::new("2026-01-01T00:00:00Z".parse().unwrap(), [0, number])
}

/// What the file of a mac or sealing key holds.
fn secret(byte: u8) -> impl FnOnce() -> Result<Zeroizing<Vec<u8>>, String> {
    move || Ok(encode_secret(&[byte; SECRET_BYTES]))
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn open() -> (TempDir, DataDir) {
    let scratch = TempDir::new().unwrap();
    let data = DataDir::open(&scratch.path().join("data")).unwrap();
    (scratch, data)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn folders_and_keys_belong_to_their_owner_alone() {
    let (scratch, data) = open();
    let keys = data.load_or_create(KeyKind::Signing, &id(1), Some(pem)).unwrap();
    let root = scratch.path().join("data");
    assert_eq!((mode(&root), mode(&root.join("keys"))), (0o700, 0o700));
    assert_eq!((mode(&keys[0].path), mode(&root.join("keys/.lock"))), (0o600, 0o600));
    assert_eq!(keys[0].path, root.join("keys/signing-20260101T000000Z-0001.pem"));
}

#[test]
fn a_key_is_made_once_and_read_ever_after() {
    let (_scratch, data) = open();
    let made = data.load_or_create(KeyKind::Sealing, &id(1), Some(secret(7))).unwrap();
    let again = data.load_or_create(KeyKind::Sealing, &id(2), Some(secret(8))).unwrap();
    assert_eq!(made, again);
    assert_eq!(*again[0].secret().unwrap(), [7; SECRET_BYTES]);
    assert_eq!((again.len(), &again[0].id), (1, &id(1)));
}

#[test]
fn r95_of_several_keys_the_newest_comes_last() {
    let (_scratch, data) = open();
    let early = KeyId::new("2026-01-31T23:59:59.999Z".parse().unwrap(), [0xff, 0xff]);
    let late = KeyId::new("2026-02-01T00:00:00Z".parse().unwrap(), [0, 0]);
    assert_eq!(late.as_str(), "20260201T000000Z-0000");
    assert_eq!(early.made_at().to_rfc3339(), "2026-01-31T23:59:59+00:00");
    for id in [&late, &early] {
        data.add(KeyKind::Signing, id, b"pem").unwrap();
    }
    let keys = data.load_or_create(KeyKind::Signing, &id(9), Some(never)).unwrap();
    assert_eq!(keys.iter().map(|key| &key.id).collect::<Vec<_>>(), [&early, &late]);
    assert_eq!(data.key_ids(KeyKind::Signing).unwrap(), [early.clone(), late]);
    data.remove(KeyKind::Signing, &early).unwrap();
    assert_eq!(data.keys(KeyKind::Signing).unwrap().len(), 1);
}

#[test]
fn an_id_is_the_time_of_making_and_something_more() {
    let read = KeyId::parse("20260201T030405Z-5f3a").unwrap();
    assert_eq!(read.made_at().to_rfc3339(), "2026-02-01T03:04:05+00:00");
    assert_eq!(read.to_string(), "20260201T030405Z-5f3a");
    let long = format!("20260201T030405Z-{}", "a".repeat(48));
    for text in
        ["", "1", "20260201T030405Z", "20260201T030405Z-", "20261301T030405Z-5f3a", "20260201T030405-5f3a", &long]
    {
        assert_eq!(KeyId::parse(text), None, "{text}");
    }
    for text in ["20260201T030405Z-5f 3a", "20260201T030405Z-../x", "20260201T030405Z-ä", "2026-0201T03040Z-5f3a"] {
        assert_eq!(KeyId::parse(text), None, "{text}");
    }
}

#[test]
fn a_key_whose_name_tells_no_time_is_refused_and_not_passed_over() {
    let (_scratch, data) = open();
    write(&data.keys_folder().join("signing-new.pem"), "pem");
    let error = data.load_or_create(KeyKind::Signing, &id(1), Some(never)).unwrap_err();
    assert!(matches!(error, DataDirError::Malformed { .. }), "{error}");
    assert!(data.key_ids(KeyKind::Signing).is_err());
    assert!(data.key_ids(KeyKind::Sealing).unwrap().is_empty(), "another kind has nothing to do with it");
}

#[test]
fn a_file_that_exists_is_never_replaced() {
    let (_scratch, data) = open();
    let path = data.add(KeyKind::Signing, &id(1), b"old").unwrap();
    assert!(data.add(KeyKind::Signing, &id(1), b"new").is_err());
    assert_eq!(fs::read(&path).unwrap(), b"old");
    let names = fs::read_dir(data.keys_folder()).unwrap().count();
    assert_eq!(names, 1, "the temporary file is gone");
}

#[test]
fn r96_a_key_that_others_can_read_is_refused() {
    for exposed in [0o640, 0o604, 0o620, 0o644] {
        let (_scratch, data) = open();
        let path = data.load_or_create(KeyKind::Signing, &id(1), Some(pem)).unwrap().remove(0).path;
        fs::set_permissions(&path, fs::Permissions::from_mode(exposed)).unwrap();
        let error = data.load_or_create(KeyKind::Signing, &id(2), Some(never)).unwrap_err();
        assert!(matches!(error, DataDirError::Exposed { mode, .. } if mode == exposed), "{error}");
        assert!(error.to_string().contains("signing-20260101T000000Z-0001.pem"), "{error}");
    }
}

#[test]
fn r96_a_short_or_garbled_secret_is_refused() {
    for text in ["c2hvcnQ", "not base64url!", &"A".repeat(42)] {
        let (_scratch, data) = open();
        write(&data.key_path(KeyKind::Sealing, &id(1)), text);
        let error = data.keys(KeyKind::Sealing).unwrap()[0].secret().unwrap_err();
        assert!(matches!(error, DataDirError::Malformed { .. }), "{text:?}: {error}");
        assert!(!error.to_string().contains(text), "{error}");
    }
    let (_scratch, data) = open();
    write(&data.key_path(KeyKind::Sealing, &id(1)), "");
    assert!(matches!(data.keys(KeyKind::Sealing), Err(DataDirError::Malformed { .. })));
}

#[test]
fn a_secret_may_end_with_a_line_break() {
    let (_scratch, data) = open();
    let path = data.load_or_create(KeyKind::Sealing, &id(1), Some(secret(7))).unwrap().remove(0).path;
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.len(), 43);
    fs::write(&path, text + "\n").unwrap();
    assert_eq!(*data.keys(KeyKind::Sealing).unwrap()[0].secret().unwrap(), [7; SECRET_BYTES]);
}

#[test]
fn r96_a_missing_key_stops_the_server_when_none_may_be_made() {
    let (_scratch, data) = open();
    for kind in KeyKind::ALL {
        let error = data.load_or_create(kind, &id(1), None::<Maker>).unwrap_err();
        assert!(matches!(error, DataDirError::Missing { kind: missing, .. } if missing == kind), "{error}");
    }
}

#[test]
fn r95_a_mac_key_that_was_lost_is_not_replaced_by_another_one() {
    for other in [KeyKind::Sealing, KeyKind::Signing] {
        let (_scratch, data) = open();
        data.add(other, &id(1), b"key").unwrap();
        let error = data.load_or_create(KeyKind::Mac, &id(2), Some(never)).unwrap_err();
        assert!(matches!(error, DataDirError::MacLost { .. }), "{error}");
        data.load_or_create(other, &id(2), Some(never)).unwrap();
    }
}

#[test]
fn r95_there_is_one_mac_key() {
    let (_scratch, data) = open();
    let made = data.load_or_create(KeyKind::Mac, &id(1), Some(secret(7))).unwrap();
    assert_eq!(data.load_or_create(KeyKind::Mac, &id(2), Some(never)).unwrap(), made);
    data.add(KeyKind::Mac, &id(2), b"key").unwrap();
    let error = data.keys(KeyKind::Mac).unwrap_err();
    assert!(matches!(error, DataDirError::MacTwice { count: 2, .. }), "{error}");
}

#[test]
fn a_stamp_changes_with_every_change_to_a_key() {
    let (_scratch, data) = open();
    let stamp = || data.stamp(KeyKind::Signing).unwrap();
    let empty = stamp();
    let path = data.add(KeyKind::Signing, &id(1), b"pem").unwrap();
    let one = stamp();
    assert_ne!(one, empty);
    assert_eq!(one, stamp());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let exposed = stamp();
    assert_ne!(exposed, one);
    data.add(KeyKind::Sealing, &id(1), b"key").unwrap();
    assert_eq!(exposed, stamp(), "another kind has nothing to do with it");
    data.remove(KeyKind::Signing, &id(1)).unwrap();
    assert_eq!(stamp(), empty);
}

#[test]
fn a_key_that_cannot_be_made_leaves_nothing_behind() {
    let (_scratch, data) = open();
    let error = data.load_or_create(KeyKind::Signing, &id(1), Some(|| Err::<Zeroizing<Vec<u8>>, _>("no entropy")));
    assert!(error.unwrap_err().to_string().contains("no entropy"));
    assert!(data.keys(KeyKind::Signing).unwrap().is_empty());
}

#[test]
fn starting_together_everybody_gets_the_same_key() {
    let (_scratch, data) = open();
    let start = Barrier::new(8);
    let keys: Vec<_> = thread::scope(|scope| {
        let starters: Vec<_> = (0..8_u8)
            .map(|n| {
                let (data, start) = (&data, &start);
                scope.spawn(move || {
                    start.wait();
                    data.load_or_create(KeyKind::Mac, &id(n), Some(secret(n))).unwrap()
                })
            })
            .collect();
        starters.into_iter().map(|starter| starter.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0] && key.len() == 1));
}

#[test]
fn r51_a_key_is_never_printed() {
    let (_scratch, data) = open();
    let keys = data.load_or_create(KeyKind::Signing, &id(1), Some(pem)).unwrap();
    assert!(!format!("{keys:?}").contains("PRIVATE"), "{keys:?}");
}
