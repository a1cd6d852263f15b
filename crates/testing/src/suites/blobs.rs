//! What every [`Blobs`] promises: see [`blobs_contract!`](crate::blobs_contract).

use std::time::Duration;

use selfsame_ports::{BLOB_MAX_BYTES, BlobEntry, BlobError, Blobs};

use super::threads::together;
use crate::builders::t0;

const NAME: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.webp";
const OTHER: &str = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752.png";

/// Names that lead elsewhere, hide, or mean something else on another system.
const HOSTILE: [&str; 26] = [
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
    "9F86D081884C7D659A2FEAA0C55AD015.webp",
    "9f86d081884c7d659a2feaa0c55ad015.html",
    "9f86d081884c7d659a2feaa0c55ad015",
    "9f86d081884c7d659a2feaa0c55ad015.webp.png",
];

pub fn a_file_reads_back_as_it_was_put(blobs: &dyn Blobs) {
    let every_byte: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    blobs.put(NAME, &every_byte, t0()).unwrap();
    blobs.put(OTHER, b"", t0()).unwrap();
    assert!(blobs.get(NAME) == Ok(Some(every_byte)));
    assert_eq!(blobs.get(OTHER), Ok(Some(Vec::new())));
}

pub fn a_file_that_was_never_put_is_not_there(blobs: &dyn Blobs) {
    assert_eq!(blobs.get(NAME), Ok(None));
    blobs.put(OTHER, b"other", t0()).unwrap();
    assert_eq!(blobs.get(NAME), Ok(None));
}

pub fn the_same_name_again_is_the_same_file(blobs: &dyn Blobs) {
    for _ in 0..2 {
        blobs.put(NAME, b"bytes", t0()).unwrap();
        assert_eq!(blobs.get(NAME), Ok(Some(b"bytes".to_vec())));
    }
}

pub fn a_deleted_file_is_gone_and_can_be_put_again(blobs: &dyn Blobs) {
    blobs.put(NAME, b"bytes", t0()).unwrap();
    blobs.put(OTHER, b"other", t0()).unwrap();
    blobs.delete(NAME).unwrap();
    assert_eq!(blobs.get(NAME), Ok(None));
    assert_eq!(blobs.get(OTHER), Ok(Some(b"other".to_vec())));
    blobs.put(NAME, b"bytes", t0()).unwrap();
    assert_eq!(blobs.get(NAME), Ok(Some(b"bytes".to_vec())));
}

pub fn deleting_a_file_that_is_not_there_does_nothing(blobs: &dyn Blobs) {
    assert_eq!(blobs.delete(NAME), Ok(()));
}

pub fn r72_a_hostile_name_is_no_name(blobs: &dyn Blobs) {
    let long = "a".repeat(5000);
    for name in HOSTILE.into_iter().chain([long.as_str()]) {
        assert_eq!(blobs.put(name, b"bytes", t0()), Err(BlobError::Name), "{name:?}");
        assert_eq!(blobs.get(name), Err(BlobError::Name), "{name:?}");
        assert_eq!(blobs.delete(name), Err(BlobError::Name), "{name:?}");
    }
    assert_eq!(blobs.list(None, 10), Ok(vec![]));
}

pub fn a_name_may_have_16_to_128_digits_and_each_extension(blobs: &dyn Blobs) {
    let names = [
        "0123456789abcdef.webp".to_owned(),
        format!("{}.png", "0".repeat(128)),
        format!("{}.jpg", "f".repeat(80)),
        format!("{}.sealed", "a".repeat(40)),
    ];
    for name in &names {
        blobs.put(name, name.as_bytes(), t0()).unwrap();
    }
    for name in &names {
        assert_eq!(blobs.get(name), Ok(Some(name.clone().into_bytes())));
    }
}

pub fn a_file_of_the_largest_size_is_kept_and_a_larger_one_is_refused(blobs: &dyn Blobs) {
    let mut bytes: Vec<u8> = (0..=250).cycle().take(BLOB_MAX_BYTES).collect();
    blobs.put(NAME, &bytes, t0()).unwrap();
    assert!(blobs.get(NAME).unwrap().as_ref() == Some(&bytes));
    bytes.push(0);
    assert_eq!(blobs.put(OTHER, &bytes, t0()), Err(BlobError::TooLarge));
    assert_eq!(blobs.get(OTHER), Ok(None));
    blobs.delete(NAME).unwrap();
    assert_eq!(blobs.get(NAME), Ok(None));
}

