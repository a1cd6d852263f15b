//! `SECURITY.md` and the sources agree: what is cited exists, and what is kept has a test.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A row of `SECURITY.md`.
struct Promise {
    status: String,
    path: String,
    test: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The promises by number. Each number is there once.
fn promises() -> BTreeMap<u32, Promise> {
    let text = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let mut promises = BTreeMap::new();
    for row in text.lines().filter(|line| line.starts_with("| R")) {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, number, _, status, path, test, _] = cells[..] else { panic!("not a row of six columns: {row}") };
        let promise = Promise { status: status.to_owned(), path: path.to_owned(), test: test.to_owned() };
        assert!(promises.insert(promise_number(number, 'R').unwrap(), promise).is_none(), "{number} is there twice");
    }
    promises
}

/// The number in `R47` or `r47`.
fn promise_number(word: &str, letter: char) -> Option<u32> {
    word.strip_prefix(letter).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}

/// The files that may cite: sources, settings, and what people read.
fn files() -> Vec<(PathBuf, String)> {
    let mut folders =
        vec![root().join("crates"), root().join("config"), root().join("docs"), root().join("migrations")];
    let named = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".deny.toml", ".clippy.toml"];
    let mut files: Vec<PathBuf> = named.iter().map(|name| root().join(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let extension = entry.extension().unwrap_or_default().to_str().unwrap_or_default();
            if entry.is_dir() {
                folders.push(entry);
            } else if ["rs", "md", "toml", "sql"].contains(&extension) && !entry.ends_with("testing/tests/promises.rs")
            {
                files.push(entry);
            }
        }
    }
    assert!(files.len() > 300, "the sources were not found");
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(&path).unwrap())).collect()
}

/// The names of all functions.
fn functions(files: &[(PathBuf, String)]) -> BTreeSet<&str> {
    let is_source = |path: &Path| path.extension().is_some_and(|extension| extension == "rs");
    let sources = files.iter().filter(|(path, _)| is_source(path));
    let declared = sources.flat_map(|(_, text)| text.split("fn ").skip(1));
    declared.filter_map(|rest| rest.split(|letter: char| !is_word(letter)).next()).collect()
}

/// The numbers in the name of a test.
fn numbers(function: &str) -> impl Iterator<Item = u32> {
    function.split('_').filter_map(|part| promise_number(part, 'r'))
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// A file that is cited, looked for from the folder of the citing one upwards.
fn find(citing: &Path, cited: &str) -> Option<PathBuf> {
    let root = root();
    let folders = citing.ancestors().skip(1).take_while(|folder| folder.starts_with(&root));
    folders.map(|folder| folder.join(cited)).find(|path| path.exists())
}

/// A source as one line, without the marks of comments, so that a citation may go over the end of a line.
fn joined(text: &str) -> String {
    let bare = |line: &str| line.trim().trim_start_matches('/').trim_start_matches('!').trim().to_owned();
    text.lines().map(bare).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_number_that_is_cited_is_a_promise() {
    let promises = promises();
    for (path, text) in files() {
        let words = text.split(|letter| !is_word(letter));
        for number in words.filter_map(|word| promise_number(word, 'R')) {
            assert!(promises.contains_key(&number), "{} cites R{number}, which SECURITY.md lacks", path.display());
        }
    }
}

#[test]
fn every_promise_has_a_status_and_its_paths_and_tests_exist() {
    let files = files();
    let functions = functions(&files);
    for (number, Promise { status, path, test }) in promises() {
        let places_and_tests = match status.as_str() {
            "kept" => !path.is_empty() && !test.is_empty(),
            "part" => true,
            "planned" => path.is_empty() && test.is_empty(),
            other => panic!("R{number} has the status {other:?}"),
        };
        assert!(places_and_tests, "R{number} is {status} and has path {path:?} and test {test:?}");
        assert!(path.is_empty() || root().join("crates").join(&path).exists(), "R{number}: no crates/{path}");
        assert!(test.is_empty() || functions.contains(test.as_str()), "R{number}: no test {test}");
        assert!(test.is_empty() || numbers(&test).any(|named| named == number), "R{number} is not in {test}");
    }
}

#[test]
fn no_test_claims_a_promise_that_is_not_listed_or_only_planned() {
    let (files, promises) = (files(), promises());
    for function in functions(&files) {
        for number in numbers(function) {
            let status = promises.get(&number).map(|promise| promise.status.as_str());
            assert!(matches!(status, Some("kept" | "part")), "{function}: R{number} is {status:?}");
        }
    }
}

#[test]
fn every_document_and_section_that_is_cited_exists() {
    for (path, text) in files() {
        let is_source = path.extension().is_some_and(|extension| extension == "rs");
        let text = if is_source { joined(&text) } else { text };
        let is_path = |letter: char| is_word(letter) || "./-".contains(letter);
        for (at, _) in text.match_indices(".md").filter(|(at, _)| !text[at + 3..].starts_with(is_word)) {
            let start = text[..at].rfind(|letter| !is_path(letter)).map_or(0, |before| before + 1);
            let cited = &text[start..at + 3];
            let is_elsewhere = cited.contains("//");
            assert!(is_elsewhere || find(&path, cited).is_some(), "{} cites {cited}", path.display());
        }
        for name in ["README", "README.md", "SECURITY.md"].iter().filter(|_| is_source) {
            for (at, _) in text.match_indices(&format!("{name}, ")) {
                let start = text[..at].rfind(|letter| !is_path(letter)).map_or(0, |before| before + 1);
                let cited = text[start..at].to_owned() + name;
                let document = if cited == "README" { "README.md".to_owned() } else { cited };
                let after = &text[at + name.len() + 2..];
                if after.starts_with(char::is_uppercase) {
                    let document = fs::read_to_string(find(&path, &document).unwrap()).unwrap();
                    let headings = document.lines().filter_map(|line| line.strip_prefix('#'));
                    let mut headings = headings.map(|heading| heading.trim_start_matches('#').trim());
                    let begins =
                        |heading: &str| after.strip_prefix(heading).is_some_and(|rest| !rest.starts_with(is_word));
                    let is_cited = headings.any(begins);
                    assert!(is_cited, "{} cites a section {:.40}", path.display(), after);
                }
            }
        }
    }
}
