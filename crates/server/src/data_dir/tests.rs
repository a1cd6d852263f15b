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
    let keys = data.load_or_create(KeyKind::Signing, "1", Some(pem)).unwrap();
    let root = scratch.path().join("data");
    assert_eq!((mode(&root), mode(&root.join("keys"))), (0o700, 0o700));
    assert_eq!((mode(&keys[0].path), mode(&root.join("keys/.lock"))), (0o600, 0o600));
    assert_eq!(keys[0].path, root.join("keys/signing-1.pem"));
}

#[test]
fn a_key_is_made_once_and_read_ever_after() {
    let (_scratch, data) = open();
    let made = data.encryption_keys("1", Some([7; 32])).unwrap();
    let again = data.encryption_keys("2", Some([8; 32])).unwrap();
    assert_eq!(made, again);
    assert_eq!(*again[0].1, [7; 32]);
    assert_eq!(again.len(), 1);
}

#[test]
fn r95_of_several_keys_the_newest_comes_last() {
    let (_scratch, data) = open();
    let early = new_kid("2026-01-31T23:59:59Z".parse().unwrap(), [0xff, 0xff]);
    let late = new_kid("2026-02-01T00:00:00Z".parse().unwrap(), [0, 0]);
    assert_eq!(late, "20260201T000000Z-0000");
    for kid in [&late, &early] {
        key_files::write_new(&data.keys(), KeyKind::Signing, kid, b"pem").unwrap();
    }
    let kids = data.load_or_create(KeyKind::Signing, "x", Some(never)).unwrap();
    assert_eq!(kids.iter().map(|key| &key.kid).collect::<Vec<_>>(), [&early, &late]);
}

#[test]
fn a_file_that_exists_is_never_replaced() {
    let (_scratch, data) = open();
    let path = key_files::write_new(&data.keys(), KeyKind::Signing, "1", b"old").unwrap();
    assert!(key_files::write_new(&data.keys(), KeyKind::Signing, "1", b"new").is_err());
    assert_eq!(fs::read(&path).unwrap(), b"old");
    let names = fs::read_dir(data.keys()).unwrap().count();
    assert_eq!(names, 1, "the temporary file is gone");
}

#[test]
fn r96_a_key_that_others_can_read_is_refused() {
    for exposed in [0o640, 0o604, 0o620, 0o644] {
        let (_scratch, data) = open();
        let path = data.load_or_create(KeyKind::Signing, "1", Some(pem)).unwrap().remove(0).path;
        fs::set_permissions(&path, fs::Permissions::from_mode(exposed)).unwrap();
        let error = data.load_or_create(KeyKind::Signing, "2", Some(never)).unwrap_err();
        assert!(matches!(error, DataDirError::Exposed { mode, .. } if mode == exposed), "{error}");
        assert!(error.to_string().contains("signing-1.pem"), "{error}");
    }
}

#[test]
fn r96_a_short_or_garbled_encryption_key_is_refused() {
    for text in ["", "c2hvcnQ", "not base64url!", &"A".repeat(42)] {
        let (_scratch, data) = open();
        let path = data.keys().join("encryption-1.key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error = data.encryption_keys("2", Some([7; 32])).unwrap_err();
        assert!(matches!(error, DataDirError::Malformed { .. }), "{text:?}: {error}");
    }
}

#[test]
fn an_encryption_key_may_end_with_a_line_break() {
    let (_scratch, data) = open();
    let path = data.encryption_keys("1", Some([7; 32])).map(|_| data.keys().join("encryption-1.key")).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.len(), 43);
    fs::write(&path, text + "\n").unwrap();
    assert_eq!(*data.encryption_keys("2", None).unwrap()[0].1, [7; 32]);
}

#[test]
fn r96_a_missing_key_stops_the_server_when_none_may_be_made() {
    let (_scratch, data) = open();
    let error = data.load_or_create(KeyKind::Signing, "1", None::<Maker>).unwrap_err();
    assert!(matches!(error, DataDirError::Missing { kind: KeyKind::Signing, .. }), "{error}");
    assert!(data.encryption_keys("1", None).is_err());
}

#[test]
fn a_key_that_cannot_be_made_leaves_nothing_behind() {
    let (_scratch, data) = open();
    let error = data.load_or_create(KeyKind::Signing, "1", Some(|| Err::<Zeroizing<Vec<u8>>, _>("no entropy")));
    assert!(error.unwrap_err().to_string().contains("no entropy"));
    assert!(key_files::read_all(&data.keys(), KeyKind::Signing).unwrap().is_empty());
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
                    data.encryption_keys(&n.to_string(), Some([n; 32])).unwrap()
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
    let keys = data.load_or_create(KeyKind::Signing, "1", Some(pem)).unwrap();
    assert!(!format!("{keys:?}").contains("PRIVATE"), "{keys:?}");
}

#[test]
fn an_examination_finds_what_would_stop_the_server_and_changes_nothing() {
    let scratch = TempDir::new().unwrap();
    let root = scratch.path().join("data");
    assert!(DataDir::examine(&root, true).is_empty());
    assert_eq!(DataDir::examine(&root, false).len(), 2, "neither key is there");
    assert!(!root.exists());

    let data = DataDir::open(&root).unwrap();
    let signing = data.load_or_create(KeyKind::Signing, "1", Some(pem)).unwrap().remove(0).path;
    data.encryption_keys("1", Some([7; 32])).unwrap();
    assert!(DataDir::examine(&root, false).is_empty());

    fs::set_permissions(&signing, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(data.keys().join("encryption-1.key"), "short").unwrap();
    let found = DataDir::examine(&root, true);
    assert!(matches!(found[..], [DataDirError::Malformed { .. }, DataDirError::Exposed { .. }]), "{found:?}");
}
