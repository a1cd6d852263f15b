//! What the port's contract suite cannot know: names, modes, folders.

use std::{os::unix::fs::PermissionsExt as _, sync::Arc, thread};

use selfsame_testing::builders::t0;
use tempfile::{TempDir, tempdir};

use super::*;

const NAME: &str = "0123456789abcdef.webp";

fn store() -> (FileBlobs, TempDir) {
    let folder = tempdir().unwrap();
    (FileBlobs::open(folder.path().join("pictures")).unwrap(), folder)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_file_is_stored_read_back_and_deleted() {
    let (store, _folder) = store();
    assert_eq!(store.get(NAME), Ok(None));
    store.put(NAME, b"picture", t0()).unwrap();
    store.put(NAME, b"picture", t0()).unwrap();
    assert_eq!(store.get(NAME), Ok(Some(b"picture".to_vec())));
    store.delete(NAME).unwrap();
    store.delete(NAME).unwrap();
    assert_eq!(store.get(NAME), Ok(None));
}

#[test]
fn nobody_else_on_the_machine_can_read_files_or_folders() {
    let (store, folder) = store();
    store.put(NAME, b"picture", t0()).unwrap();
    let pictures = folder.path().join("pictures");
    assert_eq!(mode(&pictures), 0o700);
    assert_eq!(mode(&pictures.join("01")), 0o700);
    assert_eq!(mode(&pictures.join("01").join(NAME)), 0o600);
}

#[test]
fn a_name_that_the_server_would_not_give_is_refused_and_touches_nothing() {
    let (store, folder) = store();
    let secret = folder.path().join("0123456789abcdef.webp");
    fs::write(&secret, "secret").unwrap();
    for name in [
        "",
        "..",
        "../0123456789abcdef.webp",
        "/0123456789abcdef.webp",
        "01/0123456789abcdef.webp",
        "0123456789abcdef",
        "0123456789abcdef.",
        "0123456789abcdef.svg",
        "0123456789abcdef.webp.png",
        "0123456789abcdef.webp\0",
        "0123456789ABCDEF.webp",
        "0123456789abcde.webp",
        "0123456789abcdeé.webp",
        "éé23456789abcdef.webp",
        &format!("{}.webp", "a".repeat(129)),
    ] {
        assert_eq!(store.put(name, b"x", t0()), Err(BlobError::Name), "{name}");
        assert_eq!(store.get(name), Err(BlobError::Name), "{name}");
        assert_eq!(store.delete(name), Err(BlobError::Name), "{name}");
    }
    assert_eq!(fs::read_to_string(secret).unwrap(), "secret");
    assert_eq!(fs::read_dir(folder.path().join("pictures")).unwrap().count(), 0);
}

#[test]
fn a_reader_never_sees_half_a_file() {
    let (store, _folder) = store();
    let store = Arc::new(store);
    let versions = [vec![b'a'; 300_000], vec![b'b'; 300_000]];
    store.put(NAME, &versions[0], t0()).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..20 {
                store.put(NAME, &versions[round % 2], t0()).unwrap();
            }
        });
        while !writer.is_finished() {
            let seen = store.get(NAME).unwrap().unwrap();
            assert!(versions.contains(&seen));
        }
    });
}

#[test]
fn what_fails_leaves_nothing_behind_and_says_so() {
    let (store, folder) = store();
    let shard = folder.path().join("pictures").join("01");
    fs::write(&shard, "a file where the folder should be").unwrap();
    assert!(matches!(store.put(NAME, b"x", t0()), Err(BlobError::Unavailable(_))));
    assert_eq!(fs::read_dir(folder.path().join("pictures")).unwrap().count(), 1);
}

#[test]
fn a_folder_that_cannot_be_made_is_noticed_when_the_store_is_opened() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let below_a_file = FileBlobs::open(folder.path().join("file").join("pictures"));
    assert!(matches!(below_a_file.err(), Some(BlobError::Unavailable(_))));
}

#[test]
fn a_file_that_a_crash_left_unfinished_is_cleared_away_a_day_later() {
    let (store, folder) = store();
    let pictures = folder.path().join("pictures");
    let leave = |name: &str, hours: u64| {
        let file = File::create(pictures.join(name)).unwrap();
        let then = file.metadata().unwrap().modified().unwrap() - Duration::from_hours(hours);
        file.set_modified(then).unwrap();
    };
    leave(".unfinished-old", 25);
    leave(".unfinished-young", 23);
    leave("notes", 25);
    assert_eq!(store.list(None, 10), Ok(vec![]), "no such file is listed");
    FileBlobs::open(&pictures).unwrap();
    let mut left: Vec<_> = fs::read_dir(pictures).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, [".unfinished-young", "notes"]);
}

#[test]
fn what_else_lies_in_the_folder_is_not_listed() {
    let (store, folder) = store();
    store.put(NAME, b"picture", t0()).unwrap();
    let pictures = folder.path().join("pictures");
    for elsewhere in ["0123456789abcdef.png", "01/notes.txt", "01/fedcba9876543210.webp", "01/.hidden"] {
        fs::write(pictures.join(elsewhere), "").unwrap();
    }
    fs::create_dir(pictures.join("lost+found")).unwrap();
    let listed = store.list(None, 10).unwrap();
    assert_eq!(listed.into_iter().map(|entry| entry.name).collect::<Vec<_>>(), [NAME]);
}
