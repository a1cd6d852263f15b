//! Every promise of the suites is in its macro's list: one that is forgotten there would be kept by nobody.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{collections::BTreeSet, fs, path::Path};

/// The suite files below a folder: path, text.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![(path.display().to_string(), fs::read_to_string(&path).unwrap())]
        }
    };
    entries.flat_map(read).collect()
}

/// The names of a file's promises.
fn promises(text: &str) -> impl Iterator<Item = &str> {
    let declared = text.lines().filter_map(|line| line.strip_prefix("pub fn "));
    declared.filter_map(|line| line.split_once('(')).map(|(name, _)| name)
}

/// The names in a file's macro: one to a line, and nothing beside it.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    let (_, listing) = text.split_once("macro_rules!").unwrap_or_default();
    let is_name =
        |line: &&str| line.contains('_') && line.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    listing.lines().map(str::trim).filter(is_name)
}

#[test]
fn every_promise_is_in_the_list_of_its_suite() {
    let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/suites"));
    let declared: BTreeSet<&str> = files.iter().flat_map(|(_, text)| promises(text)).collect();
    let listed: BTreeSet<&str> = files.iter().flat_map(|(_, text)| listed(text)).collect();
    assert!(declared.len() > 150, "the promises were not found");
    let forgotten: Vec<&&str> = declared.difference(&listed).collect();
    assert!(forgotten.is_empty(), "in no list: {forgotten:?}");
}
