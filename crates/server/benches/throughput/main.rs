//! What reading an account costs, on this machine: the real binary on each database, asked for `/me` over 32 keep-alive
//! connections, beside what PostgreSQL alone can do with the very statement that the request runs.
//!
//! `cargo bench -p selfsame-server` runs it; `SELFSAME_BENCH_BINARY` names another binary to measure. Nothing is asserted
//! about speed: load generator, server and database share the machine's cores, so that requests per second are for
//! comparing within one run. CPU time per request hardly depends on what else runs. Access logging is off, because
//! whoever reads the log is on this machine too.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a program that prints a table")]

#[path = "../../tests/common/mod.rs"]
mod common;
mod load;
mod pgbench;
mod process;

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use common::{App, PASSWORD};
use selfsame_testing::server::{Backend, Server, ServerOptions, backends};

use self::{
    load::{Load, load},
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
    let binary =
        env::var_os("SELFSAME_BENCH_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_selfsame").into(), PathBuf::from);
    let cores = thread::available_parallelism().unwrap();
    println!("{}: {:.1} MiB", binary.display(), mebibytes(fs::metadata(&binary).unwrap().len()));
    println!("{CONNECTIONS} connections, {ROUNDS} rounds of {ROUND:?}, {cores} cores for everybody\n");
    let tables: Vec<(Started, Vec<Row>)> = backends().into_iter().map(|backend| measure(&binary, backend)).collect();
    println!("{:<9} {:>15} {:>9} {:>13}", "", "first answer ms", "idle MiB", "after load MiB");
    for (started, _) in &tables {
        let Started { backend, first_answer, idle, loaded } = started;
        let milliseconds = first_answer.as_secs_f64() * 1e3;
        println!("{backend:<9} {milliseconds:>15.1} {:>9.1} {:>13.1}", mebibytes(*idle), mebibytes(*loaded));
    }
    println!(
        "\n{:<9} {:<22} {:>8} {:>11} {:>8} {:>8} {:>10} {:>8}",
        "", "", "req/s", "CPU µs/req", "p50 ms", "p99 ms", "pgbench/s", "of it"
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
    pgbench: Option<f64>,
}

impl Row {
    fn print(&self) {
        let Self { backend, route, per_second, cpu_micros, .. } = self;
        let [p50, p99] = [self.p50, self.p99].map(|latency| latency.as_secs_f64() * 1e3);
        let alone = self.pgbench.map_or("-".to_owned(), |rate| format!("{rate:.0}"));
        let ratio = self.pgbench.map_or("-".to_owned(), |rate| format!("{:.0} %", per_second / rate * 100.0));
        println!(
            "{backend:<9} {route:<22} {per_second:>8.0} {cpu_micros:>11.0} {p50:>8.2} {p99:>8.2} {alone:>10} {ratio:>8}"
        );
    }
}

fn measure(binary: &Path, backend: Backend) -> (Started, Vec<Row>) {
    let options = ServerOptions::new(binary).backend(backend).setting("log.filter", "warn");
    let server = Server::spawn(options.setting("limits.enabled", false));
    let mut app = App { client: server.client(), server };
    let user = app.user();
    let cookie = app.browser(&user.email, PASSWORD);
    let address: SocketAddr = app.server.url("").trim_start_matches("http://").parse().unwrap();

    app.server.terminate();
    app.server.wait_exit(Duration::from_mins(1));
    let waiting = thread::spawn(move || first_answer(address));
    app.server.start();
    let first_answer = waiting.join().unwrap();
    let idle = usage_of_child("selfsame").resident;

    let backend = match backend {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
    };
    let routes = [
        ("GET /me, cookie", get("/me", &format!("cookie: session_id={cookie}"))),
        ("GET /api/v1/me, bearer", get("/api/v1/me", &format!("authorization: Bearer {}", user.access))),
    ];
    let scripts = app.server.database().map(|database| {
        database.query("ANALYZE");
        pgbench::scripts(&database.url, &cookie, &user.access)
    });
    let rows = routes.iter().enumerate().map(|(index, (route, request))| {
        let script = scripts.as_ref().map(|scripts| &scripts[index]);
        let alone = || script.map(|script| pgbench::run(script, &app.server.database_url(), CONNECTIONS, ROUND));
        row(backend, route, address, request, alone)
    });
    let rows = rows.collect();
    (Started { backend, first_answer, idle, loaded: usage_of_child("selfsame").resident }, rows)
}

fn row(
    backend: &'static str,
    route: &'static str,
    address: SocketAddr,
    request: &str,
    alone: impl Fn() -> Option<f64>,
) -> Row {
    load(address, request, CONNECTIONS, WARM_UP);
    let rounds: Vec<(Load, f64, Option<f64>)> = (0..ROUNDS)
        .map(|_| {
            let before = usage_of_child("selfsame").cpu;
            let load = load(address, request, CONNECTIONS, ROUND);
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
        pgbench: rounds[0].2.map(|_| median_of(|(.., alone)| alone.unwrap_or_default())),
    }
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
