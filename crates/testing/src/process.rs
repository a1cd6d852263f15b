//! Signals to processes, without unsafe code: through the shell's own `kill`, which is there even where no package
//! brings the program.

use std::process::{Command, Stdio};

/// Sends `signal` (`"TERM"`, `"KILL"`, …) to every process in `pids`. One that is gone already is no error.
pub(crate) fn signal(signal: &str, pids: &[u32]) {
    Command::new("/bin/sh")
        .args(["-c", "kill -s \"$@\"", "kill", signal])
        .args(pids.iter().map(u32::to_string))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("/bin/sh runs");
}