/// So many files, in ascending order of their names; each put a second after the one before it in the listing.
fn put_some(blobs: &dyn Blobs, count: u32) -> Vec<BlobEntry> {
    let entry = |number: u32| {
        // Apart in the first digits as well as in the last, and one name the beginning of another.
        let digits = format!("{:02x}{:014x}{}", number % 5 * 51, number, "0".repeat(number as usize % 3));
        let extension = ["webp", "png", "jpg"][number as usize % 3];
        BlobEntry { name: format!("{digits}.{extension}"), stored_at: t0() + Duration::from_millis(1250) * number }
    };
    let mut entries: Vec<BlobEntry> = (0..count).map(entry).collect();
    for entry in &entries {
        blobs.put(&entry.name, b"bytes", entry.stored_at).unwrap();
    }
    entries.sort_by(|one, other| one.name.as_bytes().cmp(other.name.as_bytes()));
    entries
}

pub fn a_listing_has_every_file_once_in_the_order_of_names_with_the_instant_it_was_put(blobs: &dyn Blobs) {
    assert_eq!(blobs.list(None, 100), Ok(vec![]));
    let entries = put_some(blobs, 23);
    assert_eq!(blobs.list(None, 100), Ok(entries.clone()));
    for limit in [1, 4, 23] {
        let mut seen = Vec::new();
        loop {
            let after = seen.last().map(|entry: &BlobEntry| entry.name.clone());
            let page = blobs.list(after.as_deref(), limit).unwrap();
            let is_last = page.len() < limit;
            seen.extend(page);
            if is_last {
                break;
            }
        }
        assert_eq!(seen, entries, "in pages of {limit}");
    }
}

pub fn a_listing_goes_on_after_a_file_that_was_deleted_meanwhile(blobs: &dyn Blobs) {
    let entries = put_some(blobs, 12);
    blobs.delete(&entries[4].name).unwrap();
    assert_eq!(blobs.list(Some(&entries[4].name), 3).unwrap(), entries[5..8]);
    assert_eq!(blobs.list(Some("00"), 100).unwrap().len(), 11, "any text is a place to go on after");
    assert_eq!(blobs.list(Some("g"), 100), Ok(vec![]));
}

pub fn names_are_ordered_by_their_bytes_in_whatever_language_the_store_is(blobs: &dyn Blobs) {
    // In most languages' order a dot counts less than a digit, or not at all.
    let digits = "0123456789abcdef";
    let names = [format!("{digits}.jpg"), format!("{digits}.webp"), format!("{digits}0.png"), format!("{digits}a.jpg")];
    for name in names.iter().rev() {
        blobs.put(name, b"bytes", t0()).unwrap();
    }
    let listed = blobs.list(None, 100).unwrap();
    assert_eq!(listed.into_iter().map(|entry| entry.name).collect::<Vec<_>>(), names);
    assert_eq!(blobs.list(Some(&names[1]), 1).unwrap()[0].name, names[2]);
}

pub fn a_file_that_is_put_again_is_as_young_as_that(blobs: &dyn Blobs) {
    let later = t0() + Duration::from_hours(30);
    blobs.put(NAME, b"bytes", t0()).unwrap();
    blobs.put(NAME, b"bytes", later).unwrap();
    assert_eq!(blobs.list(None, 10), Ok(vec![BlobEntry { name: NAME.to_owned(), stored_at: later }]));
}

pub fn twenty_threads_never_see_half_a_file(blobs: &dyn Blobs) {
    let bytes = vec![0xAB; 200_000];
    together(20, |number| {
        if number % 2 == 0 {
            blobs.put(NAME, &bytes, t0()).unwrap();
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
                a_name_may_have_16_to_128_digits_and_each_extension
                a_file_of_the_largest_size_is_kept_and_a_larger_one_is_refused
                a_listing_has_every_file_once_in_the_order_of_names_with_the_instant_it_was_put
                a_listing_goes_on_after_a_file_that_was_deleted_meanwhile
                names_are_ordered_by_their_bytes_in_whatever_language_the_store_is
                a_file_that_is_put_again_is_as_young_as_that
                twenty_threads_never_see_half_a_file
            }
        }
    };
}
