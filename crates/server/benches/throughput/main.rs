//! What reading and changing an account cost, on this machine: the real binary on each database, asked over 32 keep-alive
//! connections, beside what the database alone can do: with the very statement that a read runs, and with the least that a
//! change takes (`BEGIN; UPDATE; INSERT; COMMIT`, synced to disk). Each connection changes an account of its own.
//!
//! `cargo bench -p selfsame-server` runs it; `SELFSAME_BENCH_BINARY` names another binary to measure, of
//! which the reads are then without a measure beside them: its statements are not known here. Nothing is asserted
//! about speed: load generator, server and database share the machine's cores, so that requests per second are for
//! comparing within one run. CPU time per request hardly depends on what else runs. Access logging is off, because
//! whoever reads the log is on this machine too.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a program that prints a table")]

#[path = "../../tests/common/mod.rs"]
mod common;
mod load;
mod pgbench;
mod process;
mod sqlite;

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use common::{App, PASSWORD, User};
use selfsame_testing::{
    postgres::Postgres,
    server::{Backend, Server, ServerOptions, backends},
};

use self::{
    load::{Load, Requests, load},
    process::{first_answer, usage_of_child},
};

const CONNECTIONS: usize = 32;
const WARM_UP: Duration = Duration::from_secs(1);
/// One of [`ROUNDS`], which take turns with those of pgbench. Of each figure the median is shown.
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;

fn main() {
    // `cargo test --all-targets` runs it too, without this.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let other = env::var_os("SELFSAME_BENCH_BINARY").map(PathBuf::from);
    let is_other = other.is_some();
    let binary = other.unwrap_or_else(|| env!("CARGO_BIN_EXE_selfsame").into());
    let cores = thread::available_parallelism().unwrap();
    println!("{}: {:.1} MiB", binary.display(), mebibytes(fs::metadata(&binary).unwrap().len()));
    println!("{CONNECTIONS} connections, {ROUNDS} rounds of {ROUND:?}, {cores} cores for everybody\n");
    let tables: Vec<(Started, Vec<Row>)> =
        backends().into_iter().map(|backend| measure(&binary, is_other, backend)).collect();
    println!("{:<9} {:>15} {:>9} {:>13}", "", "first answer ms", "idle MiB", "after load MiB");
    for (started, _) in &tables {
        let Started { backend, first_answer, idle, loaded } = started;
        let milliseconds = first_answer.as_secs_f64() * 1e3;
        println!("{backend:<9} {milliseconds:>15.1} {:>9.1} {:>13.1}", mebibytes(*idle), mebibytes(*loaded));
    }
    println!(
        "\n{:<9} {:<24} {:>8} {:>11} {:>8} {:>8} {:>10} {:>8}",
        "", "", "req/s", "CPU µs/req", "p50 ms", "p99 ms", "alone/s", "of it"
    );
    for row in tables.iter().flat_map(|(_, rows)| rows) {
        row.print();
    }
}

/// What there is to know of a server before and after its load.
struct Started {
    backend: &'static str,
    /// From spawning on an existing database to the first answer that it is ready.
    first_answer: Duration,
    /// Resident memory, in bytes.
    idle: u64,
    loaded: u64,
}

/// What one route did.
struct Row {
    backend: &'static str,
    route: &'static str,
    per_second: f64,
    cpu_micros: f64,
    p50: Duration,
    p99: Duration,
    /// What the database does alone.
    alone: Option<f64>,
}

impl Row {
    fn print(&self) {
        let Self { backend, route, per_second, cpu_micros, .. } = self;
        let [p50, p99] = [self.p50, self.p99].map(|latency| latency.as_secs_f64() * 1e3);
        let alone = self.alone.map_or("-".to_owned(), |rate| format!("{rate:.0}"));
        let ratio = self.alone.map_or("-".to_owned(), |rate| format!("{:.0} %", per_second / rate * 100.0));
        println!(
            "{backend:<9} {route:<24} {per_second:>8.0} {cpu_micros:>11.0} {p50:>8.2} {p99:>8.2} {alone:>10} {ratio:>8}"
        );
    }
}

