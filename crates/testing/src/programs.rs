//! Programs of the machine that some tests run, such as `curl` or `nginx`.
//!
//! A machine without them skips those tests; one that sets [`REQUIRE_VARIABLE`] to `1` fails them.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Set to `1`, turns the skipping of tests that need a program into a failure.
pub const REQUIRE_VARIABLE: &str = "SELFSAME_REQUIRE_PROGRAMS";

/// Folders that are searched besides `PATH`: Debian has servers there, and `PATH` of a user may not.
const SYSTEM_FOLDERS: [&str; 2] = ["/usr/sbin", "/sbin"];

/// Where a program is, on `PATH` or in the folders for servers.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(SYSTEM_FOLDERS.map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Whether all of these programs are there; see [`require`].
#[track_caller]
pub fn are_there(names: &[&str]) -> bool {
    let lacking: Vec<_> = names.iter().filter(|name| find(name).is_none()).copied().collect();
    require(&lacking.join(", "), lacking.is_empty())
}

/// Returns whether what a test needs is there. If it is not, the caller returns early, and the reason is on standard
/// error. Panics instead when `SELFSAME_REQUIRE_PROGRAMS=1`.
#[track_caller]
pub fn require(what: &str, is_there: bool) -> bool {
    if !is_there {
        assert!(env::var(REQUIRE_VARIABLE).as_deref() != Ok("1"), "{REQUIRE_VARIABLE}=1, and there is no {what}");
        // Not captured by the test harness, so that a skipped test is seen.
        let _ = writeln!(io::stderr(), "SKIPPED: the test needs {what}");
    }
    is_there
}

/// The folder of the repository, from any crate of it.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
