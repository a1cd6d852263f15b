//! What every [`Blobs`] promises: see [`blobs_contract!`](crate::blobs_contract).

use selfsame_ports::{BlobError, Blobs};

use super::threads::together;

const NAME: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.webp";
const OTHER: &str = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752.png";

/// Names that lead elsewhere, hide, or mean something else on another system.
const HOSTILE: [&str; 22] = [
    "",
    ".",
    "..",
    "...",
    "../secret.webp",
    "..\\secret.webp",
    "a/../../b.webp",
    "/etc/passwd",
    "folder/a.webp",
    "folder\\a.webp",
    "C:\\a.webp",
    "c:a.webp",
    ".hidden",
    "a.webp/",
    "a\0.webp",
    "a\n.webp",
    " a.webp",
    "%2e%2e%2fa.webp",
    "~",
    "a*.webp",
    "\u{202E}pbew.a",
    "é.webp",
];

pub fn a_file_reads_back_as_it_was_put(blobs: &dyn Blobs) {
    let every_byte: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    blobs.put(NAME, &every_byte).unwrap();
    blobs.put(OTHER, b"").unwrap();
    assert!(blobs.get(NAME) == Ok(Some(every_byte)));
    assert_eq!(blobs.get(OTHER), Ok(Some(Vec::new())));
}

pub fn a_file_that_was_never_put_is_not_there(blobs: &dyn Blobs) {
    assert_eq!(blobs.get(NAME), Ok(None));
    blobs.put(OTHER, b"other").unwrap();
    assert_eq!(blobs.get(NAME), Ok(None));
}

pub fn the_same_name_again_is_the_same_file(blobs: &dyn Blobs) {
    for _ in 0..2 {
        blobs.put(NAME, b"bytes").unwrap();
        assert_eq!(blobs.get(NAME), Ok(Some(b"bytes".to_vec())));
    }
}

pub fn a_deleted_file_is_gone_and_can_be_put_again(blobs: &dyn Blobs) {
    blobs.put(NAME, b"bytes").unwrap();
    blobs.put(OTHER, b"other").unwrap();
    blobs.delete(NAME).unwrap();
    assert_eq!(blobs.get(NAME), Ok(None));
    assert_eq!(blobs.get(OTHER), Ok(Some(b"other".to_vec())));
    blobs.put(NAME, b"bytes").unwrap();
    assert_eq!(blobs.get(NAME), Ok(Some(b"bytes".to_vec())));
}

pub fn deleting_a_file_that_is_not_there_does_nothing(blobs: &dyn Blobs) {
    assert_eq!(blobs.delete(NAME), Ok(()));
}

pub fn r72_a_hostile_name_is_no_name(blobs: &dyn Blobs) {
    let long = "a".repeat(5000);
    for name in HOSTILE.into_iter().chain([long.as_str()]) {
        assert_eq!(blobs.put(name, b"bytes"), Err(BlobError::Name), "{name:?}");
        let got = blobs.get(name);
        assert!(matches!(got, Ok(None) | Err(BlobError::Name)), "{name:?}: {got:?}");
        let deleted = blobs.delete(name);
        assert!(matches!(deleted, Ok(()) | Err(BlobError::Name)), "{name:?}: {deleted:?}");
    }
}

pub fn twenty_threads_never_see_half_a_file(blobs: &dyn Blobs) {
    let bytes = vec![0xAB; 200_000];
    together(20, |number| {
        if number % 2 == 0 {
            blobs.put(NAME, &bytes).unwrap();
        }
        let found = blobs.get(NAME).unwrap();
        assert!(found.is_none_or(|found| found == bytes));
    });
    assert!(blobs.get(NAME) == Ok(Some(bytes)));
}

/// One `#[test]` for each promise of [`Blobs`].
///
/// `with` is a `fn(promise: fn(&dyn Blobs))` that makes an empty store.
#[macro_export]
macro_rules! blobs_contract {
    ($with:ident) => {
        $crate::promises! { $with, $crate::suites;
            blobs {
                a_file_reads_back_as_it_was_put
                a_file_that_was_never_put_is_not_there
                the_same_name_again_is_the_same_file
                a_deleted_file_is_gone_and_can_be_put_again
                deleting_a_file_that_is_not_there_does_nothing
                r72_a_hostile_name_is_no_name
                twenty_threads_never_see_half_a_file
            }
        }
    };
}
