//! Where PostgreSQL's programs are on this machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const NEEDED: [&str; 3] = ["initdb", "postgres", "psql"];

/// Folders whose entries `<prefix><version>` hold a `bin`, as the distributions lay them out.
const PACKAGED: [(&str, &str); 4] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql@"),
    ("/usr/local/opt", "postgresql@"),
];

/// A folder with all programs a server needs.
#[derive(Debug)]
pub(super) struct Binaries(PathBuf);

impl Binaries {
    /// What `PATH` leads to, else the newest packaged version.
    pub(super) fn find() -> Option<Self> {
        candidates().into_iter().find(|dir| NEEDED.iter().all(|name| dir.join(name).is_file())).map(Self)
    }

    /// A `psql`, for a server that runs elsewhere.
    pub(super) fn psql() -> Option<PathBuf> {
        let beside = candidates().into_iter().map(|dir| dir.join("psql"));
        path().map(|dir| dir.join("psql")).chain(beside).find(|psql| psql.is_file())
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

fn candidates() -> Vec<PathBuf> {
    // PATH may hold mere links to some of the programs: follow them to the folder that has all.
    let on_path = path().filter_map(|dir| fs::canonicalize(dir.join("postgres")).ok());
    let on_path = on_path.filter_map(|program| program.parent().map(Path::to_owned));
    on_path.chain(packaged()).collect()
}

fn path() -> impl Iterator<Item = PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>().into_iter()
}

fn packaged() -> impl Iterator<Item = PathBuf> {
    let mut found: Vec<(Vec<u32>, PathBuf)> = PACKAGED
        .iter()
        .filter_map(|(root, prefix)| Some((fs::read_dir(root).ok()?, prefix)))
        .flat_map(|(entries, prefix)| entries.flatten().map(move |entry| (entry, *prefix)))
        .filter_map(|(entry, prefix)| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(prefix)?.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, bin)| bin)
}
