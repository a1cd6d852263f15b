//! What a server of our own needs around it: somebody to run as, a place, an owner, and a *watchdog* that cleans up.

use std::env;
use std::fs;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};

/// `$1` the owner's process id, `$2` the server's folder. It also ends when the folder is removed by the owner.
const WATCHDOG: &str = r#"
(
    trap '' HUP INT TERM
    while kill -0 "$1" && [ -d "$2" ]; do sleep 1; done
    if server=$(head -n 1 "$2/data/postmaster.pid"); then
        # The file outlives a killed server, and its number may be somebody else's by now.
        case $(cat "/proc/$server/comm" || ps -o comm= -p "$server") in
        *postgres*)
            kill -QUIT "$server"
            for _ in 1 2 3 4 5; do kill -0 "$server" || break; sleep 1; done
            ;;
        esac
    fi
    rm -rf "$2" "$2.lock"
) &
"#;

/// Somebody who is not root.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) user: u32,
    pub(super) group: u32,
}

impl Identity {
    pub(super) fn unprivileged() -> Self {
        let id = |option: &str, name: &str| {
            let output = Command::new("id").args([option, name]).output().ok()?;
            String::from_utf8(output.stdout).ok()?.trim().parse().ok()
        };
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| Some(Self { user: id("-u", name)?, group: id("-g", name)? }))
            .expect("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")
    }
}

/// The process whose end is the end of this run: the `cargo` that started this test process, so that the test
/// processes of one run share; or, started by anything that may live longer, this process.
pub(super) fn run_id() -> u32 {
    let parent = parent_id();
    let name = fs::read_to_string(format!("/proc/{parent}/comm")).unwrap_or_default();
    if name.starts_with("cargo") { parent } else { process::id() }
}

/// Short, since the path of a Unix socket may have no more than about 100 bytes; and for a server that does not run
/// as the caller, open to everybody.
pub(super) fn scratch(other_user: bool) -> PathBuf {
    let usual = env::temp_dir();
    let shared = Path::new("/tmp");
    if (other_user || usual.as_os_str().len() > 60) && shared.is_dir() { shared.to_owned() } else { usual }
}

/// Starts a watchdog for the server in `root`: when `owner` is gone, however it went, so is the server.
pub(super) fn watch(owner: u32, root: &Path) {
    Command::new("/bin/sh")
        .args(["-c", WATCHDOG, "watchdog", &owner.to_string()])
        .arg(root)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .status() // of the outer shell, which ends at once
        .expect("/bin/sh runs");
}
