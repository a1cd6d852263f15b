//! What Linux knows of the server's process, and how soon it answers.

use std::{
    fs,
    net::SocketAddr,
    process::{self, Command},
    thread,
    time::{Duration, Instant},
};

use crate::load::Connection;

/// What a process has used so far.
pub(crate) struct Usage {
    /// In user and system mode, in all its threads.
    pub(crate) cpu: Duration,
    /// Memory, in bytes.
    pub(crate) resident: u64,
}

/// The usage of this process's only child of that name.
pub(crate) fn usage_of_child(name: &str) -> Usage {
    let processes =
        fs::read_dir("/proc").unwrap().filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("stat")).ok());
    let usage = processes.filter_map(|stat| {
        // proc_pid_stat(5): PID (NAME) STATE PPID …, and the name may hold anything.
        let (head, rest) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let number = |field: usize| fields[field - 3].parse::<u64>().unwrap();
        let is_it = head.ends_with(&format!("({name}")) && number(4) == u64::from(process::id());
        is_it.then(|| Usage {
            cpu: Duration::from_secs(number(14) + number(15)) / u32::try_from(system("CLK_TCK")).unwrap(),
            resident: number(24) * system("PAGESIZE"),
        })
    });
    usage.last().unwrap()
}

/// A number that the system has been built with.
fn system(name: &str) -> u64 {
    let output = Command::new("getconf").arg(name).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// Waits for a server that starts at this moment to say that it is ready, and returns how long that took.
pub(crate) fn first_answer(address: SocketAddr) -> Duration {
    let started = Instant::now();
    let request = "GET /health/ready HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";
    while !Connection::open(address)
        .and_then(|mut connection| connection.ask(request))
        .is_ok_and(|status| status == 200)
    {
        assert!(started.elapsed() < Duration::from_mins(1), "nobody answers at {address}");
        thread::sleep(Duration::from_micros(200));
    }
    started.elapsed()
}