fn measure(binary: &Path, is_other: bool, backend: Backend) -> (Started, Vec<Row>) {
    let options = ServerOptions::new(binary).backend(backend).setting("log.filter", "warn");
    // The shared test server does not sync; this one does, as in real life.
    let postgres = (backend == Backend::Postgres).then(|| Postgres::private(true).unwrap());
    let options = match &postgres {
        Some(postgres) => options.on_database(postgres.fresh_database(None)),
        None => options,
    };
    let server = Server::spawn(options.setting("limits.enabled", false));
    let mut app = App { client: server.client(), server };
    let users: Vec<User> = (0..CONNECTIONS).map(|_| app.user()).collect();
    let cookie = app.browser(&users[0].email, PASSWORD);
    let address: SocketAddr = app.server.url("").trim_start_matches("http://").parse().unwrap();

    app.server.terminate();
    app.server.wait_exit(Duration::from_mins(1));
    let waiting = thread::spawn(move || first_answer(address));
    app.server.start();
    let first_answer = waiting.join().unwrap();
    let idle = usage_of_child("selfsame").resident;

    let url = app.server.database_url();
    let database = app.server.database();
    if let Some(database) = database {
        database.query(pgbench::UPDATE_TABLES);
        database.query("ANALYZE");
    }
    let name = match backend {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
    };
    let reads = database.filter(|_| !is_other).map(|_| pgbench::scripts(&url, &cookie, &users[0].access));
    let read = |index: usize| reads.as_ref().map(|scripts| pgbench::run(&scripts[index], &url, CONNECTIONS, ROUND));
    let update = || match backend {
        Backend::Sqlite => Some(sqlite::updates_per_second(ROUND)),
        Backend::Postgres => Some(pgbench::run(&pgbench::update(), &url, CONNECTIONS, ROUND)),
    };
    let by_cookie = get("/me", &format!("cookie: session_id={cookie}"));
    let by_token = get("/api/v1/me", &bearer(&users[0]));
    let rows = vec![
        row(name, "GET /me, cookie", address, &|_, _| by_cookie.clone(), || read(0)),
        row(name, "GET /api/v1/me, bearer", address, &|_, _| by_token.clone(), || read(1)),
        row(name, "PATCH /api/v1/me, bearer", address, &|connection, count| rename(&users[connection], count), update),
    ];
    (Started { backend: name, first_answer, idle, loaded: usage_of_child("selfsame").resident }, rows)
}

fn row(
    backend: &'static str,
    route: &'static str,
    address: SocketAddr,
    requests: &Requests<'_>,
    alone: impl Fn() -> Option<f64>,
) -> Row {
    load(address, requests, CONNECTIONS, WARM_UP);
    let rounds: Vec<(Load, f64, Option<f64>)> = (0..ROUNDS)
        .map(|_| {
            let before = usage_of_child("selfsame").cpu;
            let load = load(address, requests, CONNECTIONS, ROUND);
            let cpu = usage_of_child("selfsame").cpu.saturating_sub(before);
            let cpu_micros = cpu.as_secs_f64() * 1e6 / load.requests();
            (load, cpu_micros, alone())
        })
        .collect();
    let median_of = |figure: fn(&(Load, f64, Option<f64>)) -> f64| median(rounds.iter().map(figure).collect());
    Row {
        backend,
        route,
        per_second: median_of(|(load, ..)| load.per_second()),
        cpu_micros: median_of(|(_, cpu_micros, _)| *cpu_micros),
        p50: Duration::from_secs_f64(median_of(|(load, ..)| load.quantile(0.5).as_secs_f64())),
        p99: Duration::from_secs_f64(median_of(|(load, ..)| load.quantile(0.99).as_secs_f64())),
        alone: rounds[0].2.map(|_| median_of(|(.., alone)| alone.unwrap_or_default())),
    }
}

fn bearer(user: &User) -> String {
    format!("authorization: Bearer {}", user.access)
}

/// Another name each time.
fn rename(user: &User, count: usize) -> String {
    let body = format!(r#"{{"display_name":"Ada {count}"}}"#);
    let (header, length) = (bearer(user), body.len());
    format!(
        "PATCH /api/v1/me HTTP/1.1\r\nhost: 127.0.0.1\r\n{header}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
}

fn get(path: &str, header: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{header}\r\n\r\n")
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files and processes are far below 2^53")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
